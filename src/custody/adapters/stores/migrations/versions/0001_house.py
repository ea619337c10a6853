"""The first schema: parties, evidence, work, vaults, matters."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table the first release knows."""
    METADATA.create_all(op.get_bind())
