"""Whose message is for a guardian by the law that binds them (spec/campaigns.md §3). Of one planned before, who is under 14 alone."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0059_sent_to_guardian"
down_revision = "0058_twins"
_TABLE, _NEW = "sending", "guardian"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(_TABLE)}
    if _NEW not in there:
        kind = METADATA.tables[_TABLE].c[_NEW].type
        op.add_column(_TABLE, sa.Column(_NEW, kind, nullable=False, server_default="0"))
