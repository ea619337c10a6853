"""Whether some bytes are a picture, by walking its structure alone: nothing is decompressed or drawn, so nothing that a stranger sent is run (spec/consent.md §8).

No PDF is one: what acts in it may lie in a packed object, in a name of hex signs or behind a comment, and it opens in a viewer of staff.

A photograph is taken up to its end: what a telephone, or somebody, put behind it is left out.
"""

import re
import zlib
from typing import Final

KINDS: Final = {"png": "image/png", "jpeg": "image/jpeg"}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SOI: Final = b"\xff\xd8"
_MARK, _END_OF_PICTURE, _SCAN_BEGINS = 0xFF, 0xD9, 0xDA
_BARE: Final = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers of a JPEG without a length."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends entropy-coded bytes: a marker that is no stuffing and no restart."""


def recognised(data: bytes) -> tuple[str, bytes] | None:
    """(one of `KINDS`, what belongs to it), or None for anything else, or broken."""
    if data.startswith(_PNG):
        return ("png", data) if _png(data) else None
    if data.startswith(_SOI):
        end = _jpeg(data)
        return ("jpeg", data[:end]) if end else None
    return None


def _png(data: bytes) -> bool:
    """Chunks of the right sums from IHDR through IDAT to IEND, and nothing behind."""
    at, seen = len(_PNG), list[bytes]()
    while at + 12 <= len(data) and seen[-1:] != [b"IEND"]:
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data) or not kind.isalpha():
            return False
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            return False
        seen.append(kind)
        at = end
    return at == len(data) and seen[:1] == [b"IHDR"] and seen[-1:] == [b"IEND"] and b"IDAT" in seen


def _jpeg(data: bytes) -> int:
    """Where the picture ends: segments, a frame, scans, and the mark of its end; 0 where it is none."""
    at, framed, scanned = len(_SOI), False, False
    while at + 2 <= len(data) and data[at] == _MARK:
        marker = data[at + 1]
        if marker == _END_OF_PICTURE:
            return at + 2 if framed and scanned else 0
        if marker == _MARK or marker in _BARE:
            at += 1 if marker == _MARK else 2
            continue
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        framed = framed or marker in _FRAMES
        if marker == _SCAN_BEGINS:
            scanned, found = True, _NEXT.search(data, at)
            at = found.start() if found else len(data)
    return 0
