"""The mirror as one file per space on a local disk, best on another one (spec/vault.md §20).

A frame that a crash tore was never answered; the next append cuts it off. Frames before it are never touched. Everybody who
acts on this host brings the mirror up to date, so the file is locked: a writer alone, and whoever asks for its end beside no writer.
One that is written anew is another file under the name: whoever waited for the lock of the one before takes that of the new one.
"""

import hashlib
import os
import shutil
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from custody.adapters.begun import Begun
from custody.adapters.files.local import PART, sync_folder
from custody.adapters.files.locked import locked
from custody.base.errors import Broken, Malformed, Unavailable

_LEAD: Final = struct.Struct(">QI")
_END: Final = struct.Struct(">I")
_CHECK: Final = 8
_AROUND: Final = _LEAD.size + _CHECK + _END.size
_MOST: Final = 64 << 20
_NEXT: Final = 4
_ASIDE: Final = ".altered-"
_FRESH: Final = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


class _Frame(NamedTuple):
    number: int
    body: bytes
    end: int


class LocalMirror:
    """See `ports.mirror.Mirror`."""

    def __init__(self, folder: Path, may_write: Callable[[], None] = lambda: None, begun: Begun | None = None) -> None:
        """`may_write` raises when nothing may be written there (spec/residency.md); `begun` remembers that something was."""
        self._folder, self._may_write, self._begun = folder, may_write, begun

    def newest(self, space: str) -> tuple[int, bytes] | None:
        path = self._path(space)
        with _world():
            if not path.exists():
                self._beginning()
                return None
            with _held(path, os.O_RDONLY) as source:
                found = _newest(source)
        return None if found is None else (found.number + 1, found.body)

    def append(self, space: str, first: int, entries: Sequence[bytes]) -> None:
        self._may_write()
        with _world(), self._alone(space) as target:
            found = _newest(target)
            count, end = (0, 0) if found is None else (found.number + 1, found.end)
            if first > count:
                raise Malformed("mirror.order", "The mirror takes entries in order, without a gap.")
            fresh = entries[count - first :]
            if not fresh:
                return
            os.ftruncate(target.fileno(), end)
            target.seek(end)
            target.write(b"".join(_frame(count + place, one) for place, one in enumerate(fresh)))
            target.flush()
            os.fsync(target.fileno())
            if not end:
                sync_folder(self._folder)
            if self._begun is not None:
                self._begun.note()

    def read(self, space: str, first: int = 0) -> Iterator[bytes]:
        path, place, number = self._path(space), 0, 0
        if not path.exists():
            self._beginning()
        with _world():
            while path.exists():
                with path.open("rb") as source:
                    for found in _forward(source, place, number):
                        place, number = found.end, found.number + 1
                        if found.number >= first:
                            yield found.body
                with _held(path, os.O_RDONLY) as source:  # what is not whole while nobody writes is no frame in writing
                    if _next(source, place, number) is None:
                        _require_end(source, place, number)
                        return

    def mend(
        self, space: str, entries: Callable[[int], Iterator[bytes]], *,
        rest: bool = False, anew: bool = False, require: Callable[[Iterator[bytes]], None] | None = None,
    ) -> None:  # fmt: skip
        self._may_write()
        path = self._path(space)
        part = path.with_suffix(PART)
        with _world(), self._alone(space) as source:
            try:
                with os.fdopen(os.open(part, _FRESH, 0o600), "r+b") as target:
                    number = 0 if anew else _copied(source, target, 0)
                    for one in entries(number):
                        target.write(_frame(number, one))
                        number += 1
                    if rest:
                        _require_reached(source, target.tell(), number)
                        number = _copied(source, target, number)
                        _require_end(source, target.tell(), number)
                    if require is not None:
                        require(found.body for found in _forward(target))
                    target.flush()
                    os.fsync(target.fileno())
                if not anew:
                    _kept_beside(path)
                part.replace(path)
                if anew:  # they are under a key that is to open nothing here any more; every entry that they had is in the ledger
                    for aside in self._folder.glob(f"{path.stem}{_ASIDE}*"):
                        aside.unlink()
                sync_folder(self._folder)
            finally:
                part.unlink(missing_ok=True)

    @contextmanager
    def _alone(self, space: str) -> Iterator[BinaryIO]:
        """The file, made where there is none, as long as nobody else reads its end or writes."""
        path = self._path(space)
        if not path.exists():
            self._beginning()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _held(path, os.O_RDWR | os.O_CREAT) as target:
            yield target

    def _beginning(self) -> None:
        """Nothing is there, and nothing was. A disk that is not mounted leaves an empty folder: what is written beneath it is lost with the home."""
        if self._begun:
            raise Unavailable("mirror.away", "The ledger's mirror is not where it was written.", where={"folder": str(self._folder)}, retry=True,
                              next="Bring its disk back; if it is lost for good, name another folder as mirror in custody.toml.")  # fmt: skip

    def _path(self, space: str) -> Path:
        if not space.replace("_", "").isalnum():
            raise Malformed("mirror.space", "This is not the name of a space.")
        return self._folder / f"{space}.journal"


@contextmanager
def _held(path: Path, how: int) -> Iterator[BinaryIO]:
    """The file that has the name, under its lock."""
    write = how != os.O_RDONLY
    while True:
        with os.fdopen(os.open(path, how | os.O_CLOEXEC, 0o600), "r+b" if write else "rb") as source:
            locked(source.fileno(), write=write)
            if os.path.samestat(os.fstat(source.fileno()), path.stat()):
                yield source
                return


def _kept_beside(path: Path) -> None:
    """A copy under a name that no other has: what was in it may be wanted."""
    number = 1
    while (aside := path.with_suffix(f"{_ASIDE}{number}")).exists():
        number += 1
    shutil.copyfile(path, aside)
    aside.chmod(0o600)


def _copied(source: BinaryIO, target: BinaryIO, number: int) -> int:
    """Whole frames from entry `number` on that lie in `source` where `target` ends, to there; the number of the one that is not."""
    for found in _forward(source, target.tell(), number):
        target.write(_frame(found.number, found.body))
        number = found.number + 1
    return number


def _frame(number: int, body: bytes) -> bytes:
    lead = _LEAD.pack(number, len(body)) + body
    return lead + hashlib.sha256(lead).digest()[:_CHECK] + _END.pack(len(body))


def _require_reached(source: BinaryIO, place: int, number: int) -> None:
    """What is put in is as long as what it replaces; a mirror that was shorter is not the newest. Raises Broken `mirror.altered`."""
    if source.seek(0, os.SEEK_END) < place:
        raise _altered(number)


def _require_end(source: BinaryIO, place: int, number: int) -> None:
    """A torn frame is shorter than its lead says, and nothing whole lies behind it; any other was whole once. Raises Broken `mirror.altered`."""
    size, last = source.seek(0, os.SEEK_END), _backward(source, source.seek(0, os.SEEK_END))
    whole = last is not None and last.end > place
    if whole or _as_long(source, place, number, size) or _follows(source, place, number):
        raise _altered(number)


def _altered(number: int) -> Broken:
    return Broken("mirror.altered", "An entry of the ledger's mirror is altered; those behind it, erasures perhaps, are not read past it.",
                  kind="altered", where={"entry": number}, next="Put another copy of the mirror in its place, or restore from a place with a newer backup; while the home lives, custody backup writes it anew.")  # fmt: skip


def _as_long(source: BinaryIO, place: int, number: int, size: int) -> bool:
    """Whether what lies there ends where a frame would, by the length before it or by the one behind it."""
    if size - place < _AROUND:
        return False
    source.seek(place)
    said, before = map(int, _LEAD.unpack(source.read(_LEAD.size)))
    source.seek(size - _END.size)
    behind = int(_END.unpack(source.read(_END.size))[0])
    return (said == number and place + _AROUND + before <= size) or place + _AROUND + behind == size


def _follows(source: BinaryIO, place: int, number: int) -> bool:
    """Whether one of the next entries lies whole somewhere behind."""
    return _resumed(source, place, number) is not None


def _resumed(source: BinaryIO, place: int, number: int) -> _Frame | None:
    """The first of the next entries that lies whole somewhere behind."""
    source.seek(place)
    data = source.read(_MOST)
    marks = (later.to_bytes(8, "big") for later in range(number + 1, number + 1 + _NEXT))
    found = (_at(source, place + at) for mark in marks for at in _places(data, mark))
    return next((one for one in found if one is not None), None)


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _newest(source: BinaryIO) -> _Frame | None:
    """The last whole frame: by the end of the file, or from its beginning when the end is torn, past what rotted in between. Raises Broken `mirror.altered` where what lies behind it is not torn but was whole once."""
    if (found := _backward(source, source.seek(0, os.SEEK_END))) is not None:
        return found
    found, place, number = None, 0, 0
    while (later := _last(source, place, number) or _resumed(source, place, number)) is not None:
        found, place, number = later, later.end, later.number + 1
    _require_end(source, place, number)
    return found


def _forward(source: BinaryIO, place: int = 0, number: int = 0) -> Iterator[_Frame]:
    while (found := _next(source, place, number)) is not None:
        yield found
        place, number = found.end, number + 1


def _next(source: BinaryIO, place: int, number: int) -> _Frame | None:
    found = _at(source, place)
    return found if found is not None and found.number == number else None


def _backward(source: BinaryIO, size: int) -> _Frame | None:
    if size < _AROUND:
        return None
    source.seek(size - _END.size)
    place = size - _AROUND - _END.unpack(source.read(_END.size))[0]
    found = _at(source, place) if place >= 0 else None
    return found if found is not None and found.end == size else None


def _last(source: BinaryIO, place: int, number: int) -> _Frame | None:
    found = None
    for found in _forward(source, place, number):  # noqa: B007 - the last one is what is wanted
        pass
    return found


def _at(source: BinaryIO, place: int) -> _Frame | None:
    source.seek(place)
    lead = source.read(_LEAD.size)
    if len(lead) != _LEAD.size:
        return None
    number, size = _LEAD.unpack(lead)
    rest = source.read(size + _CHECK + _END.size) if size <= _MOST else b""
    if len(rest) != size + _CHECK + _END.size or _frame(number, rest[:size]) != lead + rest:
        return None
    return _Frame(number, rest[:size], place + _AROUND + size)


@contextmanager
def _world() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("mirror.out", "The ledger's mirror does not answer.", retry=True,
                          next="Bring its disk back; what is missing there follows by itself.") from error  # fmt: skip
