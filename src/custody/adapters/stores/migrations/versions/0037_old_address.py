"""The message that tells an old address of a correction: our name for it, and what the relay answered (spec/freshness.md §4a)."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0037_old_address"
down_revision = "0035_campaign_way"
_NEW = ("message_id", "reply")


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns("correction_to")}
    for name in (name for name in _NEW if name not in there):
        kind = METADATA.tables["correction_to"].c[name].type
        op.add_column("correction_to", sa.Column(name, kind, nullable=False, server_default=""))
