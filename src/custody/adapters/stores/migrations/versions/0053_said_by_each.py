"""How a request that was passed on ended at each company that has its person (spec/requests.md §4). Of one passed before nobody has said so yet."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0053_said_by_each"
down_revision = "0051_parted"
_TABLE, _NEW = "request_passed", ("said", "said_at", "refused_by")


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(_TABLE)}
    for name in _NEW:
        if name not in there:
            kind = METADATA.tables[_TABLE].c[name].type
            op.add_column(_TABLE, sa.Column(name, kind, nullable=False, server_default=""))
