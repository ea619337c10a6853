"""The core store on SQLite or PostgreSQL through SQLAlchemy Core: one schema, one contract, held by one suite on both."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

from custody.adapters.stores import touching
from custody.adapters.stores.alone import Lease, alone
from custody.adapters.stores.conditions import clauses
from custody.adapters.stores.counting import KEPT, Counts
from custody.adapters.stores.database import Asked, Database
from custody.adapters.stores.migrate import bring, lacking, newest, upgrade
from custody.adapters.stores.people import OF_PEOPLE
from custody.adapters.stores.postgres import PostgresDatabase
from custody.adapters.stores.schema import METADATA
from custody.adapters.stores.sqlite import SqliteDatabase
from custody.base.errors import Unavailable
from custody.ports.store import Cell, Condition, Row

_CHUNK: Final = 5_000
_ASKED: Final = 1_000
# Rows of 2 to 50 KB: as many as of other tables would be 10 to 250 MB.
_FEW: Final[Mapping[str, int]] = {"page": 64, "verdict_page": 64, "gate_page": 64}


class SqlTransaction:
    """See `ports.store.Transaction`."""

    def __init__(
        self, connection: sa.Connection, database: Database, may_keep: Callable[[], None] = lambda: None
    ) -> None:
        """`may_keep` raises when rows of people may not be added where this store lies."""
        self._connection, self._database, self._may_keep = connection, database, may_keep
        self._counts = Counts(connection)

    def settle(self) -> None:
        """Write what is kept until the end of a transaction."""
        self._counts.settle()

    def add(self, table: str, rows: Iterable[Row]) -> int:
        target, source, total = METADATA.tables[table], iter(rows), 0
        if table in OF_PEOPLE:
            self._may_keep()
        while chunk := list(islice(source, _FEW.get(table, _CHUNK))):
            _require_known(target, chunk)
            touching.added(self._connection, table, chunk)
            try:
                self._database.add(self._connection, target, chunk)
            except exc.IntegrityError as error:
                raise Unavailable("store.conflict", f"A row of {table} exists already.") from error
            self._counts.added(table, chunk)
            total += len(chunk)
        return total

    def find(self, table: str, *, order: Sequence[str] = (), **equal: Cell) -> list[Row]:
        return self.first(table, None, order=order, **equal)

    def first(
        self, table: str, most: int | None, where: Sequence[Condition] = (), start: int = 0, /, *, order: Sequence[str], **equal: Cell
    ) -> list[Row]:  # fmt: skip
        if not where and not start and most is None:
            result = self._connection.execute(_found(table, tuple(order), tuple(equal)), equal)
        else:
            result = self._connection.execute(_select(table, order, equal, where).limit(most).offset(start or None))
        return [dict(row) for row in result.mappings()]

    def scan(
        self, table: str, where: Sequence[Condition] = (), /, *, order: Sequence[str], **equal: Cell
    ) -> Iterator[Row]:
        asked = _select(table, order, equal, where)
        result = self._connection.execute(asked.execution_options(yield_per=_FEW.get(table, _CHUNK)))
        with closing(result):  # whoever stops half way leaves no cursor open
            for row in result.mappings():
                yield dict(row)

    def columns(
        self, table: str, names: Sequence[str], *, order: Sequence[str] = (), **equal: Cell
    ) -> Iterator[tuple[Cell, ...]]:
        yield from self._database.columns(self._connection, Asked(METADATA.tables[table], names, order, equal))

    def among(
        self, table: str, names: Sequence[str], column: str, values: Iterable[Cell], **equal: Cell
    ) -> Iterator[tuple[Cell, ...]]:
        target, source = METADATA.tables[table], iter(values)
        asked = Asked(target, names, (), equal).select(
            [*clauses(target, equal), target.c[column].in_(sa.bindparam("some", expanding=True))]
        )
        while some := list(islice(source, _ASKED)):
            yield from (tuple(row) for row in self._connection.execute(asked, {"some": some}))

    def change(self, table: str, values: Row, **equal: Cell) -> int:
        target = METADATA.tables[table]
        touching.changing(self._connection, table, equal)
        self._counts.changing(table, equal, values)
        if None in equal.values():  # what equals nothing is asked for otherwise
            return self._connection.execute(
                sa.update(target).where(*clauses(target, equal)).values(dict(values))
            ).rowcount
        told = {f"new_{name}": value for name, value in values.items()}
        told |= {f"key_{name}": value for name, value in equal.items()}
        return self._connection.execute(_changed(table, tuple(values), tuple(equal)), told).rowcount

    def drop(self, table: str, **equal: Cell) -> int:
        target = METADATA.tables[table]
        touching.changing(self._connection, table, equal)
        self._counts.dropping(table, equal)
        return self._connection.execute(sa.delete(target).where(*clauses(target, equal))).rowcount

    def drop_many(self, table: str, keys: Iterable[Row]) -> int:
        target, source, total = METADATA.tables[table], iter(keys), 0
        touching.changing(self._connection, table, {})
        while chunk := [{f"key_{name}": value for name, value in key.items()} for key in islice(source, _CHUNK)]:
            names = [name.removeprefix("key_") for name in chunk[0]]
            met = [target.c[name] == sa.bindparam(f"key_{name}") for name in names]
            total += self._connection.execute(sa.delete(target).where(*met), chunk).rowcount
        self._counts.dropped_some(table)
        return total

    def count(self, table: str, where: Sequence[Condition] = (), /, **equal: Cell) -> int:
        if not where and self._counts.knows(table, tuple(equal)):
            return self._counts.count(table, equal)
        if not where:
            return int(self._connection.execute(_counted(table, tuple(equal)), equal).scalar_one())
        target = METADATA.tables[table]
        query = sa.select(sa.func.count()).select_from(target).where(*clauses(target, equal, where))
        return int(self._connection.execute(query).scalar_one())

    def counts(self, table: str, column: str, where: Sequence[Condition] = (), /, **equal: Cell) -> Mapping[str, int]:
        if not where and self._counts.knows(table, (column, *equal)):
            return self._counts.by(table, column, equal)
        target = METADATA.tables[table]
        by = target.c[column]
        query = sa.select(by, sa.func.count()).where(*clauses(target, equal, where)).group_by(by).order_by(by)
        return {str(value): int(count) for value, count in self._connection.execute(query)}

    def groups(
        self, table: str, columns: Sequence[str], where: Sequence[Condition] = (), /, **equal: Cell
    ) -> Mapping[tuple[Cell, ...], int]:
        if not where and self._counts.knows(table, (*columns, *equal)):
            return self._counts.groups(table, columns, equal)
        target = METADATA.tables[table]
        by = [target.c[name] for name in columns]
        query = sa.select(*by, sa.func.count()).where(*clauses(target, equal, where)).group_by(*by)
        return {tuple(row[:-1]): int(row[-1]) for row in self._connection.execute(query)}

    def distinct(self, table: str, column: str, where: Sequence[Condition] = (), /, **equal: Cell) -> int:
        target = METADATA.tables[table]
        values = sa.select(target.c[column]).where(*clauses(target, equal, where)).distinct().subquery()
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(values)).scalar_one())

    def tables(self) -> Mapping[str, Sequence[str]]:
        return {
            name: [column.name for column in table.columns]
            for name, table in sorted(METADATA.tables.items())
            if table is not KEPT
        }

    def revision(self) -> str:
        return newest() or ""

    def lacking(self, revision: str) -> Sequence[str]:
        return lacking(revision)

    def bring(self, steps: Sequence[str]) -> None:
        self._counts.settle()
        bring(self._connection, steps)


class SqlStore:
    """See `ports.store.Store`. Opening it brings the schema up to date."""

    def __init__(self, url: str, secret: bytes | None = None, may_keep: Callable[[], None] = lambda: None) -> None:
        """`secret` is the password of a database server; `may_keep` raises when people's rows may not be added here."""
        self._database, self._may_keep = database(url, secret), may_keep
        self._held = threading.local()
        try:
            upgrade(self._database)
        except exc.DBAPIError as error:
            raise self._database.fault(error) from error

    @property
    def database(self) -> Database:
        """Where it lies, for what lies beside it."""
        return self._database

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        with self._begin(write=True) as connection:
            self._database.hold(connection)
            for lease in self._leases():
                lease.require(connection)
            made = SqlTransaction(connection, self._database, self._may_keep)
            yield made
            made.settle()

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        with self._begin(write=False) as connection:
            yield SqlTransaction(connection, self._database)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        with alone(self._database.engine, name) as lease:
            held = self._leases()
            self._held.leases = held if lease is None else [*held, lease]
            try:
                yield
            finally:
                self._held.leases = held

    def _leases(self) -> list[Lease]:
        """What this thread holds: others that use the same store hold what they hold."""
        return list(getattr(self._held, "leases", ()))

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def _begin(self, *, write: bool) -> Iterator[sa.Connection]:
        try:
            with self._database.engine.connect() as connection:
                ready = self._database.begin(connection, write=write)
                with ready.begin():
                    yield ready
        except (exc.OperationalError, exc.InterfaceError) as error:
            raise self._database.fault(error) from error


def database(url: str, secret: bytes | None) -> Database:
    """The one that a URL names. Raises Malformed `store.url`, `store.password-in-url`, Unavailable `store.driver`."""
    return SqliteDatabase(url) if is_file(url) else PostgresDatabase(url, secret)


def is_file(url: str) -> bool:
    """Whether a store lies in a file of this host."""
    return url.startswith("sqlite:")


def _require_known(target: sa.Table, rows: Sequence[Row]) -> None:
    """A fast path takes what it knows from each row: what it does not know must not get lost."""
    if unknown := set[str]().union(*rows) - set(target.c.keys()):
        raise exc.InvalidRequestError(f"{target.name} has no column {min(unknown)}.")


@lru_cache(maxsize=1_024)
def _found(table: str, order: tuple[str, ...], columns: tuple[str, ...]) -> sa.Select[Any]:
    """The statement of `find`, made once a process: to make it costs as much as to run it."""
    target = METADATA.tables[table]
    same = (target.c[column] == sa.bindparam(column, type_=target.c[column].type) for column in columns)
    return sa.select(target).where(*same).order_by(*(_ordered(target, column) for column in order))


@lru_cache(maxsize=1_024)
def _counted(table: str, columns: tuple[str, ...]) -> sa.Select[Any]:
    """The same of `count`."""
    target = METADATA.tables[table]
    same = (target.c[column] == sa.bindparam(column, type_=target.c[column].type) for column in columns)
    return sa.select(sa.func.count()).select_from(target).where(*same)


@lru_cache(maxsize=1_024)
def _changed(table: str, values: tuple[str, ...], columns: tuple[str, ...]) -> sa.Update:
    """The same of `change`."""
    target = METADATA.tables[table]
    same = (target.c[column] == sa.bindparam(f"key_{column}", type_=target.c[column].type) for column in columns)
    told = {name: sa.bindparam(f"new_{name}", type_=target.c[name].type) for name in values}
    return sa.update(target).where(*same).values(told)


def _select(
    table: str, order: Sequence[str], equal: dict[str, Cell], where: Sequence[Condition] = ()
) -> sa.Select[Any]:
    target = METADATA.tables[table]
    return (
        sa.select(target)
        .where(*clauses(target, equal, where))
        .order_by(*(_ordered(target, column) for column in order))
    )


def _ordered(target: sa.Table, column: str) -> sa.ColumnElement[Any]:
    return target.c[column[1:]].desc() if column.startswith("-") else target.c[column]
