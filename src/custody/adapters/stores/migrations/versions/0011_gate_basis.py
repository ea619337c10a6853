"""What a gate rests on, and whom a write has touched since."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0011_gate_basis"
down_revision = "0010_page_leaf"
TABLES = ("gate_kept", "gate_page", "touched")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
