r"""Segments as far as a package needs them: frames and the 48-byte record header (spec/package.md §4).

The bytes are those of spec/vault.md §4 and §6, read here on their own: a verifier must not need the vault, and
no key is involved. `CVSEG1\\n` | version | suite | origin 16 | segment 16 | frames | 0 u32 | count u64 | SHA-256.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from custody.base.errors import Broken
from custody.package import folder

MAGIC: Final = b"CVSEG1\n"
HEAD_BYTES: Final = len(MAGIC) + 34
HEADER: Final = struct.Struct(">2sBBBBHI16sI16s")
OVERHEAD: Final = HEADER.size + 12 + 16
MAX_RECORD: Final = 64 * 1024 * 1024
SUITES: Final = frozenset((1,))
_LENGTH: Final = struct.Struct(">I")
_COUNT: Final = struct.Struct(">Q")
_BLOCK: Final = 1 << 20


class Frame(NamedTuple):
    """One sealed record: its number in the file, where it lies, its bytes."""

    number: int
    offset: int
    sealed: bytes


class Written(NamedTuple):
    """A finished segment; `hashes` holds 32 bytes a record, in order."""

    records: int
    size: int
    sha256: str
    hashes: bytes


def header(
    suite: int, compartment: int, schema: int, revision: int, *, subject: bytes, record: int, key: bytes
) -> bytes:
    """The 48 bytes that stand before a record, as a leaf foretells them; `key` is the 16-byte key id."""
    return HEADER.pack(b"CV", 1, suite, compartment, 0, schema, revision, subject, record, key)


def owner(sealed: bytes) -> tuple[bytes, int, int]:
    """(subject, compartment, record) from a record's header."""
    _, _, _, compartment, _, _, _, subject, record, _ = HEADER.unpack_from(sealed)
    return subject, compartment, record


def origin(path: Path) -> bytes:
    """The vault that a segment names. Raises Broken `frames.head`, `folder.open`."""
    with folder.opened(path) as source:
        return head(source.read(HEAD_BYTES))[1]


def head(data: bytes) -> tuple[int, bytes, bytes]:
    """(suite, origin, segment). Raises Broken `frames.head`."""
    if len(data) < HEAD_BYTES or not data.startswith(MAGIC) or data[7] != 1 or data[8] not in SUITES:
        raise _broken("frames.head", 0, 0)
    return data[8], data[9:25], data[25:HEAD_BYTES]


def read(source: BinaryIO) -> Iterator[Frame]:
    """Each record in order. Raises Broken `frames.head`, `frames.torn`, `frames.foot` with row and byte."""
    start = source.read(HEAD_BYTES)
    suite, _, _ = head(start)
    digest, place, row = hashlib.sha256(start), HEAD_BYTES, 0
    while True:
        prefix = source.read(4)
        length = _LENGTH.unpack(prefix)[0] if len(prefix) == 4 else -1
        digest.update(prefix)
        if length == 0:
            break
        sealed = source.read(length) if OVERHEAD < length <= MAX_RECORD else b""
        if len(sealed) != length:
            raise _broken("frames.torn", row, place)
        if sealed[:4] != bytes((67, 86, 1, suite)) or sealed[5]:
            raise _broken("frames.record", row, place + 4)
        digest.update(sealed)
        yield Frame(row, place + 4, sealed)
        place, row = place + 4 + length, row + 1
    tail = source.read(_COUNT.size + 33)
    digest.update(tail[: _COUNT.size])
    if tail != _COUNT.pack(row) + digest.digest():
        raise Broken("frames.foot", "A segment's footer is not its own.", kind="altered")


def write(target: BinaryIO, suite: int, origin: bytes, segment: bytes, sealed: Iterable[bytes]) -> Written:
    """Write a segment of `origin` that holds `sealed`, in this order."""
    digest, hashes, size, records = hashlib.sha256(), bytearray(), 0, 0
    pending = [MAGIC + bytes((1, suite)) + origin + segment]
    held = HEAD_BYTES
    for one in sealed:
        pending += (_LENGTH.pack(len(one)), one)
        hashes += hashlib.sha256(one).digest()
        held, records = held + 4 + len(one), records + 1
        if held >= _BLOCK:
            size += _flush(target, digest, pending)
            pending, held = [], 0
    pending.append(_LENGTH.pack(0) + _COUNT.pack(records))
    size += _flush(target, digest, pending)
    foot = digest.digest()
    size += _flush(target, digest, [foot])
    return Written(records, size, digest.hexdigest(), bytes(hashes))


def _flush(target: BinaryIO, digest: "hashlib._Hash", pending: list[bytes]) -> int:
    block = b"".join(pending)
    target.write(block)
    digest.update(block)
    return len(block)


def _broken(slug: str, row: int, byte: int) -> Broken:
    return Broken(slug, "A segment is torn or was changed.", kind="altered", where={"row": row, "byte": byte})
