"""Whether anything of somebody whose keys went had gone to the buyer of a deal (spec/portal.md §3)."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0051_parted"
down_revision = "0049_hold_by"
TABLES = ("parted",)


def upgrade() -> None:
    """Made as the newest schema has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
