"""What entries of the ledger say happened, by key, and indexes by which requests and doubts are listed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from custody.acts.entries import KIND, about_rows
from custody.adapters.stores.schema import METADATA

revision = "0020_seeking"
down_revision = "0019_publication"
_BATCH = 5_000


def upgrade() -> None:
    """Create what a store of an earlier schema lacks, and note what its entries say; one that was made today is empty."""
    base = op.get_bind()
    for table in ("request", "doubt"):
        for index in METADATA.tables[table].indexes:
            index.create(base, checkfirst=True)
    bring(base)


def bring(base: sa.Connection) -> None:
    """Note what the entries say that are in the store; done twice it is done once."""
    entry, about = METADATA.tables["ledger_entry"], METADATA.tables["entry_about"]
    insert = (postgresql.insert if base.dialect.name == "postgresql" else sqlite.insert)(about).on_conflict_do_nothing()
    entries = sa.select(entry.c.space, entry.c.position, entry.c.entry).execution_options(yield_per=_BATCH)
    for part in base.execute(entries).partitions():
        told = (one for row in part for one in about_rows(*row, b"") if one["topic"] == KIND)
        base.execute(insert, list(told))
