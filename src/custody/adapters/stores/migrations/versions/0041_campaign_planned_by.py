"""Who planned a campaign, and so is no second person for it (spec/campaigns.md §2). Of one that was planned before, nobody knows."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0041_campaign_planned_by"
down_revision = "0037_old_address"
_TABLE, _NEW = "campaign", "planned_by"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(_TABLE)}
    if _NEW not in there:
        kind = METADATA.tables[_TABLE].c[_NEW].type
        op.add_column(_TABLE, sa.Column(_NEW, kind, nullable=False, server_default=""))
