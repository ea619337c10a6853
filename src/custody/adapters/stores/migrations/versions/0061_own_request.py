"""By which name of its own a company has a request that came by several deals into several vaults (spec/requests.md §4)."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0061_own_request"
down_revision = "0059_sent_to_guardian"
_TABLE, _NEW = "request_passed", "own"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    if _NEW not in {one["name"] for one in sa.inspect(op.get_bind()).get_columns(_TABLE)}:
        kind = METADATA.tables[_TABLE].c[_NEW].type
        op.add_column(_TABLE, sa.Column(_NEW, kind, nullable=False, server_default=""))
