"""Access: policies, what people hold until a day, and each look as it was decided."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0009_access"
down_revision = "0008_campaign"
TABLES = ("access_policy", "entitlement", "access_decision")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
