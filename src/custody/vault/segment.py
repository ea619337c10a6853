r"""Segments: append-only files of sealed records of one origin vault (spec/vault.md §6).

`CVSEG1\\n` | version u8 | suite u8 | origin 16 | segment 16 | frames | footer. A frame is u32 length and the record;
the footer is a zero length, the u64 count and SHA-256 over everything before it, so a torn file shows.
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from custody.base.errors import Malformed
from custody.vault.suite import SUITE_AES, require_suite

MAGIC: Final = b"CVSEG1\n"
HEAD_BYTES: Final = len(MAGIC) + 34
MAX_RECORD: Final = 64 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")
_COUNT: Final = struct.Struct(">Q")


class SegmentWriter:
    """Writes one segment to a file object; `add` returns where the record lies."""

    def __init__(self, target: BinaryIO, origin: bytes, segment: bytes) -> None:
        self._target, self._hash = target, hashlib.sha256()
        self.records, self.size = 0, 0
        self._write(MAGIC + bytes([1, SUITE_AES]) + origin + segment)

    def add(self, sealed: bytes) -> tuple[int, int]:
        """(offset, length) of the record inside the file."""
        place = self.size + _LENGTH.size
        self._write(_LENGTH.pack(len(sealed)) + sealed)
        self.records += 1
        return place, len(sealed)

    def close(self) -> str:
        """Write the footer; returns the SHA-256 of the whole file (hex)."""
        self._write(_LENGTH.pack(0) + _COUNT.pack(self.records))
        digest = self._hash.digest()
        self._write(digest)
        return self._hash.hexdigest()

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._hash.update(data)
        self.size += len(data)


def head(data: bytes) -> tuple[bytes, bytes]:
    """(origin, segment) from the first bytes. Raises Malformed `vault.segment`."""
    if len(data) < HEAD_BYTES or not data.startswith(MAGIC) or data[len(MAGIC)] != 1:
        raise Malformed("vault.segment", "This is not a segment of a version known here.")
    require_suite(data[len(MAGIC) + 1])
    return data[len(MAGIC) + 2 : len(MAGIC) + 18], data[len(MAGIC) + 18 : HEAD_BYTES]


def frames(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(offset, sealed) of each record, in order. Raises Malformed `vault.segment` for a torn or changed file."""
    start = source.read(HEAD_BYTES)
    head(start)
    digest, place, count = hashlib.sha256(start), HEAD_BYTES, 0
    while True:
        prefix = source.read(_LENGTH.size)
        if len(prefix) != _LENGTH.size:
            raise _torn()
        digest.update(prefix)
        (length,) = _LENGTH.unpack(prefix)
        if length == 0:
            break
        sealed = source.read(length) if length <= MAX_RECORD else b""
        if len(sealed) != length:
            raise _torn()
        digest.update(sealed)
        yield place + _LENGTH.size, sealed
        place, count = place + _LENGTH.size + length, count + 1
    tail = source.read(_COUNT.size + 33)
    digest.update(tail[: _COUNT.size])
    if tail != _COUNT.pack(count) + digest.digest():
        raise _torn()


def _torn() -> Malformed:
    return Malformed("vault.segment", "The segment is torn or was changed.", next="Fetch it again.")
