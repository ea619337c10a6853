"""Signatures of house files that loosen the law."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0007_law_signature"
down_revision = "0006_people"
TABLES = ("law_signature",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
