"""The mirror as one file per space on a local disk, best on another one (spec/vault.md §20).

A frame that a crash tore was never answered; the next append cuts it off. Frames before it are never touched.
"""

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from custody.adapters.files.local import sync_folder
from custody.base.errors import Malformed, Unavailable

_LEAD: Final = struct.Struct(">QI")
_END: Final = struct.Struct(">I")
_CHECK: Final = 8
_AROUND: Final = _LEAD.size + _CHECK + _END.size
_MOST: Final = 64 << 20


class _Frame(NamedTuple):
    number: int
    body: bytes
    end: int


class LocalMirror:
    """See `ports.mirror.Mirror`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self, space: str) -> int:
        found = self._newest(space)
        return 0 if found is None else found.number + 1

    def last(self, space: str) -> bytes | None:
        found = self._newest(space)
        return None if found is None else found.body

    def append(self, space: str, first: int, entries: Sequence[bytes]) -> None:
        with _world():
            found = self._newest(space)
            count, end = (0, 0) if found is None else (found.number + 1, found.end)
            if first > count:
                raise Malformed("mirror.order", "The mirror takes entries in order, without a gap.")
            fresh = entries[count - first :]
            if not fresh:
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._path(space)
            with path.open("r+b" if path.exists() else "xb") as target:
                os.ftruncate(target.fileno(), end)
                target.seek(end)
                target.write(b"".join(_frame(count + place, one) for place, one in enumerate(fresh)))
                target.flush()
                os.fsync(target.fileno())
            if not end:
                sync_folder(self._folder)

    def read(self, space: str, first: int = 0) -> Iterator[bytes]:
        with _world():
            if self._path(space).exists():
                with self._path(space).open("rb") as source:
                    yield from (one.body for one in _forward(source) if one.number >= first)

    def _newest(self, space: str) -> _Frame | None:
        """The last whole frame: by the end of the file, or from its beginning when the end is torn."""
        with _world():
            path = self._path(space)
            if not path.exists():
                return None
            with path.open("rb") as source:
                return _backward(source, path.stat().st_size) or _last(source)

    def _path(self, space: str) -> Path:
        if not space.replace("_", "").isalnum():
            raise Malformed("mirror.space", "This is not the name of a space.")
        return self._folder / f"{space}.journal"


def _frame(number: int, body: bytes) -> bytes:
    lead = _LEAD.pack(number, len(body)) + body
    return lead + hashlib.sha256(lead).digest()[:_CHECK] + _END.pack(len(body))


def _forward(source: BinaryIO) -> Iterator[_Frame]:
    place, number = 0, 0
    while (found := _at(source, place)) is not None and found.number == number:
        yield found
        place, number = found.end, number + 1


def _backward(source: BinaryIO, size: int) -> _Frame | None:
    if size < _AROUND:
        return None
    source.seek(size - _END.size)
    place = size - _AROUND - _END.unpack(source.read(_END.size))[0]
    found = _at(source, place) if place >= 0 else None
    return found if found is not None and found.end == size else None


def _last(source: BinaryIO) -> _Frame | None:
    found = None
    for found in _forward(source):  # noqa: B007 - the last one is what is wanted
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
