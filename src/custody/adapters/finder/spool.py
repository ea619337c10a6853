"""Entries of one length put in order without being in memory together: spilled sealed, given back a part at a time.

The file has no name from its first moment, and its key is in this process alone: whatever ends it leaves nothing that can be
read. Entries begin with random bytes (a tag, an id of a subject), so parts by their first byte are of like size.
"""

import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PARTS: Final = 256
_HELD: Final = 8 << 20
"""Bytes in memory before they are spilled."""
_NONCE_BYTES: Final = 12


class Spool:
    """Takes entries of `width` bytes in any order, and gives each once, ascending."""

    def __init__(self, folder: Path, width: int) -> None:
        self._width, self._cipher = width, AESGCM(AESGCM.generate_key(256))
        self._file, name = tempfile.mkstemp(dir=folder, prefix="index-")
        self._close = weakref.finalize(self, os.close, self._file)  # also for one that was begun and left
        Path(name).unlink()
        self._end = 0
        self._parts = [bytearray() for _ in range(_PARTS)]
        self._blocks: list[list[tuple[int, int, int]]] = [[] for _ in range(_PARTS)]
        self._held = self._sealed = 0

    def add(self, entry: bytes) -> None:
        """Take one."""
        self._parts[entry[0]] += entry
        self._held += self._width
        if self._held >= _HELD:
            self._spill()

    def parts(self) -> Iterator[list[bytes]]:
        """All entries, ascending, in lists; the same one twice is one."""
        self._spill()
        for blocks in self._blocks:
            data = b"".join(self._opened(*block) for block in blocks)
            yield sorted({data[start : start + self._width] for start in range(0, len(data), self._width)})

    def close(self) -> None:
        """Let go of the file, and with it of everything in it."""
        self._close()

    def _spill(self) -> None:
        """A block for each part under a nonce that is counted: the key is used by this spool alone."""
        for number, part in enumerate(self._parts):
            if part:
                block = self._cipher.encrypt(self._sealed.to_bytes(_NONCE_BYTES), bytes(part), None)
                self._blocks[number].append((self._end, len(block), self._sealed))
                self._end, self._sealed = self._end + self._write(block), self._sealed + 1
        self._parts, self._held = [bytearray() for _ in range(_PARTS)], 0

    def _write(self, block: bytes) -> int:
        """At the end; the kernel may take less than it is given."""
        done = 0
        while done < len(block):
            done += os.pwrite(self._file, block[done:], self._end + done)
        return done

    def _opened(self, position: int, length: int, nonce: int) -> bytes:
        block = b""
        while len(block) < length and (some := os.pread(self._file, length - len(block), position + len(block))):
            block += some
        return self._cipher.decrypt(nonce.to_bytes(_NONCE_BYTES), block, None)
