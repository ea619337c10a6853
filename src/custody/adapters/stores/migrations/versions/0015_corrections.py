"""Corrections and who has to know of them."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0015_corrections"
down_revision = "0014_freshness"
TABLES = ("correction", "correction_to")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
