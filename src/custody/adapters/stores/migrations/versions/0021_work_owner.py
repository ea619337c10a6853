"""Who sees to open work, and until which day."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0021_work_owner"
down_revision = "0020_seeking"
TABLES = ("work_owner",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
