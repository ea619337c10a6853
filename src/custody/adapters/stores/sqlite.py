"""The core store in a SQLite file.

`isolation_level=None` and explicit `BEGIN IMMEDIATE`, else DDL leaks out of roll-backs; every commit is synced to disk
(`synchronous=FULL`) because an acknowledged act must survive a power cut.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.sql.compiler import SQLCompiler

from custody.adapters.stores.conditions import clauses
from custody.adapters.stores.database import Asked, busy, failed
from custody.adapters.stores.engines import ENGINES
from custody.base.errors import Unavailable
from custody.ports.store import Cell, Row

_BUSY_SECONDS: Final = 10
_MANY: Final = 64


class SqliteDatabase:
    """See `database.Database`."""

    def __init__(self, url: str) -> None:
        self.engine = ENGINES.of(url, None, lambda: _engine(url))

    def close(self) -> None:
        ENGINES.let_go(self.engine)

    def prepare(self, connection: sa.Connection) -> None:
        """A file needs nothing."""

    def begin(self, connection: sa.Connection, *, write: bool) -> sa.Connection:
        connection.info["begin"] = "BEGIN IMMEDIATE" if write else "BEGIN"
        return connection

    def hold(self, connection: sa.Connection) -> None:
        """`BEGIN IMMEDIATE` did it."""

    def add(self, connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
        """By the driver: what SQLAlchemy does to each value of a row costs more than the row."""
        if len(rows) < _MANY:
            connection.execute(sa.insert(table), [dict(row) for row in rows])
            return
        told = [(column.name, getattr(column.default, "arg", None)) for column in table.columns]
        names, marks = ", ".join(f'"{name}"' for name, _ in told), ", ".join("?" * len(told))
        cells = [tuple([row.get(name, default) for name, default in told]) for row in rows]
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', cells)

    def columns(self, connection: sa.Connection, asked: Asked) -> Iterator[tuple[Cell, ...]]:
        """SQLite's own cursor, in this transaction: half of the time would go into rows that nobody needs."""
        compiled = asked.select(_as_it_lies(asked)).compile(dialect=connection.dialect)
        assert isinstance(compiled, SQLCompiler)
        values = [compiled.params[name] for name in compiled.positiontup or ()]
        driver = connection.connection.driver_connection
        assert driver is not None
        # Whoever stops half way may be let go after the store was closed: `chain` has no close, which a cursor would refuse then.
        yield from chain(driver.execute(str(compiled), values))

    def fault(self, error: exc.DBAPIError) -> Unavailable:
        return busy() if "locked" in str(error.orig) else failed()


def _as_it_lies(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Without an order the table is read as it lies: through its index each row would be looked up on its own."""
    if asked.order:
        return clauses(asked.table, asked.equal)
    name = asked.table.name
    return [sa.literal_column(f"+{name}.{column}") == value for column, value in asked.equal.items()]


def _engine(url: str) -> sa.Engine:
    made = sa.create_engine(url, max_overflow=-1)
    event.listen(made, "connect", _connect)
    event.listen(made, "checkout", _same_file)
    event.listen(made, "begin", _begin)
    return made


def _connect(connection: Any, record: Any) -> None:  # noqa: ANN401 - the driver's own objects
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    record.info["path"] = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["file"] = _file(record.info["path"])


def _same_file(_connection: object, record: Any, _proxy: object) -> None:  # noqa: ANN401 - the driver's own object
    """A kept connection whose file another has replaced since, as a restore does, gives way to a new one."""
    if record.info["file"] != _file(record.info["path"]):
        raise exc.DisconnectionError


def _file(path: str) -> tuple[int, int] | None:
    """Which file lies there."""
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.info.pop("begin", "BEGIN IMMEDIATE"))
