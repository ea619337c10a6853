"""Errors in the cells of a binary workbook, `.xlsb` (spec/sources.md §4; MS-XLSB 2.1.4, 2.5.97.2)."""

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Final, cast

ROW, CELL_ERROR, FORMULA_ERROR, SHEET = 0, 3, 11, 156
_LINK: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ID, _TARGET = re.compile(rb'\bId="([^"]*)"'), re.compile(rb'\bTarget="([^"]*)"')


def errors(book: zipfile.ZipFile, sheet: str) -> Iterator[tuple[tuple[int, int], int]]:
    """(row, column) from 0 and the code of each error of one sheet."""
    name = _part(book, sheet)
    if name not in book.namelist():
        return
    row = 0
    for kind, data in records(book.read(name)):
        if kind == ROW and len(data) >= 4:
            row = _number(data, 0)
        elif kind in (CELL_ERROR, FORMULA_ERROR) and len(data) >= 9:
            yield (row, _number(data, 0)), data[8]


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, data) of each record: a type of one or two bytes, a size of up to four, seven bits each."""
    place = 0
    while place < len(part):
        kind, place = part[place], place + 1
        if kind & 0x80 and place < len(part):
            kind, place = (kind & 0x7F) | (part[place] & 0x7F) << 7, place + 1
        size = 0
        for turn in range(4):
            if place >= len(part):
                return
            size |= (part[place] & 0x7F) << 7 * turn
            place += 1
            if not part[place - 1] & 0x80:
                break
        yield kind, part[place : place + size]
        place += size


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    try:
        listed, links = book.read("xl/workbook.bin"), book.read("xl/_rels/workbook.bin.rels")
    except (KeyError, zipfile.BadZipFile):
        return ""
    targets = {
        one[1].decode(errors="replace"): other[1].decode(errors="replace")
        for tag in _LINK.findall(links)
        if (one := _ID.search(tag)) and (other := _TARGET.search(tag))
    }
    target = next((targets.get(link, "") for name, link in _sheets(listed) if name == sheet), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _sheets(listed: bytes) -> Iterator[tuple[str, str]]:
    for kind, data in records(listed):
        if kind == SHEET and len(data) >= 12:
            link, after = _text(data, 8)
            yield _text(data, after)[0], link


def _text(data: bytes, place: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends; a lacking one is empty."""
    if place + 4 > len(data) or (size := _number(data, place)) == 0xFFFFFFFF:
        return "", place + 4
    end = place + 4 + 2 * size
    return data[place + 4 : end].decode("utf-16-le", errors="replace"), end


def _number(data: bytes, place: int) -> int:
    return cast(int, struct.unpack_from("<I", data, place)[0])
