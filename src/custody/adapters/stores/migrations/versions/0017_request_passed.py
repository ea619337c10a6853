"""Requests that go on across a sale."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0017_request_passed"
down_revision = "0016_entry_about"
TABLES = ("request_passed",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
