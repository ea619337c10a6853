"""Machines: tokens, and answers to what must be done once."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0013_api"
down_revision = "0012_request_step"
TABLES = ("api_token", "api_once")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
