"""Records that share an identifier, what people say of a pair, and of whom it was sought when (spec/law.md §7)."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0058_twins"
down_revision = "0060_earlier_no"
TABLES = ("twin", "twin_said", "sought")


def upgrade() -> None:
    """Made as the newest schema has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
