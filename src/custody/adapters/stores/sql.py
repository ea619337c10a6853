"""The core store on SQLite or PostgreSQL through SQLAlchemy Core.

SQLite runs with `isolation_level=None` and explicit `BEGIN IMMEDIATE`, else DDL leaks out of roll-backs; every commit
is synced to disk (`synchronous=FULL`) because an acknowledged act must survive a power cut.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.sql.compiler import SQLCompiler

from custody.adapters.stores.alone import alone
from custody.adapters.stores.migrate import upgrade
from custody.adapters.stores.schema import METADATA
from custody.base.errors import Unavailable
from custody.ports.store import Cell, Row

_CHUNK: Final = 5_000
_BUSY_SECONDS: Final = 10


class SqlTransaction:
    """See `ports.store.Transaction`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, table: str, rows: Iterable[Row]) -> int:
        target, source, total = METADATA.tables[table], iter(rows), 0
        while chunk := [dict(row) for row in islice(source, _CHUNK)]:
            try:
                self._connection.execute(sa.insert(target), chunk)
            except exc.IntegrityError as error:
                raise Unavailable("store.conflict", f"A row of {table} exists already.") from error
            total += len(chunk)
        return total

    def find(self, table: str, *, order: Sequence[str] = (), **equal: Cell) -> list[Row]:
        return [dict(row) for row in self._connection.execute(_select(table, order, equal)).mappings()]

    def scan(self, table: str, *, order: Sequence[str], **equal: Cell) -> Iterator[Row]:
        result = self._connection.execute(_select(table, order, equal).execution_options(yield_per=_CHUNK))
        for row in result.mappings():
            yield dict(row)

    def columns(
        self, table: str, names: Sequence[str], *, order: Sequence[str] = (), **equal: Cell
    ) -> Iterator[tuple[Cell, ...]]:
        target = METADATA.tables[table]
        # Values come as the driver gives them: a converter per cell costs as much as reading it.
        chosen = [sa.type_coerce(target.c[name], sa.types.NULLTYPE).label(name) for name in names]
        query = sa.select(*chosen).where(*self._as_it_lies(table, order, equal))
        ordered = query.order_by(*(target.c[name] for name in order))
        if self._connection.dialect.name == "sqlite":
            yield from self._driven(ordered)
            return
        for part in self._connection.execute(ordered.execution_options(yield_per=_CHUNK)).partitions():
            yield from part

    def _driven(self, query: sa.ClauseElement) -> Iterator[tuple[Cell, ...]]:
        """SQLite's own cursor, in this transaction: half of the time would go into rows that nobody needs."""
        compiled = query.compile(dialect=self._connection.dialect)
        assert isinstance(compiled, SQLCompiler)
        values = [compiled.params[name] for name in compiled.positiontup or ()]
        driver = self._connection.connection.driver_connection
        assert driver is not None
        yield from driver.execute(str(compiled), values)

    def _as_it_lies(self, table: str, order: Sequence[str], equal: dict[str, Cell]) -> list[sa.ColumnElement[bool]]:
        """Without an order the table is read as it lies: through its index each row would be looked up on its own."""
        if order or self._connection.dialect.name != "sqlite":
            return _where(METADATA.tables[table], equal)
        return [sa.literal_column(f"+{table}.{column}") == value for column, value in equal.items()]

    def change(self, table: str, values: Row, **equal: Cell) -> int:
        target = METADATA.tables[table]
        return self._connection.execute(sa.update(target).where(*_where(target, equal)).values(dict(values))).rowcount

    def drop(self, table: str, **equal: Cell) -> int:
        target = METADATA.tables[table]
        return self._connection.execute(sa.delete(target).where(*_where(target, equal))).rowcount

    def drop_many(self, table: str, keys: Iterable[Row]) -> int:
        target, source, total = METADATA.tables[table], iter(keys), 0
        while chunk := [{f"key_{name}": value for name, value in key.items()} for key in islice(source, _CHUNK)]:
            names = [name.removeprefix("key_") for name in chunk[0]]
            where = [target.c[name] == sa.bindparam(f"key_{name}") for name in names]
            total += self._connection.execute(sa.delete(target).where(*where), chunk).rowcount
        return total

    def count(self, table: str, **equal: Cell) -> int:
        target = METADATA.tables[table]
        query = sa.select(sa.func.count()).select_from(target).where(*_where(target, equal))
        return int(self._connection.execute(query).scalar_one())

    def tables(self) -> Mapping[str, Sequence[str]]:
        return {name: [column.name for column in table.columns] for name, table in sorted(METADATA.tables.items())}


class SqlStore:
    """See `ports.store.Store`. Opening it brings the schema up to date."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        try:
            upgrade(self._engine)
        except exc.OperationalError as error:
            raise _unavailable(error) from error

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        with self._begin("BEGIN IMMEDIATE") as connection:
            yield SqlTransaction(connection)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        with self._begin("BEGIN") as connection:
            yield SqlTransaction(connection)

    def alone(self, name: str) -> AbstractContextManager[None]:
        return alone(self._engine, name)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _begin(self, words: str) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                connection.info["begin"] = words
                with connection.begin():
                    yield connection
        except exc.OperationalError as error:
            raise _unavailable(error) from error


def _engine(url: str) -> sa.Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own object
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.info.pop("begin", "BEGIN IMMEDIATE"))


def _where(table: sa.Table, equal: dict[str, Cell]) -> list[sa.ColumnElement[bool]]:
    return [table.c[column] == value for column, value in equal.items()]


def _select(table: str, order: Sequence[str], equal: dict[str, Cell]) -> sa.Select[Any]:
    target = METADATA.tables[table]
    return sa.select(target).where(*_where(target, equal)).order_by(*(target.c[column] for column in order))


def _unavailable(error: exc.OperationalError) -> Unavailable:
    if "locked" in str(error.orig):
        return Unavailable("store.busy", "Another writer holds the store.", retry=True, next="Run the command again.")
    return Unavailable("store.failed", "The store did not answer.", next="Look at its file, space and rights.")
