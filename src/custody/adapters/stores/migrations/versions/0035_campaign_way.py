"""By which relay or gateway a campaign goes (spec/campaigns.md §2). Of one that was planned before, nobody said: it is said and approved before more of it goes."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0035_campaign_way"
down_revision = "0038_deal_root_attested"
_TABLE, _NEW = "campaign", "way"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(_TABLE)}
    if _NEW not in there:
        kind = METADATA.tables[_TABLE].c[_NEW].type
        op.add_column(_TABLE, sa.Column(_NEW, kind, nullable=False, server_default=""))
