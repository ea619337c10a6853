"""Physical lines of a file as bytes, with their ends, by the file's own convention and without decoding them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from custody.adapters.sources.encoding import blocks

_WIDE: Final = {"utf-16-le": (b"\n\0", 2), "utf-16-be": (b"\0\n", 2), "utf-32-le": (b"\n\0\0\0", 4), "utf-32-be": (b"\0\0\0\n", 4)}  # fmt: skip
_LONGEST: Final = 1 << 24


def plain_encoding(encoding: str, head: bytes) -> str:
    """The encoding by which a piece from the middle of the file decodes: without mark, with its byte order named."""
    if encoding == "utf-8-sig":
        return "utf-8"
    if encoding in {"utf-16", "utf-32"}:
        return encoding + ("-be" if head[:1] == b"\xfe" or head[:2] == b"\0\0" else "-le")
    return encoding


def lines(path: Path, encoding: str, mark: int, *, cr: bool = False) -> Iterator[bytes]:
    """Every line of the file, `mark` bytes of byte order mark left out of the first. `cr`: lines end with CR alone."""
    end, unit = (b"\r", 1) if cr else _WIDE.get(encoding, (b"\n", 1))
    rest, first = b"", True
    for block in blocks(path):
        data = rest + (block[mark:] if first else block)
        first, start = False, 0
        while (place := _find(data, end, start, unit)) >= 0:
            yield data[start : place + len(end)]
            start = place + len(end)
        rest = data[start:]
        if len(rest) > _LONGEST:  # a line of many megabytes is no row of a table; it is met once, in pieces
            yield rest
            rest = b""
    if rest:
        yield rest


def _find(data: bytes, end: bytes, start: int, unit: int) -> int:
    place = data.find(end, start)
    while place >= 0 and (place - start) % unit:
        place = data.find(end, place + 1)
    return place
