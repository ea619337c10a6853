"""What each release let go: its slots and its rows."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0003_released"
down_revision = "0002_vault"
TABLES = ("released_page", "released_table")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
