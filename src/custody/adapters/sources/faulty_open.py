"""Errors in the cells of an OpenDocument sheet, `.ods` (spec/sources.md §4): cells that say that their value is an error.

Rows and columns that stand for several are counted as many. The part is searched tag by tag, a block at a time, never parsed as a
whole, so that no entity of it is ever expanded.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CHUNK: Final = 1 << 20
_TAG: Final = re.compile(
    rb"<(/?)(?:table:(table-row|table-cell|covered-table-cell|table)|text:(p))(?=[\s/>])([^>]*?)(/?)>([^<]*)"
)
_NAME: Final = re.compile(rb'\btable:name="([^"]*)"')
_TIMES: Final = re.compile(rb'\btable:number-(?:rows|columns)-repeated="(\d{1,9})"')
_ERROR: Final = re.compile(rb'value-type="error"')


@dataclass(slots=True)
class _Place:
    here: bool = False
    row: int = 0
    column: int = 0
    rows: int = 1
    waiting: int = 0


def errors(book: zipfile.ZipFile, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    """(row, column) from 0 and the text of each error of one sheet. A repeated one is told for each cell."""
    place = _Place()
    for tag in _tags(book):
        close, what, shown, said, empty, text = (part or b"" for part in tag.groups())
        if what == b"table":
            place = _Place(here=not close and _named(said) == sheet)
        elif place.here:
            yield from _met(place, (close, what or (b"p" if shown else b""), said, empty, text))


def _met(place: _Place, tag: tuple[bytes, bytes, bytes, bytes, bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    close, what, said, empty, text = tag
    if what == b"table-row":
        if not close:
            place.rows, place.column = _times(said), 0
        if close or empty:
            place.row += place.rows
    elif what == b"p" and place.waiting and not close:
        shown = html.unescape(text.decode(errors="replace")) or "#VALUE!"
        for row in range(place.row, place.row + place.rows):
            yield from (((row, place.column - 1 - back), shown) for back in range(place.waiting))
        place.waiting = 0
    elif what.endswith(b"table-cell") and not close:
        times = _times(said)
        place.waiting = times if _ERROR.search(said) and not empty else 0
        place.column += times


def _tags(book: zipfile.ZipFile) -> Iterator[re.Match[bytes]]:
    if "content.xml" not in book.namelist():
        return
    with book.open("content.xml") as part:
        kept = b""
        while block := part.read(_CHUNK):
            kept += block
            cut = kept.rfind(b"<")  # the last tag may be half
            yield from _TAG.finditer(kept, 0, max(cut, 0))
            kept = kept[max(cut, 0) :]
        yield from _TAG.finditer(kept)


def _named(said: bytes) -> str:
    match = _NAME.search(said)
    return html.unescape(match[1].decode(errors="replace")) if match else ""


def _times(said: bytes) -> int:
    match = _TIMES.search(said)
    return min(int(match[1]), 1 << 20) if match else 1
