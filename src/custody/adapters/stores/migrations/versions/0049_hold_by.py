"""Who set a hold, and so ends it alone (spec/vault.md §22). Of one that was set before nobody knows: two people end it."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0049_hold_by"
down_revision = "0044_customer_work"
_TABLE, _NEW = "hold", "by"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(_TABLE)}
    if _NEW not in there:
        kind = METADATA.tables[_TABLE].c[_NEW].type
        op.add_column(_TABLE, sa.Column(_NEW, kind, nullable=False, server_default=""))
