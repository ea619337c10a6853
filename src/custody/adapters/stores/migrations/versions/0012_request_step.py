"""What was done to the clock of a request."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0012_request_step"
down_revision = "0011_gate_basis"
TABLES = ("request_step",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
