"""Rehearsals of a restore, and what they came to."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0029_restore_drill"
down_revision = "0028_quarantine_end"
TABLES = ("restore_drill",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
