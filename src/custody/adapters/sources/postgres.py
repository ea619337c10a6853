"""PostgreSQL (spec/sources.md §7): one read-only snapshot of the whole database, each table streamed by COPY as text.

Nothing can be written: the transaction is read-only. Row security is off, so that a policy makes reading fail instead
of hiding rows. Every table of one source is read in the snapshot that was taken when it was opened.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from custody.adapters.sources.server import Server, driver, lost, unreachable
from custody.ports.source import Batch, ForeignKey, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_SETTINGS: Final = (
    "-c default_transaction_read_only=on -c row_security=off -c statement_timeout=0 -c datestyle=ISO -c timezone=UTC "
    "-c intervalstyle=postgres -c bytea_output=hex -c synchronize_seqscans=off -c search_path=pg_catalog"
)
_MODES: Final = {"off": "disable", "on": "require", "verify": "verify-full"}
_TABLES: Final = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, has_table_privilege(c.oid, 'SELECT'), row_security_active(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%%'
ORDER BY n.nspname, c.relname
"""
_COLUMNS: Final = """
SELECT attname, attnum, col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_COMMENT: Final = "SELECT obj_description(%s, 'pg_class')"
_KEY: Final = "SELECT indkey::int2[] FROM pg_index WHERE indrelid = %s AND indisprimary"
_FOREIGN: Final = """
SELECT a.attname, n.nspname, c.relname, b.attname
FROM pg_constraint k CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(here, there)
JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.here
JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.there
WHERE k.conrelid = %s AND k.contype = 'f' ORDER BY k.conname, pair.here
"""
_SKIPPED: Final = {"v": "table.view", "m": "table.view", "f": "table.foreign"}


@dataclass(slots=True)
class PostgresSource:
    """One database; its tables are `schema.table`."""

    server: Server
    _heads: dict[str, TableHead] = field(default_factory=dict)
    _queries: dict[str, str] = field(default_factory=dict)
    _skipped: list[Quarantined] = field(default_factory=list)
    _session: Any = None
    _snapshot: str = ""

    def heads(self) -> Sequence[TableHead]:
        """Its tables in name order. Raises Unavailable `source.unreachable`, `source.driver`."""
        if self._session is None:
            self._open()
        return list(self._heads.values())

    def skipped(self) -> Sequence[Quarantined]:
        """Views, foreign tables, and tables this user may not read."""
        self.heads()
        return self._skipped

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:  # noqa: ARG002 - a typed store has no bad rows
        """Stream the rows by primary key, else in the order they lie. Raises Unavailable `source.lost`."""
        self.heads()
        head, met = self._heads[table], 0
        psycopg = driver("psycopg", "postgres")
        try:
            with self._reading() as cursor, cursor.copy(self._queries[table]) as copied:
                for found in _batches(_Stream(copied), head):
                    rows = range(met + 1, met + found.num_rows + 1)
                    met += found.num_rows
                    yield Batch(rows, found)
        except (psycopg.Error, pa.ArrowInvalid) as error:
            raise lost(self.server, table) from error

    def close(self) -> None:
        """End the snapshot."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _connect(self) -> Any:  # noqa: ANN401 - a driver's connection; the driver is an extra
        psycopg = driver("psycopg", "postgres")
        one = self.server
        try:
            made = psycopg.connect(
                host=one.socket or one.host, port=one.port, user=one.user or None, dbname=one.database,
                password=one.secret or None, sslmode=_MODES[one.tls], options=_SETTINGS, connect_timeout=15,
                application_name="custody", client_encoding="UTF8",
            )  # fmt: skip
        except psycopg.Error as error:
            raise unreachable(one) from error
        made.read_only = True
        made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return made

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """A cursor of a second connection in the same snapshot: a reader that stops halfway disturbs nobody."""
        connection = self._connect()
        try:
            cursor = connection.cursor()
            if self._snapshot:
                cursor.execute(f"SET TRANSACTION SNAPSHOT '{self._snapshot}'")
            yield cursor
        finally:
            connection.close()

    def _open(self) -> None:
        psycopg = driver("psycopg", "postgres")
        self._session = self._connect()
        self._heads, self._skipped = {}, []
        try:
            cursor = self._session.cursor()
            self._snapshot = str(cursor.execute("SELECT pg_export_snapshot()").fetchone()[0])
            for oid, schema, name, kind, allowed, guarded in cursor.execute(_TABLES).fetchall():
                reason = _SKIPPED.get(kind) or ("" if allowed else "table.denied")
                if not reason and guarded:
                    reason = "table.row-security"
                if reason:
                    self._skipped.append(Quarantined(f"{schema}.{name}", self.server.label, None, None, reason))
                else:
                    self._meet(cursor, oid, schema, name)
        except psycopg.Error as error:
            raise lost(self.server, "") from error

    def _meet(self, cursor: Any, oid: int, schema: str, name: str) -> None:  # noqa: ANN401 - a driver's cursor
        numbered = cursor.execute(_COLUMNS, [oid]).fetchall()
        by_number = {number: column for column, number, _ in numbered}
        columns = tuple(column for column, _, _ in numbered)
        said = {column: comment for column, _, comment in numbered if comment}
        (about,) = cursor.execute(_COMMENT, [oid]).fetchone()
        found = cursor.execute(_KEY, [oid]).fetchone()
        key = tuple(by_number[number] for number in (found[0] if found else ()))
        foreign = tuple(ForeignKey(here, f"{to}.{table}", there) for here, to, table, there in cursor.execute(_FOREIGN, [oid]))  # fmt: skip
        table = f"{schema}.{name}"
        if not columns:
            self._skipped.append(Quarantined(table, self.server.label, None, None, "table.no-columns"))
            return
        self._heads[table] = TableHead(
            table, self.server.label, "postgresql", columns, "", {}, key, foreign, comments=said, comment=about or ""
        )
        order = ", ".join(map(_quoted, key)) or "tableoid, ctid"
        rows = f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(schema)}.{_quoted(name)} ORDER BY {order}"
        self._queries[table] = f"COPY ({rows}) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')"


class _Stream(io.RawIOBase):
    """A COPY as a file."""

    def __init__(self, copied: Any) -> None:  # noqa: ANN401 - a driver's COPY
        super().__init__()
        self._copied, self._rest = iter(copied), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, held = [self._rest], len(self._rest)
        while size < 0 or held < size:
            piece = next(self._copied, None)
            if piece is None:
                break
            parts.append(bytes(piece))
            held += len(piece)
        data = b"".join(parts)
        self._rest = b"" if size < 0 else data[size:]
        return data if size < 0 else data[:size]


def _batches(stream: _Stream, head: TableHead) -> Iterator[pa.RecordBatch]:
    """In PostgreSQL's CSV an unquoted nothing is NULL and a quoted one is the empty text."""
    names = [f"c{place}" for place in range(len(head.columns))]
    schema = pa.schema([pa.field(name, pa.string()) for name in head.columns])
    reading = arrow_csv.ReadOptions(column_names=names, block_size=4 << 20, use_threads=False)
    parsing = arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    converting = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )  # fmt: skip
    first = stream.read(1)
    if not first:
        return
    stream._rest = first + stream._rest  # noqa: SLF001 - the reader of an empty stream would raise
    with arrow_csv.open_csv(stream, reading, parsing, converting) as reader:
        for found in reader:
            for start in range(0, found.num_rows, _ROWS):
                yield pa.RecordBatch.from_arrays(found.slice(start, _ROWS).columns, schema=schema)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
