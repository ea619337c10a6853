"""What was done for a request, and which of it its end rests on."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0025_request_act"
down_revision = "0024_row_count"
TABLES = ("request_act",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
