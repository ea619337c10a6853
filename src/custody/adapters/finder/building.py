"""A new epoch of a blind index, written once: its tags are put in order first, so that every page is written when it is full.

There is no journal: a file that is not whole never gets the name under which somebody would look something up (§13).
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from custody.adapters.finder.spool import Spool
from custody.ports.finder import Tagged

VERSION: Final = 3
# A tag lies twice, once by value and once by person, so that either finds it.
_TABLES: Final = (
    "CREATE TABLE epoch (epoch INTEGER PRIMARY KEY)",
    "CREATE TABLE key (g INTEGER PRIMARY KEY, wrapped BLOB)",
    "CREATE TABLE field (id INTEGER PRIMARY KEY, normaliser TEXT UNIQUE)",
    "CREATE TABLE tag (tag BLOB, field INTEGER, subject BLOB, PRIMARY KEY (tag, field, subject)) WITHOUT ROWID",
    "CREATE TABLE whose (subject BLOB, field INTEGER, tag BLOB, PRIMARY KEY (subject, field, tag)) WITHOUT ROWID",
    f"PRAGMA user_version = {VERSION}",
)
_ID: Final = 16
"""Bytes of a tag, and of a subject's id."""
_WIDTH: Final = 2 * _ID + 1


class Building:
    """What is collected of one epoch until it is whole. Its keys lie nowhere before."""

    def __init__(self, folder: Path) -> None:
        self.keys: dict[int, bytes] = {}
        self._fields: dict[str, int] = {}
        self._by_tag, self._by_subject = Spool(folder, _WIDTH), Spool(folder, _WIDTH)

    def put(self, tags: Iterable[Tagged]) -> int:
        """Take `tags`; returns how many."""
        total = 0
        for normaliser, tag, subject in tags:
            field = bytes((self._fields.setdefault(normaliser, len(self._fields) + 1),))
            self._by_tag.add(tag + field + subject)
            self._by_subject.add(subject + field + tag)
            total += 1
        return total

    def write(self, path: Path, epoch: int) -> None:
        """The whole index to `path`, a new file, on the disk."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                base.execute(f"PRAGMA {pragma}")
            base.execute("BEGIN EXCLUSIVE")
            for words in _TABLES:
                base.execute(words)
            base.execute("INSERT INTO epoch VALUES (?)", (epoch,))
            base.executemany("INSERT INTO key VALUES (?, ?)", self.keys.items())
            base.executemany("INSERT INTO field (normaliser, id) VALUES (?, ?)", self._fields.items())
            base.executemany("INSERT INTO tag VALUES (?, ?, ?)", _cells(self._by_tag))
            base.executemany("INSERT INTO whose VALUES (?, ?, ?)", _cells(self._by_subject))
            base.execute("COMMIT")
        with path.open("rb") as file:
            os.fsync(file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._by_tag.close()
        self._by_subject.close()


def _cells(spool: Spool) -> Iterator[tuple[bytes, int, bytes]]:
    for part in spool.parts():
        for entry in part:
            yield entry[:_ID], entry[_ID], entry[_ID + 1 :]
