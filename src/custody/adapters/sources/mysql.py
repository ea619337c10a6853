"""MySQL and MariaDB (spec/sources.md §7): one read-only consistent snapshot, rows streamed as the server writes them.

Nothing is converted: a number, a date, a decimal is the text the server sends for it. Bytes stay bytes.
"""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from custody.adapters.sources.server import Server, driver, lost, unreachable
from custody.ports.source import Batch, ForeignKey, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_SETTINGS: Final = (
    "SET SESSION sql_mode = ''",
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
_TABLES: Final = "SELECT TABLE_NAME, TABLE_TYPE, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s ORDER BY TABLE_NAME"
_COLUMNS: Final = """
SELECT COLUMN_NAME, DATA_TYPE, COLUMN_COMMENT FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s ORDER BY ORDINAL_POSITION
"""
_KEYS: Final = """
SELECT CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s
ORDER BY CONSTRAINT_NAME, ORDINAL_POSITION
"""
_BYTES: Final = frozenset(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"))
_SPATIAL: Final = frozenset(("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    head: TableHead
    query: str
    types: tuple[Any, ...]


@dataclass(slots=True)
class MySqlSource:
    """One database; its tables are `schema.table`."""

    server: Server
    _tables: dict[str, _Table] = field(default_factory=dict)
    _skipped: list[Quarantined] = field(default_factory=list)
    _session: Any = None

    def heads(self) -> Sequence[TableHead]:
        """Its tables in name order. Raises Unavailable `source.unreachable`, `source.driver`."""
        if self._session is None:
            self._open()
        return [table.head for table in self._tables.values()]

    def skipped(self) -> Sequence[Quarantined]:
        """Views and sequences, which hold nothing of their own."""
        self.heads()
        return self._skipped

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:  # noqa: ARG002 - a typed store has no bad rows
        """Stream the rows by primary key, else in the server's order. Raises Unavailable `source.lost`."""
        self.heads()
        one, met = self._tables[table], 0
        pymysql = driver("pymysql", "mysql")
        schema = pa.schema(list(zip(one.head.columns, one.types, strict=True)))
        try:
            with self._session.cursor(driver("pymysql.cursors", "mysql").SSCursor) as cursor:
                cursor.execute(one.query)
                while rows := cursor.fetchmany(_ROWS):
                    columns = [pa.array(cells, kind) for cells, kind in zip(zip(*rows, strict=True), one.types, strict=True)]  # fmt: skip
                    yield Batch(range(met + 1, met + len(rows) + 1), pa.RecordBatch.from_arrays(columns, schema=schema))
                    met += len(rows)
        except (pymysql.MySQLError, OSError) as error:
            self.close()
            raise lost(self.server, table) from error

    def close(self) -> None:
        """End the snapshot."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _open(self) -> None:
        pymysql = driver("pymysql", "mysql")
        one = self.server
        only_names = {str: driver("pymysql.converters", "mysql").escape_str}  # what is sent; what comes stays text
        try:
            self._session = pymysql.connect(
                host=one.host, port=one.port, unix_socket=one.socket or None, user=one.user or None,
                password=one.secret, database=one.database, charset="utf8mb4", conv=only_names, connect_timeout=15,
                ssl=_encryption(one.tls), ssl_disabled=one.tls == "off", autocommit=None, local_infile=False,
            )  # fmt: skip
        except (pymysql.MySQLError, OSError) as error:
            raise unreachable(one) from error
        self._tables, self._skipped = {}, []
        try:
            with self._session.cursor() as cursor:
                for setting in _SETTINGS:
                    cursor.execute(setting)
                cursor.execute(_TABLES, [one.database])
                for name, kind, about in cursor.fetchall():
                    if kind in {"BASE TABLE", "SYSTEM VERSIONED"}:
                        self._meet(cursor, name, about or "")
                    else:
                        reason = "table.view" if "VIEW" in kind else "table.foreign"
                        self._skipped.append(Quarantined(f"{one.database}.{name}", one.label, None, None, reason))
        except pymysql.MySQLError as error:
            self.close()
            raise lost(one, "") from error

    def _meet(self, cursor: Any, name: str, about: str) -> None:  # noqa: ANN401 - a driver's cursor
        schema = self.server.database
        cursor.execute(_COLUMNS, [schema, name])
        told = cursor.fetchall()
        cursor.execute(_KEYS, [schema, name])
        keys = cursor.fetchall()
        primary = tuple(column for constraint, column, *_ in keys if constraint == "PRIMARY")
        foreign = tuple(ForeignKey(column, f"{to}.{table}", there) for _, column, to, table, there in keys if table)
        columns = tuple(column for column, _, _ in told)
        said = {column: comment for column, _, comment in told if comment}
        table = f"{schema}.{name}"
        head = TableHead(
            table, self.server.label, "mysql", columns, "", {}, primary, foreign, comments=said, comment=about
        )
        order = f" ORDER BY {', '.join(map(_quoted, primary))}" if primary else ""
        wanted = ", ".join(_expression(column, kind.lower()) for column, kind, _ in told)
        query = f"SELECT {wanted} FROM {_quoted(schema)}.{_quoted(name)}{order}"
        types = tuple(pa.binary() if kind.lower() in _BYTES else pa.string() for _, kind, _ in told)
        self._tables[table] = _Table(head, query, types)


def _expression(column: str, kind: str) -> str:
    """Bits and shapes have no text of their own."""
    if kind == "bit":
        return f"CAST({_quoted(column)} AS UNSIGNED)"
    return f"ST_AsText({_quoted(column)})" if kind in _SPATIAL else _quoted(column)


def _encryption(tls: str) -> ssl.SSLContext | None:
    if tls == "off":
        return None
    context = ssl.create_default_context()
    if tls == "on":  # encrypted, as the operator asked; who the server is, is not checked
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
