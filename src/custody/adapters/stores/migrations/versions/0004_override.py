"""Overrides of a rule, kept for ever."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0004_override"
down_revision = "0003_released"
TABLES = ("override",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
