"""The vault whole: corrections, places of backups, holders of recovery shares, the index's outbox, look-ups."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0002_vault"
down_revision = "0001"
TABLES = ("revision", "backup_place", "holder", "threshold", "unindexed", "looked_up")


def upgrade() -> None:
    """Create what a store of the first schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
