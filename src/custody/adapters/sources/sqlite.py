"""SQLite databases, opened read-only and immutable: the file is untouched, byte for byte, and gets no -wal or -shm.

A database that has a write-ahead log beside it is refused: reading it whole would need a writer's rights.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgpack
import pyarrow as pa

from custody.base.errors import Malformed
from custody.ports.source import Batch, ForeignKey, Quarantine, TableHead

_ROWS: Final = 8192
_TYPES: Final = {int: pa.int64(), float: pa.float64(), str: pa.string(), bytes: pa.binary()}


@dataclass(slots=True)
class SqliteSource:
    """One database; its tables keep their names, prefixed when the file is one of several."""

    path: Path
    file: str
    prefix: str = ""
    _heads: list[TableHead] = field(default_factory=list)
    _types: dict[str, list[Any]] = field(default_factory=dict)

    def heads(self) -> Sequence[TableHead]:
        """Its tables in name order. Raises Malformed `file.unreadable`, `sqlite.wal`."""
        if not self._heads:
            wal = self.path.with_name(self.path.name + "-wal")
            if wal.exists() and wal.stat().st_size:
                raise Malformed(
                    "sqlite.wal",
                    "The database is in use: it has a write-ahead log.",
                    where={"file": self.file},
                    next="Close the program that uses it, then scan again.",
                )
            try:
                self._heads = self._look()
            except sqlite3.DatabaseError as error:
                raise Malformed(
                    "file.unreadable", "This is not a SQLite database.", where={"file": self.file}
                ) from error
        return self._heads

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:  # noqa: ARG002 - a typed store has no bad rows
        """Stream the rows in rowid order."""
        self.heads()
        name = table.removeprefix(self.prefix)
        types = self._types[table]
        connection = self._connect()
        try:
            cursor = connection.execute(f"SELECT * FROM {_quoted(name)} ORDER BY {self._order(connection, name)}")
            met = 0
            while rows := cursor.fetchmany(_ROWS):
                yield _batch(range(met + 1, met + len(rows) + 1), rows, [d[0] for d in cursor.description], types)
                met += len(rows)
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing stays open between reads."""

    def _look(self) -> list[TableHead]:
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        connection = self._connect()
        try:
            query = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            return [self._head(connection, str(name), digest) for (name,) in connection.execute(query).fetchall()]
        finally:
            connection.close()

    def _head(self, connection: sqlite3.Connection, name: str, digest: str) -> TableHead:
        info = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        keys = connection.execute(f"PRAGMA foreign_key_list({_quoted(name)})").fetchall()
        foreign = tuple(ForeignKey(row[3], self.prefix + row[2], row[4] or "") for row in keys)
        columns = tuple(row[1] for row in info)
        primary = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
        table = self.prefix + name
        self._types[table] = [_type(connection, name, column) for column in columns]
        return TableHead(table, self.file, "sqlite", columns, "", {}, primary, foreign, digest)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)

    @staticmethod
    def _order(connection: sqlite3.Connection, name: str) -> str:
        try:
            connection.execute(f"SELECT rowid FROM {_quoted(name)} LIMIT 0")
        except sqlite3.OperationalError:
            return "1"
        return "rowid"


def _type(connection: sqlite3.Connection, table: str, column: str) -> Any:  # noqa: ANN401 - an Arrow type has no public base
    query = f"SELECT DISTINCT typeof({_quoted(column)}) FROM {_quoted(table)}"
    kinds = {row[0] for row in connection.execute(query)} - {"null"}
    if len(kinds) > 1:
        return None
    names = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string(), "blob": pa.binary()}
    return names[kinds.pop()] if kinds else pa.string()


def _batch(ordinals: range, rows: list[tuple[Any, ...]], names: list[str], types: list[Any]) -> Batch:
    fields, arrays = [], []
    for name, kind, cells in zip(names, types, zip(*rows, strict=True), strict=True):
        if kind is None:
            fields.append(pa.field(name, pa.binary(), metadata={"custody:cells": "msgpack"}))
            arrays.append(pa.array([None if cell is None else msgpack.packb(cell) for cell in cells], pa.binary()))
        else:
            fields.append(pa.field(name, kind))
            arrays.append(pa.array(cells, kind))
    return Batch(ordinals, pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
