"""The people whose data it is: links, answers, requests, what they are told."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0006_people"
down_revision = "0005_retention"
TABLES = ("link", "answer", "request", "told")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
