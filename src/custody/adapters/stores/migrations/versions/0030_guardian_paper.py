"""Papers that guardians sent by the page, sealed under the child's own key."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0030_guardian_paper"
down_revision = "0029_restore_drill"
TABLES = ("guardian_paper",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
