"""Where the roots of invitations' keys lie (spec/package.md §5). Of one that was made before, nobody knows but by its label."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0034_deal_root"
down_revision = "0033_erasure_key"
TABLES = ("deal_root",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[TABLES[0]]])
