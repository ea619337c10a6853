"""Spilled rows in a SQLite file without a name: no journal, no sync, because whatever ends the process ends the act.

SQLite's own sorter writes what does not fit its cache to the temporary folder of this host, as the file is: tags and sealed cells.
"""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custody.base.errors import Unavailable
from custody.ports.spill import Entry

# (columns, how many of them are the key, what a second row of that key does; columns with a star are sealed)
_TABLES: Final = {
    "key": (("space", "tag", "number"), 2, "ON CONFLICT DO UPDATE SET number = -1"),
    "link": (("space", "here", "there"), 3, "ON CONFLICT DO NOTHING"),
    "owner": (("number", "held*"), 1, "ON CONFLICT DO UPDATE SET held = excluded.held"),
    "place": (("number", "subject", "record", "compartment", "schema", "row", "position", "length"), 0, ""),
    "dek": (("compartment", "chance", "subject", "dek*"), 0, ""),
    "slot": (("subject", "compartment", "page", "slot"), 0, ""),
    "person": (("subject", "kind", "facts*", "members"), 0, ""),
    "came": (("subject", "record", "compartment", "schema", "revision", "row", "position", "length"), 0, ""),
    "stands": (("subject", "tbl", "row", "unclear"), 0, ""),
    "aside": (("held*",), 0, ""),
}
_CACHE_KB: Final = 32_768
_PRAGMAS: Final = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE")
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class SqliteSpill:
    """See `ports.spill.Spill`."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base, self._secret = base, os.urandom(32)
        self._cipher, self._sealed = AESGCM(AESGCM.generate_key(256)), 0

    def tag(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_TAG_BYTES, key=self._secret).digest()

    def put(self, table: str, rows: Iterable[Entry]) -> None:
        stars = _starred(table)
        with _room():
            self._base.executemany(_insert(table), (self._closed(row, stars) for row in rows) if stars else rows)

    def get(self, table: str, *key: int | bytes) -> list[Entry]:
        stars, found = _starred(table), self._base.execute(_select(table, len(key)), key)
        return [self._opened(row, stars) for row in found] if stars else found.fetchall()

    def clashed(self, space: int) -> bool:
        with _room():
            found = self._base.execute("SELECT 1 FROM key WHERE space = ? AND number = -1 LIMIT 1", (space,))
            return found.fetchone() is not None

    def scan(self, table: str, order: Sequence[str] = ()) -> Iterator[Entry]:
        stars, by = _starred(table), ", ".join(f'"{name}"' for name in order) or "rowid"
        with _room():
            found = self._base.execute(f"{_select(table, 0)} ORDER BY {by}")  # what is sorted is sorted here
        yield from (self._opened(row, stars) for row in found) if stars else found

    def _closed(self, row: Entry, stars: Sequence[int]) -> Entry:
        """Under nonces that are counted: the key is used by this spill alone."""
        cells = list(row)
        for place in stars:
            self._sealed += 1
            nonce = self._sealed.to_bytes(_NONCE_BYTES)
            cells[place] = nonce + self._cipher.encrypt(nonce, cells[place], None)
        return tuple(cells)

    def _opened(self, row: Entry, stars: Sequence[int]) -> Entry:
        cells = list(row)
        for place in stars:
            cells[place] = self._cipher.decrypt(cells[place][:_NONCE_BYTES], cells[place][_NONCE_BYTES:], None)
        return tuple(cells)


class FileHeap:
    """See `ports.spill.Heap`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, 0

    def put(self, data: bytes) -> int:
        place = self._size
        with _room():
            self._file.seek(place)
            self._file.write(data)
        self._size += len(data)
        return place

    def get(self, place: int, size: int) -> bytes:
        with _room():
            self._file.seek(place)
            return self._file.read(size)


class SqliteSpills:
    """See `ports.spill.Spills`; `folder` is on a disk of this host."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def heap(self) -> Iterator[FileHeap]:
        with _room():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=self._folder, prefix="spill-", buffering=0)  # noqa: SIM115 - let go of below
        with closing(file):
            yield FileHeap(file)

    @contextmanager
    def open(self) -> Iterator[SqliteSpill]:
        with _room():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            base = _nameless(self._folder)
        with closing(base):
            yield SqliteSpill(base)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise Unavailable(
            "spill.out", "There is no room for what this act sets aside.", retry=True,
            next="Make room on the disk of the home and in the temporary folder, and run it again.",
        ) from error  # fmt: skip


def _nameless(folder: Path) -> sqlite3.Connection:
    file, name = tempfile.mkstemp(dir=folder, prefix="spill-")
    os.close(file)
    base = sqlite3.connect(name, isolation_level=None)
    for pragma in (*_PRAGMAS, f"cache_size=-{_CACHE_KB}"):
        base.execute(f"PRAGMA {pragma}")
    base.execute("BEGIN EXCLUSIVE")
    for table, (columns, keys, _) in _TABLES.items():
        base.execute(f"CREATE TABLE {table} ({_columns(columns, keys)})" + (" WITHOUT ROWID" if keys > 1 else ""))
    Path(name).unlink()  # begun before: SQLite never asks for it by name again
    return base


def _columns(columns: Sequence[str], keys: int) -> str:
    names = [f'"{name.rstrip("*")}"' for name in columns]
    if keys == 1:
        return ", ".join([f"{names[0]} INTEGER PRIMARY KEY", *names[1:]])
    return ", ".join([*names, f"PRIMARY KEY ({', '.join(names[:keys])})"] if keys else names)


@cache
def _starred(table: str) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(_TABLES[table][0]) if name.endswith("*"))


@cache
def _insert(table: str) -> str:
    columns, _, again = _TABLES[table]
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))}) {again}"


@cache
def _select(table: str, given: int) -> str:
    names = [f'"{name.rstrip("*")}"' for name in _TABLES[table][0]]
    met = " AND ".join(f"{name} = ?" for name in names[:given])
    return f"SELECT {', '.join(names)} FROM {table}" + (f" WHERE {met}" if met else "")
