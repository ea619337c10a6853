"""What a processor has its copy for."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0027_copy_purpose"
down_revision = "0026_request_bounds"
TABLES = ("copy_purpose",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
