r"""Segments as far as a package needs them: frames and the 48-byte record header (spec/package.md §4).

The bytes are those of spec/vault.md §4 and §6, read here on their own: a verifier must not need the vault, and
no key is involved. `CVSEG1\\n` | version | suite | origin 16 | segment 16 | frames | 0 u32 | count u64 | SHA-256.
"""

import hashlib
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

from custody.base.errors import Broken
from custody.package import folder

MAGIC: Final = b"CVSEG1\n"
HEAD_BYTES: Final = len(MAGIC) + 34
HEADER: Final = struct.Struct(">2sBBBBHI16sI16s")
OVERHEAD: Final = HEADER.size + 12 + 16
MAX_RECORD: Final = 64 * 1024 * 1024
SUITES: Final = frozenset((1, 2))
_LENGTH: Final = struct.Struct(">I")
_COUNT: Final = struct.Struct(">Q")
_BLOCK: Final = 1 << 20
_AHEAD: Final = 2


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


def write(
    target: BinaryIO, suite: int, origin: bytes, segment: bytes, sealed: Iterable[bytes], told: Callable[[bytes], object] | None = None
) -> Written:  # fmt: skip
    """Write a segment of `origin` that holds `sealed`, in this order. `told` takes the hashes as they are made; `hashes` is empty then."""
    hashes, records, held = bytearray(), 0, HEAD_BYTES
    pending = [MAGIC + bytes((1, suite)) + origin + segment]
    pack, digest_of = _LENGTH.pack, hashlib.sha256
    with _Drain(target) as drain:
        for one in sealed:
            length = len(one)
            pending += (pack(length), one)
            hashes += digest_of(one).digest()
            held, records = held + 4 + length, records + 1
            if held >= _BLOCK:
                drain.put(pending)
                pending, held = [], 0
                if told:
                    told(bytes(hashes))
                    hashes.clear()
        drain.put([*pending, pack(0) + _COUNT.pack(records)])
    if told:
        told(bytes(hashes))
        hashes.clear()
    foot = drain.digest.digest()
    target.write(foot)
    drain.digest.update(foot)
    return Written(records, drain.size + len(foot), drain.digest.hexdigest(), bytes(hashes))


class _Drain:
    """Writes and hashes blocks in order in a thread of its own, while the caller hashes the next records.

    Both let go of the interpreter for a block of this size. Leaving it waits for what was put; what went wrong there is
    raised at the next `put` or on leaving, so nothing is answered that was not written.
    """

    def __init__(self, target: BinaryIO) -> None:
        self.digest, self.size = hashlib.sha256(), 0
        self._target, self._waiting = target, deque[Future[None]]()
        self._thread = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True)
        while self._waiting:
            self._waiting.popleft().result()

    def put(self, parts: Sequence[bytes]) -> None:
        """Take one block; at most two wait, so that memory stays bounded."""
        self._waiting.append(self._thread.submit(self._take, parts))
        if len(self._waiting) > _AHEAD:
            self._waiting.popleft().result()

    def _take(self, parts: Sequence[bytes]) -> None:
        block = b"".join(parts)
        self._target.write(block)
        self.digest.update(block)
        self.size += len(block)


def _broken(slug: str, row: int, byte: int) -> Broken:
    return Broken(slug, "A segment is torn or was changed.", kind="altered", where={"row": row, "byte": byte})
