"""How many rows of a large table there are of each kind, kept beside them."""

from alembic import op

from custody.adapters.stores.counting import COUNTED, recount
from custody.adapters.stores.schema import METADATA

revision = "0024_row_count"
down_revision = "0023_residency_exception"


def upgrade() -> None:
    """Create what a store of an earlier schema lacks, and count what it holds; one that was made today is empty."""
    base = op.get_bind()
    METADATA.create_all(base, tables=[METADATA.tables["row_count"]])
    for table in COUNTED:
        recount(base, table)
