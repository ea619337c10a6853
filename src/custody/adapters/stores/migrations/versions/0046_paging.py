"""Pages read what they show: indexes and kept counts of what is on file, and the digest of a campaign's people (ADR 0104)."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.counting import recount
from custody.adapters.stores.schema import METADATA

revision = "0046_paging"
down_revision = "0041_campaign_planned_by"
INDEXED = ("evidence", "answer", "quarantine")
_TABLE, _NEW = "campaign", "people"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks, and count what is on file; one that was made today has it."""
    base = op.get_bind()
    if _NEW not in {one["name"] for one in sa.inspect(base).get_columns(_TABLE)}:
        op.add_column(_TABLE, sa.Column(_NEW, METADATA.tables[_TABLE].c[_NEW].type, nullable=False, server_default=""))
    for name in INDEXED:
        for index in METADATA.tables[name].indexes:
            index.create(base, checkfirst=True)
    bring(base)


def bring(base: sa.Connection) -> None:
    """Count what is on file."""
    recount(base, "evidence")
