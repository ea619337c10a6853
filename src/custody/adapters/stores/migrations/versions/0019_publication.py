"""Public notices and for whom they stand in."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0019_publication"
down_revision = "0018_letter_code"
TABLES = ("publication", "publication_for")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
