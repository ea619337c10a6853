"""An index by which it is asked whether a key was erased: for each key of a later release, whoever comes with it."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0033_erasure_key"
down_revision = "0032_deal_member"


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has it."""
    for index in METADATA.tables["erasure"].indexes:
        index.create(op.get_bind(), checkfirst=True)
