"""Exceptions that let a place abroad hold data until a day."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0023_residency_exception"
down_revision = "0022_copy_term"
TABLES = ("residency_exception",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
