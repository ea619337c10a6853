"""The core store in a schema of a PostgreSQL database, version 14 or newer.

`postgresql://USER@HOST:PORT/DATABASE?schema=NAME`; the password stands in a file, never in the URL. Each home has a schema
of its own. As on SQLite there is one writer at a time, by a lock that is let go with the transaction, whatever becomes of
the process; so a writer sees what the one before left, and a reader one state that nobody changes under it.
"""

import hashlib
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

from custody.adapters.stores.conditions import clauses
from custody.adapters.stores.database import Asked, busy, failed
from custody.adapters.stores.engines import ENGINES
from custody.base.errors import Malformed, Unavailable
from custody.ports.store import Cell, Row

_OLDEST: Final = 140_000
_BUSY: Final = "10s"
_COPY_FROM: Final = 64
_STREAM: Final = 5_000
_LOCK_NOT_AVAILABLE: Final = "55P03"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,47}")
_LOCAL: Final = frozenset(("", "localhost", "127.0.0.1", "::1"))
_MODES: Final = {"off": "disable", "on": "require", "verify": "verify-full"}
_COMMON: Final = "-c timezone=UTC -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
# A server whose commits are not synced would lose acts that were acknowledged; a stricter setting than `on` stays.
_DURABLE: Final = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')"


class PostgresDatabase:
    """See `database.Database`. Raises Malformed `store.url`, `store.password-in-url`, Unavailable `store.driver`."""

    def __init__(self, url: str, secret: bytes | None) -> None:
        self.schema, arguments, plain = _parse(url)
        self._driver()
        if secret is not None:
            arguments["password"] = secret.decode()
        self.engine = ENGINES.of(url, secret, lambda: sa.create_engine(plain, connect_args=arguments, max_overflow=-1, pool_pre_ping=True))  # fmt: skip
        self._lock = int.from_bytes(
            hashlib.sha256(b"custody/store/1\0" + self.schema.encode()).digest()[:8], signed=True
        )

    def close(self) -> None:
        ENGINES.let_go(self.engine)

    def prepare(self, connection: sa.Connection) -> None:
        self._require_version(connection)
        self.hold(connection)
        there = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
        if connection.execute(there, {"name": self.schema}).first() is None:
            connection.execute(sa.schema.CreateSchema(self.schema))

    def begin(self, connection: sa.Connection, *, write: bool) -> sa.Connection:
        # A writer is alone, so what each of its statements sees is one state; a snapshot would be older than its lock.
        level = "READ COMMITTED" if write else "REPEATABLE READ"
        return connection.execution_options(isolation_level=level, postgresql_readonly=not write)

    def hold(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(_DURABLE)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_BUSY}'")
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": self._lock})
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")

    def add(self, connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
        if len(rows) < _COPY_FROM:
            connection.execute(sa.insert(table), [dict(row) for row in rows])
            return
        psycopg = self._driver()
        driver = connection.connection.driver_connection
        assert driver is not None
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        try:
            with (
                driver.cursor() as cursor,
                cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)') as to,
            ):
                to.set_types([_TYPES[type(column.type)] for column in table.columns])
                for cells in _cells(table, rows):
                    to.write_row(cells)
        except psycopg.IntegrityError as error:
            raise exc.IntegrityError(None, None, error) from None
        except psycopg.OperationalError as error:
            raise exc.OperationalError(None, None, error) from None

    def columns(self, connection: sa.Connection, asked: Asked) -> Iterator[tuple[Cell, ...]]:
        query = asked.select(clauses(asked.table, asked.equal)).execution_options(yield_per=_STREAM)
        with closing(connection.execute(query)) as result:  # whoever stops half way leaves no cursor open
            for part in result.partitions():
                yield from (tuple(row) for row in part)

    def fault(self, error: exc.DBAPIError) -> Unavailable:
        return busy() if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE else failed()

    def _require_version(self, connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        if driver.info.server_version < _OLDEST:
            raise Unavailable(
                "store.version", "This PostgreSQL is older than version 14.", next="Use a newer server for the store."
            )

    @staticmethod
    def _driver() -> Any:  # noqa: ANN401 - the driver is an extra of the installation, known when it is asked for
        try:
            return importlib.import_module("psycopg")
        except ImportError as error:
            raise Unavailable("store.driver", "The driver for PostgreSQL is not installed.",
                              next="pip install 'custody[postgres]'") from error  # fmt: skip


_TYPES: Final[dict[type, str]] = {sa.Text: "text", sa.BigInteger: "int8", sa.LargeBinary: "bytea"}


def _cells(table: sa.Table, rows: Sequence[Row]) -> Iterator[list[Cell]]:
    """Each row's cells in the table's order: absent ones by their default, each of the type that its column has."""
    told: list[tuple[str, Cell, type | None]] = []
    for column in table.columns:
        default: Cell = getattr(column.default, "arg", None)
        kind = {sa.Text: str, sa.BigInteger: int}.get(type(column.type))
        told.append((column.name, default, kind))
    for row in rows:
        found = ((row.get(name, default), kind) for name, default, kind in told)
        yield [cell if kind is None or cell is None or type(cell) is kind else kind(cell) for cell, kind in found]


def _parse(url: str) -> tuple[str, dict[str, Any], sa.URL]:
    """(schema, what the driver is told, the URL for SQLAlchemy)."""
    try:
        told = sa.make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise _malformed() from error
    if told.drivername not in {"postgresql", "postgres"}:
        raise _malformed()
    if told.password is not None:
        raise Malformed("store.password-in-url", "A password does not belong into the URL of the store, where others can read it.",
                        next="Write it into a file that only you can read, and name the file: store_password_file")  # fmt: skip
    query: Mapping[str, Any] = told.query
    host = told.host or ""
    socket, schema = query.get("socket", ""), query.get("schema", "custody")
    tls = query.get("tls", "off" if socket or host in _LOCAL else "on")
    if (
        set(query) - {"schema", "tls", "socket"}
        or tls not in _MODES
        or not told.database
        or not _NAME.fullmatch(str(schema))
    ):
        raise _malformed()
    arguments: dict[str, Any] = {"options": f"-c search_path={schema} {_COMMON}", "sslmode": _MODES[tls],
                                 "application_name": "custody", "client_encoding": "UTF8"}  # fmt: skip
    plain = sa.URL.create("postgresql+psycopg", username=told.username, host=socket or host or "localhost", port=told.port,
                          database=told.database)  # fmt: skip
    return str(schema), arguments, plain


def _malformed() -> Malformed:
    return Malformed(
        "store.url", "This is not the URL of a store.",
        next="postgresql://USER@HOST:PORT/DATABASE?schema=NAME; sqlite:///FILE",
    )  # fmt: skip
