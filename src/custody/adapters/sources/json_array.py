"""The elements of one large JSON array, one by one, with the line each begins on; the array is never held whole.

The array may be the one value in an object that is not a text, a number or a truth value (`{"RECORDS": […]}`): so tools that
export tables write it.
"""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from custody.adapters.sources.encoding import blocks

_LONGEST: Final = 1 << 24
_BETWEEN: Final = " \t\r\n,"
_TEXT: Final = r'"(?:[^"\\]|\\.)*+"'
_PLAIN: Final = rf"{_TEXT}\s*:\s*(?:{_TEXT}|[-+.\w]++)\s*"
_AROUND: Final = re.compile(rf"\s*\{{\s*(?:{_PLAIN},\s*)*+{_TEXT}\s*:\s*\[(?=\s*[{{\]])", re.DOTALL)
_CLOSE: Final = re.compile(rf"\s*\]\s*(?:,\s*{_PLAIN})*+\}}\s*", re.DOTALL)
_END: Final = re.compile(r"\s*\]\s*")
_DECODER: Final = json.JSONDecoder()


def begins(path: Path, encoding: str = "utf-8") -> bool:
    """Whether the file is an array, or an object around one, rather than a line for each object."""
    with path.open("rb") as source:
        head = _shown(source.read(4096), encoding)
        if head.startswith("["):
            return not _whole_line(head)
        source.seek(0)
        return bool(_AROUND.match(head)) and not (
            _whole(source.readline(_LONGEST), encoding) and source.read(64).strip()
        )


def elements(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, bytes]]:
    """(line, text of an element as written). What comes behind a break is one element more, which is not JSON."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
    text, line, closing = "", 1, None
    for block in (*blocks(path), b""):
        text += decoder.decode(block, final=not block)
        place = 0
        if closing is None:
            text = text.removeprefix("\ufeff")
            around = _AROUND.match(text)
            place, closing = (around.end(), _CLOSE) if around else (text.index("[") + 1, _END)
            line += text.count("\n", 0, place)
        while True:
            start = _skip(text, place)
            line += text.count("\n", place, start)
            place = start
            if text[place : place + 1] in {"", "]"}:
                break
            end = _end(text, place, last=not block)
            if end is None:
                break
            yield line, text[place:end].encode(encoding, errors="surrogateescape")
            line += text.count("\n", place, end)
            place = end
        text = text[place:]
        if len(text) > _LONGEST:
            break
    if not (closing or _END).fullmatch(text):  # nothing at all, where the end was cut off, is told as well
        yield line, text.encode(encoding, errors="surrogateescape")


def _shown(head: bytes, encoding: str) -> str:
    return head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")


def _whole(line: bytes, encoding: str) -> bool:
    """Whether a line is a JSON value by itself."""
    try:
        json.loads(_shown(line, encoding))
    except (ValueError, RecursionError):
        return False
    return True


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


def _whole_line(head: str) -> bool:
    """JSON Lines whose first line is an array: a broken row, not an array of rows."""
    first = head.partition("\n")[0]
    try:
        found = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return not any(isinstance(one, dict) for one in found) if isinstance(found, list) else True
