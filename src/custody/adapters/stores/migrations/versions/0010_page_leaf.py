"""The leaf hash of each key page, beside the page."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0010_page_leaf"
down_revision = "0009_access"
TABLES = ("page_leaf",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has it. Leaves of older pages are made as they are met."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
