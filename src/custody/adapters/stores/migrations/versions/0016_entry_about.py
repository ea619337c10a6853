"""What each entry of the ledger is about, and customers counted by an index."""

from itertools import chain

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from custody.acts.entries import about_rows
from custody.adapters.stores.schema import METADATA

revision = "0016_entry_about"
down_revision = "0015_corrections"
_BATCH = 5_000


def upgrade() -> None:
    """Create what a store of an earlier schema lacks, and note what its entries are about; one that was made today is empty."""
    base, about = op.get_bind(), METADATA.tables["entry_about"]
    METADATA.create_all(base, tables=[about])
    for index in METADATA.tables["subject"].indexes:
        index.create(base, checkfirst=True)
    bring(base)


def bring(base: sa.Connection) -> None:
    """Note what the entries are about that are in the store; done twice it is done once."""
    about = METADATA.tables["entry_about"]
    insert = (postgresql.insert if base.dialect.name == "postgresql" else sqlite.insert)(about).on_conflict_do_nothing()
    for part in base.execute(_ENTRIES.execution_options(yield_per=_BATCH)).partitions():
        rows = list(chain.from_iterable(about_rows(*row) for row in part))
        if rows:
            base.execute(insert, rows)


_ENTRY, _OPENING = METADATA.tables["ledger_entry"], METADATA.tables["opening"]
_ENTRIES = sa.select(_ENTRY.c.space, _ENTRY.c.position, _ENTRY.c.entry, _OPENING.c.detail).join_from(
    _ENTRY, _OPENING, (_ENTRY.c.space == _OPENING.c.space) & (_ENTRY.c.position == _OPENING.c.position)
)
