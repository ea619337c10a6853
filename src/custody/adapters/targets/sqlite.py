"""Export to SQLite: untyped columns keep each value's own type; built aside, synced, then renamed into place."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from custody.adapters.files.local import PART, sync_folder
from custody.base.errors import Malformed, Missing
from custody.ports.target import Value


class SqliteTarget:
    """See `ports.target.Target`."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(path.name + PART)
        self._connection: sqlite3.Connection | None = None

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def place(self) -> str:
        return str(self._path.parent.resolve())

    def exists(self) -> bool:
        return self._path.exists()

    def create(self, table: str, columns: Sequence[str]) -> None:
        names = ", ".join(_quoted(column) for column in columns)
        self._open().execute(f"CREATE TABLE {_quoted(table)} ({names})")

    def write(self, table: str, rows: Iterable[Sequence[Value]]) -> int:
        count = 0
        for row in rows:
            marks = ",".join("?" * len(row))
            self._open().execute(f"INSERT INTO {_quoted(table)} VALUES ({marks})", tuple(row))
            count += 1
        return count

    def finish(self) -> None:
        connection = self._open()
        connection.commit()
        connection.close()
        self._connection = None
        with self._part.open("rb") as written:
            os.fsync(written.fileno())
        self._part.replace(self._path)
        sync_folder(self._path.parent)

    def discard(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        with suppress(OSError):  # what went wrong is told, and this goes with the next export
            self._part.unlink(missing_ok=True)

    def read(self, table: str) -> Iterator[tuple[Value, ...]]:
        with self._reading(table) as connection:
            yield from connection.execute(f"SELECT * FROM {_quoted(table)} ORDER BY rowid")

    def beyond(self, known: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        with self._reading("") as connection:
            asked = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
            for (table,) in connection.execute(asked).fetchall():
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]
                more = [one for one in columns if one not in known.get(table, ())]
                found += [(table, one) for one in more] if table in known else [(table, "")]
        return found

    @contextmanager
    def _reading(self, table: str) -> Iterator[sqlite3.Connection]:
        if not self._path.is_file():
            raise Missing("target.missing", "There is no such export.", next="custody export DEAL --to FILE")
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            yield connection
        except sqlite3.Error as error:
            raise Malformed("target.form", "This file is not the export: a table is missing, or it is no SQLite database.",
                            where={"table": table}, next="Name the file that custody export wrote.") from error  # fmt: skip
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._part.unlink(missing_ok=True)
            self._connection = sqlite3.connect(self._part, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=OFF")
            self._connection.execute("BEGIN")
        return self._connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
