"""The elements of one large JSON array, one by one, with the line each begins on; the array is never held whole."""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from custody.adapters.sources.encoding import blocks

_LONGEST: Final = 1 << 24
_BETWEEN: Final = " \t\r\n,"
_DECODER: Final = json.JSONDecoder()


def begins(path: Path) -> bool:
    """Whether the file is an array rather than a line for each object."""
    with path.open("rb") as source:
        head = source.read(4096).removeprefix(codecs.BOM_UTF8).lstrip()
    return head.startswith(b"[") and not _whole_line(head)


def elements(path: Path) -> Iterator[tuple[int, bytes]]:
    """(line, text of an element). What comes behind a break is one element more, which is not JSON."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape")
    text, line, opened = "", 1, False
    for block in (*blocks(path), b""):
        text += decoder.decode(block, final=not block)
        place = 0 if opened else text.index("[") + 1
        line += 0 if opened else text.count("\n", 0, place)
        opened = True
        while True:
            start = _skip(text, place)
            line += text.count("\n", place, start)
            place = start
            if text[place : place + 1] in {"", "]"}:
                break
            end = _end(text, place, last=not block)
            if end is None:
                break
            yield line, text[place:end].encode(errors="surrogateescape")
            line += text.count("\n", place, end)
            place = end
        text = text[place:]
        if len(text) > _LONGEST:
            break
    if text.strip(" \t\r\n]"):
        yield line, text.encode(errors="surrogateescape")


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in _BETWEEN:
        place += 1
    return place


def _end(text: str, place: int, *, last: bool) -> int | None:
    """Where the element that begins at `place` ends; None while it is not all there, or never will be."""
    try:
        end = _DECODER.raw_decode(text, place)[1]
    except (ValueError, RecursionError):
        return None
    # A number at the end of what was read may go on in what was not.
    return end if last or end < len(text) else None


def _whole_line(head: bytes) -> bool:
    """JSON Lines whose first line is an array: a broken row, not an array of rows."""
    first = head.partition(b"\n")[0]
    try:
        found = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return not any(isinstance(one, dict) for one in found) if isinstance(found, list) else True
