"""Stores as an earlier release left them: the tables that it knew and no other, and rows in every one."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from alembic.script import Script, ScriptDirectory

from custody.adapters.stores import migrate
from custody.adapters.stores.schema import METADATA
from custody.adapters.stores.sql import database
from custody.base import canonical

ROWS = 3
MADE = {"0016_entry_about": ("entry_about",), "0024_row_count": ("row_count",)}
"""What migrations make that say so in no `TABLES`."""
INDEXED = {
    "0016_entry_about": ("subject",),
    "0020_seeking": ("request", "doubt"),
    "0033_erasure_key": ("erasure",),
    "0046_paging": ("evidence", "answer", "quarantine"),
}
"""Tables of before that got an index."""
LEASE = "0005_retention"
"""Which migration took the table `lease` away."""


def scripts() -> list[Script]:
    """Every migration, the first one first."""
    folder = ScriptDirectory(str(migrate._SCRIPTS))
    return list(folder.walk_revisions())[::-1]


def after(revision: str) -> list[Script]:
    """Those that a store of this revision lacks."""
    every = scripts()
    return every[[one.revision for one in every].index(revision) + 1 :]


def made_by(one: Script) -> tuple[str, ...]:
    """The tables that a migration makes."""
    return MADE.get(one.revision) or tuple(getattr(one.module, "TABLES", ()))


def make(at, revision: str) -> None:
    """A store of this revision, with rows."""
    base = database(at.url, at.secret)
    migrate.upgrade(base)
    later = after(revision)
    gone = [METADATA.tables[name] for one in later for name in made_by(one)]
    with base.engine.begin() as connection:
        METADATA.drop_all(connection, tables=gone)
        for name in (name for one in later for name in INDEXED.get(one.revision, ())):
            for index in METADATA.tables[name].indexes:
                index.drop(connection, checkfirst=True)
        if LEASE in {one.revision for one in later}:
            connection.execute(sa.text("CREATE TABLE lease (name TEXT)"))
            connection.execute(sa.text("INSERT INTO lease VALUES ('main')"))
        for table in METADATA.sorted_tables:
            if table not in gone:
                connection.execute(sa.insert(table), [_row(table, number) for number in range(ROWS)])
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :one"), {"one": revision})
    base.engine.dispose()


def _row(table: sa.Table, number: int) -> dict[str, object]:
    row = {column.name: _cell(column, number) for column in table.columns}
    if table.name == "ledger_entry":
        row["entry"] = canonical.encode({"kind": "told", "says": {"matter": f"mat_{number}"}})
    if table.name == "opening":
        row["detail"] = canonical.encode({"principal": f"prn_{number}"})
    return row


def _cell(column: sa.Column, number: int) -> object:
    if isinstance(column.type, sa.LargeBinary):
        return number.to_bytes(16) + column.name.encode()
    return number if isinstance(column.type, sa.Integer) else f"{column.name} {number}"


def content(at) -> Mapping[str, list[tuple[object, ...]]]:
    """Every row of every table, whoever made it."""
    base = database(at.url, at.secret)
    with base.engine.connect() as connection:
        told = dict(_tables(connection))
    base.engine.dispose()
    return told


def _tables(connection: sa.Connection) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    for name in sa.inspect(connection).get_table_names():
        known = METADATA.tables.get(name)
        table = sa.Table(name, sa.MetaData(), autoload_with=connection) if known is None else known
        cells = (
            tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
            for row in connection.execute(sa.select(table))
        )
        yield name, sorted(cells, key=repr)
