"""Codes of letters, as nobody can read them back."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0018_letter_code"
down_revision = "0017_request_passed"
TABLES = ("letter_code",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
