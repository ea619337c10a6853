"""How many rows of a large table there are of each kind, kept beside them."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.counting import COUNTED, recount
from custody.adapters.stores.schema import METADATA

revision = "0024_row_count"
down_revision = "0023_residency_exception"


def upgrade() -> None:
    """Create what a store of an earlier schema lacks, and count what it holds; one that was made today is empty."""
    base = op.get_bind()
    METADATA.create_all(base, tables=[METADATA.tables["row_count"]])
    bring(base)


def bring(base: sa.Connection) -> None:
    """Count what is in the store."""
    for table in COUNTED:
        recount(base, table)
