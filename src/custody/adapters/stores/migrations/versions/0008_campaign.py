"""Campaigns: what is written to whom, and what became of each message."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0008_campaign"
down_revision = "0007_law_signature"
TABLES = ("campaign", "sending")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
