r"""Segments: append-only files of sealed records of one origin vault (spec/vault.md §6).

`CVSEG1\\n` | version u8 | suite u8 | origin 16 | segment 16 | frames | footer. A frame is u32 length and the record;
every record is of the segment's suite;
the footer is a zero length, the u64 count and SHA-256 over everything before it, so a torn file shows. What a reader
yields is provisional until it has seen the footer. A location is (offset, length) of the record after its length.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from mmap import mmap
from typing import Final, Protocol, TypeAlias

from custody.base.errors import Malformed
from custody.vault.record import SHORTEST, SUITE_AT, require_id
from custody.vault.suite import AES, Suite, suite_of

MAGIC: Final = b"CVSEG1\n"
HEAD_BYTES: Final = len(MAGIC) + 34
FOOT_BYTES: Final = 44
MAX_RECORD: Final = 64 * 1024 * 1024
_PIECE: Final = 1 << 20
_LENGTH: Final = struct.Struct(">I")
_COUNT: Final = struct.Struct(">Q")
_DIGEST_BYTES: Final = 32

Location: TypeAlias = tuple[int, int]
Memory: TypeAlias = bytes | bytearray | memoryview | mmap


class Sink(Protocol):
    """Where bytes go: a file, a socket's writer, a buffer."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""
        ...


class Origin(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        ...


class SegmentWriter:
    """Writes one segment to a file object; `add` returns where the record lies. Spent once closed."""

    def __init__(self, target: Sink, origin: bytes, segment: bytes, suite: Suite = AES) -> None:
        require_id(origin)
        require_id(segment)
        self._target, self._hash, self._open = target, hashlib.sha256(), True
        self.origin, self.suite, self.records, self.size = origin, suite, 0, 0
        self._write(MAGIC + bytes([1, suite.number]) + origin + segment)

    def add(self, sealed: bytes) -> Location:
        """(offset, length) of the record inside the file. Raises Malformed `vault.segment`."""
        if not SHORTEST <= len(sealed) <= MAX_RECORD:
            raise Malformed("vault.segment", "A record is too short or too long for a segment.")
        place = self.size + _LENGTH.size
        self._write(_LENGTH.pack(len(sealed)) + sealed)
        self.records += 1
        return place, len(sealed)

    def extend(self, batch: Iterable[bytes]) -> list[Location]:
        """`add` for a batch, with one write and one hash update for all of it."""
        parts: list[bytes] = []
        places: list[Location] = []
        end = self.size
        for sealed in batch:
            length = len(sealed)
            if not SHORTEST <= length <= MAX_RECORD:
                raise Malformed("vault.segment", "A record is too short or too long for a segment.")
            parts += (_LENGTH.pack(length), sealed)
            places.append((end + _LENGTH.size, length))
            end += _LENGTH.size + length
        self.add_run(b"".join(parts), len(places))
        return places

    def add_run(self, frames: bytes, records: int) -> int:
        """Append `records` ready frames as they stand; returns where the run begins. The caller answers for them."""
        start = self.size
        self._write(frames)
        self.records += records
        return start

    def close(self) -> str:
        """Write the footer; returns the SHA-256 of the whole file (hex)."""
        self._write(_LENGTH.pack(0) + _COUNT.pack(self.records))
        self._write(self._hash.digest())
        self._open = False
        return self._hash.hexdigest()

    def _write(self, data: bytes) -> None:
        if not self._open:
            raise Malformed("vault.segment", "This segment is closed; segments are never changed.")
        self._target.write(data)
        self._hash.update(data)
        self.size += len(data)


def head(data: bytes) -> tuple[bytes, bytes]:
    """(origin, segment) from the first bytes. Raises Malformed `vault.segment`, `vault.suite`."""
    if len(data) < HEAD_BYTES or not data.startswith(MAGIC) or data[len(MAGIC)] != 1:
        raise Malformed("vault.segment", "This is not a segment of a version known here.")
    suite_in(data)
    return data[len(MAGIC) + 2 : len(MAGIC) + 18], data[len(MAGIC) + 18 : HEAD_BYTES]


def suite_in(data: bytes) -> Suite:
    """The suite that the head of a segment names. Raises Malformed `vault.suite`."""
    return suite_of(data[len(MAGIC) + 1])


def frames(source: Origin) -> Iterator[tuple[int, bytes]]:
    """(offset, sealed) of each record, in order. Raises Malformed `vault.segment` for a torn or changed file."""
    start = source.read(HEAD_BYTES)
    head(start)
    number, digest, place, count = suite_in(start).number, hashlib.sha256(start), HEAD_BYTES, 0
    while True:
        prefix = source.read(_LENGTH.size)
        if len(prefix) != _LENGTH.size:
            raise _torn()
        digest.update(prefix)
        (length,) = _LENGTH.unpack(prefix)
        if length == 0:
            break
        sealed = source.read(length) if SHORTEST <= length <= MAX_RECORD else b""
        if len(sealed) != length:
            raise _torn()
        if sealed[SUITE_AT] != number:
            raise Malformed("vault.segment", "A record is of another suite than its segment.")
        digest.update(sealed)
        yield place + _LENGTH.size, sealed
        place, count = place + _LENGTH.size + length, count + 1
    # One byte more is asked for than there may be, so that a continued file shows.
    tail = source.read(_COUNT.size + _DIGEST_BYTES + 1)
    digest.update(tail[: _COUNT.size])
    if tail != _COUNT.pack(count) + digest.digest():
        raise _torn()


def iter_records(source: Origin) -> Iterator[bytes]:
    """The sealed records of a segment, in order; see `frames`."""
    return (sealed for _, sealed in frames(source))


def record_at(data: Memory, place: Location) -> bytes:
    """The sealed record at a location of a segment in memory (bytes or mmap). Raises Malformed `vault.segment`."""
    view = memoryview(data)
    _check_frame(view, *place)
    return bytes(view[place[0] : place[0] + place[1]])


def copy_records(source: Memory, kept: Iterable[Location], writer: SegmentWriter) -> list[Location]:
    """Copy the records at `kept` (ascending) of a segment in memory; returns where each lies now.

    Runs of adjacent records go as they stand, about a megabyte in one write. Raises Malformed `vault.segment` when a location is
    not a frame of `source`, is out of order, or `source` has another origin or suite than `writer`.
    """
    with memoryview(source) as view:
        start = bytes(view[:HEAD_BYTES])
        if head(start)[0] != writer.origin or suite_in(start) is not writer.suite:
            raise Malformed(
                "vault.segment", "Records keep origin and suite of their segment; this copy has other ones."
            )
        return _copied(view, kept, writer)


def _copied(view: memoryview, kept: Iterable[Location], writer: SegmentWriter) -> list[Location]:
    moved: list[Location] = []
    waiting: list[memoryview] = []
    end, before = writer.size, writer.records
    try:
        for first, last, run in _runs(view, kept):
            shift = end - first
            moved += [(offset + shift, length) for offset, length in run]
            waiting.append(view[first:last])
            end += last - first
            if end - writer.size >= _PIECE:
                _add(writer, waiting, before + len(moved))
        _add(writer, waiting, before + len(moved))
    finally:
        waiting.clear()  # a mapped file is closed only when nothing looks into it: what went wrong is told, not that
    return moved


def _add(writer: SegmentWriter, waiting: list[memoryview], records: int) -> None:
    """Runs that wait in one write and one update of the hash; with them the copy has so many records."""
    writer.add_run(b"".join(waiting), records - writer.records)
    waiting.clear()


def _runs(view: memoryview, kept: Iterable[Location]) -> Iterator[tuple[int, int, list[Location]]]:
    start = end = HEAD_BYTES
    run: list[Location] = []
    size, last = _LENGTH.unpack_from, len(view) - FOOT_BYTES
    for place in kept:  # `_check_frame` written out: this is all that a copy costs beside its bytes
        offset, length = place
        frame = offset - _LENGTH.size
        if frame < end or length < SHORTEST or offset + length > last or size(view, frame)[0] != length:
            raise _no_frame()
        if frame > end or end - start >= _PIECE:
            if run:
                yield start, end, run
            run, start = [], frame
        end = offset + length
        run.append(place)
    if run:
        yield start, end, run


def _check_frame(view: memoryview, offset: int, length: int) -> None:
    inside = HEAD_BYTES + _LENGTH.size <= offset and offset + length <= len(view) - FOOT_BYTES
    if not inside or length < SHORTEST or _LENGTH.unpack_from(view, offset - _LENGTH.size)[0] != length:
        raise _no_frame()


def _no_frame() -> Malformed:
    return Malformed("vault.segment", "A location does not lead to a record of this segment.")


def _torn() -> Malformed:
    return Malformed("vault.segment", "The segment is torn or was changed.", next="Fetch it again.")
