"""The blind index in SQLite files of its own, one for each vault: freed cells overwritten, in no backup (§13).

A new epoch is written beside, in order and without a journal (`building`), and takes the name when it is whole and on the disk.
Later changes are small, and their journal stays in memory, so that no disk keeps what they remove. Whatever dies in between
(`held`) costs a rebuild, never a wrong answer.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from custody.adapters.files.local import sync_folder
from custody.adapters.finder.building import VERSION, Building
from custody.adapters.finder.held import held
from custody.base.errors import Unavailable
from custody.ports.finder import Tagged

_LITTLE: Final = 2_000
"""So many tags or people are changed at once: each may lie on a page of its own, which is kept until the end."""
_TORN: Final = ("malformed", "not a database", "disk image", "no such table")
_IS: Final = "EXISTS (SELECT 1 FROM epoch WHERE epoch = ?)"
Values = tuple[str | int | bytes, ...]


class SqliteFinder:
    """See `ports.finder.Finder`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._building = folder, dict[tuple[str, int], Building]()

    def epoch(self, vault: str) -> int | None:
        rows = self._read(vault, f"SELECT epoch FROM epoch WHERE {_sound(epoch='integer')}", ())
        return int(rows[0][0]) if rows else None

    def keys(self, vault: str, epoch: int) -> Mapping[int, bytes]:
        words = f"SELECT g, wrapped FROM key WHERE {_IS} AND {_sound(g='integer', wrapped='blob')}"
        return dict(self._read(vault, words, (epoch,)))

    def begin(self, vault: str, epoch: int) -> None:
        with _world(self._path(vault)):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for left in (*self._folder.glob(f"{vault}.*.new"), self._folder.with_suffix(".sqlite")):
                left.unlink(missing_ok=True)  # of one that was killed; of a home of before, which had one file for all
            self._building[vault, epoch] = Building(self._folder)

    def finish(self, vault: str, epoch: int) -> None:
        path, made = self._path(vault), self._building.pop((vault, epoch), None)
        if made is None:
            raise _out()
        beside = self._folder / f"{vault}.{epoch}.new"
        with _world(path), made:
            made.write(beside, epoch)
            with held(path, write=True):
                beside.replace(path)
                sync_folder(self._folder)

    def keep_key(self, vault: str, epoch: int, generation: int, wrapped: bytes) -> None:
        if made := self._building.get((vault, epoch)):
            made.keys[generation] = wrapped
            return
        with self._write(vault) as base:
            words = f"INSERT OR REPLACE INTO key (g, wrapped) SELECT ?, ? WHERE {_IS}"
            base.execute(words, (generation, wrapped, epoch))

    def drop_keys(self, vault: str, generation: int) -> None:
        self._remove(vault, ("DELETE FROM key WHERE g = ?",), [(generation,)])

    def put(self, vault: str, epoch: int, tags: Iterable[Tagged]) -> int:
        if made := self._building.get((vault, epoch)):
            with _world(self._path(vault)):
                return made.put(tags)
        source, total = iter(tags), 0
        while some := list(islice(source, _LITTLE)):
            with self._write(vault) as base:
                _require(base, epoch)
                _put(base, some)
            total += len(some)
        return total

    def find(self, vault: str, epoch: int, normaliser: str, tag: bytes) -> Sequence[bytes]:
        words = f"SELECT subject FROM tag JOIN field ON field.id = tag.field WHERE tag = ? AND normaliser = ? AND {_sound(subject='blob')} ORDER BY subject"
        return [row[0] for row in self._read(vault, words, (tag, normaliser), epoch)]

    def shared(self, vault: str, epoch: int, normaliser: str, most: int) -> Sequence[tuple[bytes, bytes]]:
        inside = f"FROM tag WHERE field = (SELECT id FROM field WHERE normaliser = ?) AND {_sound(tag='blob', subject='blob')}"
        words = (
            f"SELECT tag, subject FROM (SELECT tag, subject, count(*) OVER (PARTITION BY tag) AS many {inside})"
            " WHERE many BETWEEN 2 AND ? ORDER BY tag, subject"
        )
        return self._read(vault, words, (normaliser, most), epoch)

    def forget(self, vault: str, subjects: Iterable[bytes]) -> None:
        source, mine = iter(subjects), "SELECT tag, field, subject FROM whose WHERE subject = ?"
        words = f"DELETE FROM tag WHERE (tag, field, subject) IN ({mine})", "DELETE FROM whose WHERE subject = ?"
        while some := [(one,) for one in islice(source, _LITTLE)]:
            self._remove(vault, words, some)

    def drop(self, vault: str) -> None:
        """Keys first: what is left on a disk of an epoch whose key was overwritten says nothing."""
        path = self._path(vault)
        if not path.exists():
            return
        try:
            with self._write(vault) as base:
                base.execute("DELETE FROM key")
        except Unavailable:
            pass  # torn: it goes all the same
        with _world(path), held(path, write=True):
            path.unlink(missing_ok=True)
            sync_folder(self._folder)

    def _path(self, vault: str) -> Path:
        return self._folder / f"{vault}.sqlite"

    def _read(self, vault: str, words: str, values: Values, epoch: int | None = None) -> list[Any]:
        """The rows; with `epoch` only of that one: an answer from no index, or from another, would be 'nobody'."""
        path = self._path(vault)
        if not path.exists() and epoch is None:
            return []
        with _world(path), held(path, write=False), _opened(path) as base:
            if epoch is not None:
                _require(base, epoch)
            return list(base.execute(words, values)) if base is not None else []

    def _remove(self, vault: str, words: Sequence[str], values: Sequence[Values]) -> None:
        """Of a file that a killed writer tore, or of another form, everything goes: it answers nothing, and whoever removes must not wait for a rebuild."""
        path = self._path(vault)
        if not path.exists():
            return
        with _world(path), held(path, write=True), _opened(path) as base:
            if base is None:
                path.unlink(missing_ok=True)
                return
            base.execute("BEGIN IMMEDIATE")
            for statement in words:
                base.executemany(statement, values)
            base.execute("COMMIT")

    @contextmanager
    def _write(self, vault: str) -> Iterator[sqlite3.Connection]:
        path = self._path(vault)
        with _world(path), held(path, write=True), _opened(path) as base:
            if base is None:
                raise _out()
            base.execute("BEGIN IMMEDIATE")
            yield base
            base.execute("COMMIT")


def _put(base: sqlite3.Connection, tags: Sequence[Tagged]) -> None:
    names = sorted({(one.normaliser,) for one in tags})
    base.executemany("INSERT OR IGNORE INTO field (normaliser) VALUES (?)", names)
    fields = {normaliser: number for number, normaliser in base.execute("SELECT id, normaliser FROM field")}
    rows = sorted((one.tag, fields[one.normaliser], one.subject) for one in tags)
    for table in ("tag", "whose"):
        base.executemany(f"INSERT OR IGNORE INTO {table} (tag, field, subject) VALUES (?, ?, ?)", rows)


def _require(base: sqlite3.Connection | None, epoch: int) -> None:
    if base is None or not base.execute("SELECT 1 FROM epoch WHERE epoch = ?", (epoch,)).fetchone():
        raise _out()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection; None when there is no file, or one of another form, which is built again and never converted."""
    if not path.exists():
        yield None
        return
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as base:
        for pragma in ("secure_delete=ON", "journal_mode=MEMORY", "synchronous=NORMAL"):
            base.execute(f"PRAGMA {pragma}")
        yield base if base.execute("PRAGMA user_version").fetchone()[0] == VERSION else None


@contextmanager
def _world(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError, UnicodeError) as error:
        # SQLite says in its own words what of its file it cannot read, and those need not be text.
        if isinstance(error, UnicodeError) or any(word in str(error) for word in _TORN):
            path.unlink(missing_ok=True)
        raise _out() from error


def _sound(**kinds: str) -> str:
    """Of the cells that are read, only those that are still of their kind: SQLite keeps none to it where a bit of its file was changed."""
    return " AND ".join(f"typeof({name}) = '{kind}'" for name, kind in kinds.items())


def _out() -> Unavailable:
    return Unavailable("index.out", "The index of values does not answer.", retry=True,
                       next="Run it again: an index that was torn is built anew.")  # fmt: skip
