"""Keeping values right: policies, what a review doubts, who confirmed."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0014_freshness"
down_revision = "0013_api"
TABLES = ("freshness_policy", "doubt", "confirmed")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
