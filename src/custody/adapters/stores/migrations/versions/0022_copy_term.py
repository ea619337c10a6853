"""Until when a copy may lie, where, and who keeps it."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0022_copy_term"
down_revision = "0021_work_owner"
TABLES = ("copy_term",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
