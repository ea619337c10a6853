"""The blind index in a SQLite file of its own: freed cells overwritten, its journal in memory, in no backup (§13).

A crash may tear it, since its journal never reaches the disk; a torn index is dropped and built again.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from custody.base.errors import Unavailable
from custody.ports.finder import Tagged

_VERSION: Final = 2
# A tag lies twice, once by value and once by person, so that each batch of either is written in the order of its table.
_TABLES: Final = (
    *(f"DROP TABLE IF EXISTS {name}" for name in ("epoch", "key", "field", "tag", "whose")),
    "CREATE TABLE epoch (vault TEXT, epoch INTEGER, live INTEGER, PRIMARY KEY (vault, epoch)) WITHOUT ROWID",
    "CREATE TABLE key (vault TEXT, epoch INTEGER, g INTEGER, wrapped BLOB, PRIMARY KEY (vault, epoch, g)) WITHOUT ROWID",
    "CREATE TABLE field (id INTEGER PRIMARY KEY, vault TEXT, epoch INTEGER, normaliser TEXT, UNIQUE (vault, epoch, normaliser))",
    "CREATE TABLE tag (field INTEGER, tag BLOB, subject BLOB, PRIMARY KEY (field, tag, subject)) WITHOUT ROWID",
    "CREATE TABLE whose (subject BLOB, field INTEGER, tag BLOB, PRIMARY KEY (subject, field, tag)) WITHOUT ROWID",
    f"PRAGMA user_version = {_VERSION}",
)
_FIELDS: Final = "SELECT id FROM field WHERE vault = ?"
_BUILD_CACHE: Final = 64 << 10
"""KiB."""
_TORN: Final = ("malformed", "not a database", "disk image")


class SqliteFinder:
    """See `ports.finder.Finder`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def epoch(self, vault: str) -> int | None:
        rows = self._read("SELECT max(epoch) FROM epoch WHERE vault = ? AND live = 1", (vault,))
        return rows[0][0] if rows else None

    def keys(self, vault: str, epoch: int) -> Mapping[int, bytes]:
        return dict(self._read("SELECT g, wrapped FROM key WHERE vault = ? AND epoch = ?", (vault, epoch)))

    def begin(self, vault: str, epoch: int) -> None:
        with self._write() as tx:
            _clear(tx, "vault = ? AND epoch = ?", (vault, epoch))
            tx.execute("INSERT INTO epoch VALUES (?, ?, 0)", (vault, epoch))

    def finish(self, vault: str, epoch: int) -> None:
        with self._world(), self._path.open("rb") as file:
            os.fsync(file.fileno())  # what was put while building was not synced, and is live from here on
        with self._write() as tx:
            _clear(tx, "vault = ? AND epoch != ?", (vault, epoch))
            tx.execute("UPDATE epoch SET live = 1 WHERE vault = ? AND epoch = ?", (vault, epoch))

    def keep_key(self, vault: str, epoch: int, generation: int, wrapped: bytes) -> None:
        with self._write() as tx:
            tx.execute("INSERT OR REPLACE INTO key VALUES (?, ?, ?, ?)", (vault, epoch, generation, wrapped))

    def drop_keys(self, vault: str, generation: int) -> None:
        with self._write() as tx:
            tx.execute("DELETE FROM key WHERE vault = ? AND g = ?", (vault, generation))

    def put(self, vault: str, epoch: int, tags: Iterable[Tagged]) -> int:
        given = list(tags)
        with self._write(building=self.epoch(vault) != epoch) as tx:
            fields = {name: _field(tx, vault, epoch, name) for name in {one.normaliser for one in given}}
            rows = sorted((fields[one.normaliser], one.tag, one.subject) for one in given)
            tx.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?, ?)", rows)
            rows.sort(key=itemgetter(2))
            tx.executemany("INSERT OR IGNORE INTO whose (field, tag, subject) VALUES (?, ?, ?)", rows)
        return len(given)

    def find(self, vault: str, epoch: int, normaliser: str, tag: bytes) -> Sequence[bytes]:
        words = (
            "SELECT subject FROM field JOIN tag ON field = id WHERE vault = ? AND epoch = ? AND normaliser = ? AND tag = ?"
            " ORDER BY subject"
        )
        return [row[0] for row in self._read(words, (vault, epoch, normaliser, tag))]

    def shared(self, vault: str, epoch: int, normaliser: str, most: int) -> Sequence[tuple[bytes, bytes]]:
        inside = "field IN (SELECT id FROM field WHERE vault = :v AND epoch = :e AND normaliser = :n)"
        several = f"SELECT tag FROM tag WHERE {inside} GROUP BY tag HAVING count(*) BETWEEN 2 AND :most"
        words = f"SELECT tag, subject FROM tag WHERE {inside} AND tag IN ({several}) ORDER BY tag, subject"
        return self._read(words, {"v": vault, "e": epoch, "n": normaliser, "most": most})

    def forget(self, vault: str, subjects: Iterable[bytes]) -> None:
        with self._write() as tx:
            keys = [(one, vault) for one in subjects]
            by_value = f"SELECT field, tag, subject FROM whose WHERE subject = ? AND field IN ({_FIELDS})"
            tx.executemany(f"DELETE FROM tag WHERE (field, tag, subject) IN ({by_value})", keys)
            tx.executemany(f"DELETE FROM whose WHERE subject = ? AND field IN ({_FIELDS})", keys)

    def drop(self, vault: str) -> None:
        with self._write() as tx:
            _clear(tx, "vault = ?", (vault,))

    def _read(self, words: str, values: tuple[str | int | bytes, ...] | dict[str, str | int]) -> list[Any]:
        with self._world(), closing(self._open()) as base:
            return list(base.execute(words, values))

    @contextmanager
    def _write(self, *, building: bool = False) -> Iterator[sqlite3.Connection]:
        with self._world(), closing(self._open()) as base:
            if building:  # tags fall everywhere: to sync each batch would write the whole file again and again
                base.execute("PRAGMA synchronous=OFF")
                base.execute(f"PRAGMA cache_size=-{_BUILD_CACHE}")
            base.execute("BEGIN IMMEDIATE")
            yield base
            base.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        fresh = not self._path.exists()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        if fresh:
            self._path.chmod(0o600)
        for pragma in ("secure_delete=ON", "journal_mode=MEMORY", "synchronous=NORMAL"):
            base.execute(f"PRAGMA {pragma}")
        if not _current(base):
            _prepare(base)
        return base

    @contextmanager
    def _world(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            if any(word in str(error) for word in _TORN):
                self._path.unlink(missing_ok=True)
            raise Unavailable("index.out", "The index of values does not answer.", retry=True,
                              next="Run it again: an index that was torn is built anew.") from error  # fmt: skip


def _current(base: sqlite3.Connection) -> bool:
    return bool(base.execute("PRAGMA user_version").fetchone()[0] == _VERSION)


def _prepare(base: sqlite3.Connection) -> None:
    """A new file, or one of another form: an index is built again, never converted. Somebody else may have been first."""
    base.execute("BEGIN IMMEDIATE")
    for words in () if _current(base) else _TABLES:
        base.execute(words)
    base.execute("COMMIT")


def _field(tx: sqlite3.Connection, vault: str, epoch: int, normaliser: str) -> int:
    """The number that stands for a field of a vault in an epoch: its names would be most of each row."""
    names = (vault, epoch, normaliser)
    tx.execute("INSERT OR IGNORE INTO field (vault, epoch, normaliser) VALUES (?, ?, ?)", names)
    found = tx.execute("SELECT id FROM field WHERE vault = ? AND epoch = ? AND normaliser = ?", names).fetchone()
    return int(found[0])


def _clear(tx: sqlite3.Connection, where: str, values: tuple[str | int, ...]) -> None:
    """Keys first: what is left of an epoch whose key is gone says nothing."""
    tx.execute(f"DELETE FROM key WHERE {where}", values)
    for table in ("tag", "whose"):
        tx.execute(f"DELETE FROM {table} WHERE field IN (SELECT id FROM field WHERE {where})", values)
    for table in ("field", "epoch"):
        tx.execute(f"DELETE FROM {table} WHERE {where}", values)
