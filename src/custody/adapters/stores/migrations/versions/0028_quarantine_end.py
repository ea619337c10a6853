"""What became of rows that were set aside."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0028_quarantine_end"
down_revision = "0027_copy_purpose"
TABLES = ("quarantine_end",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
