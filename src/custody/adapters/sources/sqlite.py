"""SQLite databases, opened read-only and immutable: the file is untouched, byte for byte, and gets no -wal or -shm.

A database that has a write-ahead log beside it is refused: reading it whole would need a writer's rights. A text that
is not UTF-8 puts its row into quarantine. What a file of kilobytes could make gigabytes of is not computed: virtual
generated columns and tables over another's content are left out, and told; a row has its bound, a batch, and a table.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgpack
import pyarrow as pa

from custody.adapters.sources.digest import sha256
from custody.base.errors import Malformed
from custody.ports.source import Batch, ForeignKey, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_BATCH: Final = 16 << 20
"""Bytes of a batch: whoever brings the file does not say how much memory its reading takes."""
_LONGEST: Final = 16 << 20
"""Bytes of a row; a longer one goes to quarantine."""
_CELL: Final = 32
"""Bytes that a cell takes beside what stands in it."""
_SPARE, _TIMES = 64 << 20, 300
"""Further expansion is none of a database, as of an archive (spec/sources.md §5, §6)."""
_HIDDEN, _COMPUTED = 1, 2
"""Kinds of column in `table_xinfo`: hidden in a virtual table; generated whenever it is read, and stored nowhere."""
_ELSEWHERE: Final = re.compile(r"^\s*create\s+virtual\s.*\bcontent\s*=", re.IGNORECASE | re.DOTALL)
"""A search table over another table or view, which may be one that computes without end."""
_BEHIND: Final = re.compile(
    r"""^\s*("[^"\n]+"|`[^`\n]+`|\[[^\]\n]+\]|\w+)[^\n]*?(?:--|/\*)\s*([^\n*]+)""", re.MULTILINE
)
_TYPES: Final = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string(), "blob": pa.binary()}

_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Garbled:
    """A text that is not UTF-8, as its bytes."""

    raw: bytes


@dataclass(slots=True)
class SqliteSource:
    """One database; its tables keep their names, prefixed when another source has a table of that name."""

    path: Path
    file: str
    prefix: str = ""
    _heads: list[TableHead] | None = None
    _types: dict[str, list[Any]] = field(default_factory=dict)
    _skipped: list[Quarantined] = field(default_factory=list)

    def heads(self) -> Sequence[TableHead]:
        """Its tables in name order. Raises Malformed `file.unreadable`, `file.empty`, `sqlite.wal`."""
        if self._heads is None:
            for log in ("-wal", "-journal"):
                beside = self.path.with_name(self.path.name + log)
                if beside.exists() and beside.stat().st_size:
                    raise Malformed(
                        "sqlite.wal", "The database is in use: it has a log of changes beside it.",
                        where={"file": self.file}, next="Close the program that uses it, then scan again.",
                    )  # fmt: skip
            try:
                self._heads = self._look()
            except sqlite3.Error as error:
                raise Malformed(
                    "file.unreadable", "This is no SQLite database, or a damaged one.",
                    next="Copy it again while no program uses it.", where={"file": self.file},
                ) from error  # fmt: skip
            if not self._heads and not self._skipped:
                self._heads = None
                raise Malformed("file.empty", "The database has no table.", where={"file": self.file})
        return self._heads

    def skipped(self) -> Sequence[Quarantined]:
        """Views and generated columns, which hold nothing of their own, and virtual tables that cannot be read here."""
        self.heads()
        return self._skipped

    def qualify(self, prefix: str) -> None:
        """Put `prefix` before the table names."""
        self.prefix, self._heads, self._skipped = prefix, None, []
        self._types.clear()

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows in rowid order. Raises Malformed `file.unreadable` where a page is damaged."""
        head = next(one for one in self.heads() if one.name == table)
        name, met = table.removeprefix(self.prefix), 0
        connection = self._connect()
        try:
            rows = _rows(connection, head.columns, name, _order(connection, head, name))
            for some in _bunches(rows, _SPARE + _TIMES * self.path.stat().st_size):
                ordinals = range(met + 1, met + len(some) + 1)
                met += len(some)
                yield _batch(*_sound(head, ordinals, some, quarantine), head.columns, self._types[table])
        except sqlite3.Error as error:
            raise Malformed(
                "file.unreadable", "The database is damaged.", next="Copy it again while no program uses it.",
                where={"file": self.file, "table": table, "row": met + 1},
            ) from error  # fmt: skip
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing stays open between reads."""

    def _look(self) -> list[TableHead]:
        digest, heads = sha256(self.path), []
        connection = self._connect()
        try:
            query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
            for kind, name, sql in connection.execute(query).fetchall():
                if kind == "view" or _ELSEWHERE.match(str(sql)):
                    self._skip(str(name), "table.view")
                    continue
                try:
                    heads.append(self._head(connection, str(name), digest))
                except sqlite3.OperationalError:
                    self._skip(str(name), "table.virtual")
        finally:
            connection.close()
        return heads

    def _skip(self, name: str, reason: str) -> None:
        self._skipped.append(Quarantined(self.prefix + name, self.file, None, None, reason))

    def _head(self, connection: sqlite3.Connection, name: str, digest: str) -> TableHead:
        info = connection.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
        keys = connection.execute(f"PRAGMA foreign_key_list({_quoted(name)})").fetchall()
        columns = tuple(str(row[1]) for row in info if row[6] not in {_HIDDEN, _COMPUTED})
        for row in info:
            if row[6] == _COMPUTED:
                self._skip(f"{name}.{row[1]}", "column.generated")
        primary = tuple(str(row[1]) for row in sorted(info, key=lambda row: row[5]) if row[5])
        foreign = tuple(
            ForeignKey(row[3], self.prefix + row[2], row[4] or self._key_of(connection, row[2]))
            for row in keys
            if str(row[3]) in columns
        )
        table = self.prefix + name
        self._types[table] = _kinds(connection, name, columns)
        said = _comments(connection, name, columns)
        return TableHead(table, self.file, "sqlite", columns, "", {}, primary, foreign, digest, said)

    @staticmethod
    def _key_of(connection: sqlite3.Connection, name: str) -> str:
        """A foreign key that names no column means the other table's primary key."""
        info = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        return next((str(row[1]) for row in info if row[5] == 1), "")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro&immutable=1", uri=True)
        connection.text_factory = _decoded
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        return connection


def _comments(connection: sqlite3.Connection, name: str, columns: Sequence[str]) -> dict[str, str]:
    """What stands behind each column in the statement that made the table, where SQLite has no comments of its own."""
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
    (sql,) = connection.execute(query, [name]).fetchone()
    if not isinstance(sql, str):
        return {}
    told = {match[1].strip('"`[]').lower(): match[2].strip() for match in _BEHIND.finditer(sql)}
    return {column: told[column.lower()] for column in columns if column.lower() in told}


def _decoded(raw: bytes) -> "str | _Garbled":
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _Garbled(raw)


def _order(connection: sqlite3.Connection, head: TableHead, name: str) -> str:
    try:
        connection.execute(f"SELECT rowid FROM {_quoted(name)} LIMIT 0")
    except sqlite3.OperationalError:
        return ", ".join(map(_quoted, head.primary_key)) or "1"
    return "rowid"


def _kinds(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Any]:
    """The Arrow type of each column, None where its cells are of several types: one pass over the table."""
    kinds: list[Any] = []
    for start in range(0, len(columns), 50):  # a result has a limited number of columns
        part = columns[start : start + 50]
        asked = ", ".join(f"group_concat(DISTINCT nullif(typeof({_quoted(one)}), 'null'))" for one in part)
        (row,) = connection.execute(f"SELECT {asked} FROM {_quoted(table)}").fetchall()
        kinds += [pa.string() if not told else _TYPES.get(told) for told in row]
    return kinds


def _rows(connection: sqlite3.Connection, columns: Sequence[str], name: str, order: str) -> Iterator[_Row | None]:
    """Each row in its order; None for one that is longer than a row may be."""
    query = f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(name)} ORDER BY {order} LIMIT ? OFFSET ?"
    (total,) = connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()
    met = 0
    while met < total:
        with suppress(sqlite3.DataError):
            for row in connection.execute(query, [-1, met]):
                met += 1
                yield row
            return
        try:  # too long is the next or the one behind it, which Python looks at ahead; a step over either reads none of it
            (row,) = connection.execute(query, [1, met]).fetchall()
        except sqlite3.DataError:
            row = None
        met += 1
        yield row


def _bunches(rows: Iterator[_Row | None], most: int) -> Iterator[list[_Row | None]]:
    """The same rows in lists that are bounded by number and by bytes, and no more than `most` bytes in all."""
    some, size, before = list[_Row | None](), 0, 0
    for row in rows:
        some.append(row)
        size += sum(_CELL + (len(cell) if isinstance(cell, str | bytes) else 0) for cell in row or ())
        if before + size > most:
            raise Malformed(
                "sqlite.bomb", "A table of the database is computed: it is three hundred times as large as the file.",
                next="Export its tables as CSV, and bring those in.",
            )  # fmt: skip
        if len(some) == _ROWS or size >= _BATCH:
            yield some
            some, size, before = [], 0, before + size
    if some:
        yield some


def _sound(
    head: TableHead, ordinals: range, rows: list[_Row | None], quarantine: Quarantine
) -> tuple[Sequence[int], list[_Row]]:
    """The rows that were read and whose texts are texts; the others go to quarantine."""
    good = list[int]()
    for place, row in enumerate(rows):
        if row is None:
            quarantine(Quarantined(head.name, head.file, None, ordinals[place], "row.oversized"))
        elif cell := next((one for one in zip(head.columns, row, strict=True) if isinstance(one[1], _Garbled)), None):
            quarantine(Quarantined(head.name, head.file, None, ordinals[place], "row.undecodable", f"column {cell[0]}", cell[1].raw))  # fmt: skip
        else:
            good.append(place)
    return [ordinals[place] for place in good], [row for row in map(rows.__getitem__, good) if row is not None]


def _batch(ordinals: Sequence[int], rows: list[tuple[Any, ...]], names: Sequence[str], types: list[Any]) -> Batch:
    fields, arrays = [], []
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    for name, kind, cells in zip(names, types, columns, strict=True):
        if kind is None:
            fields.append(pa.field(name, pa.binary(), metadata={"custody:cells": "msgpack"}))
            arrays.append(pa.array([None if cell is None else msgpack.packb(cell) for cell in cells], pa.binary()))
        else:
            fields.append(pa.field(name, kind))
            arrays.append(pa.array(cells, kind))
    return Batch(ordinals, pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
