"""What people said no to over an older vault, by the vault that they were sealed into anew (spec/consent.md §2)."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0060_earlier_no"
down_revision = "0055_replied"
TABLES = ("earlier_no",)


def upgrade() -> None:
    """Made as the newest schema has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
