"""Cells that hold an error (`#N/A`, `#REF!`): calamine reads them as empty, so they are looked up beside it (spec/sources.md §4).

An empty cell says that nothing was known; an error says that something was and is lost. The text of the error is kept.
Workbooks of XML are searched for cells of type `e`; old binary ones for BOOLERR records and formulas whose result is an error; `.xlsb`
and `.ods` have files of their own.
"""

import html
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from custody.adapters.sources import faulty_binary, faulty_open
from custody.adapters.sources.compound import stream

Faults = dict[tuple[int, int], str]

_CELL: Final = re.compile(rb'<(?:\w+:)?c\s([^>]*?\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_REF: Final = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 1 << 15  # longer than a cell with the longest formula
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_LINK: Final = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_PAIR: Final = re.compile(r"([\w:]+)\s*=\s*\"([^\"]*)\"")
_CODES: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOUNDSHEET, _BOOLERR, _FORMULA, _END = 0x0085, 0x0205, 0x0006, 0x000A


def faults(path: Path, sheet: str) -> Faults:
    """{(row, column) counted from 0: text of the error} of one sheet; a workbook of another kind has none that is known."""
    if zipfile.is_zipfile(path):
        return _of_xml(path, sheet) | _of_others(path, sheet)
    book = stream(path, ("Workbook", "Book"))
    return {} if book is None else dict(_of_records(book, sheet))


def _of_others(path: Path, sheet: str) -> Faults:
    with zipfile.ZipFile(path) as book:
        binary = {place: _CODES.get(code, "#VALUE!") for place, code in faulty_binary.errors(book, sheet)}
        return binary | dict(faulty_open.errors(book, sheet))


def _of_xml(path: Path, sheet: str) -> Faults:
    found: Faults = {}
    with zipfile.ZipFile(path) as book:
        name = _part(book, sheet)
        if not name or name not in book.namelist():
            return found
        with book.open(name) as part:
            kept = b""
            while block := part.read(_CHUNK):
                kept = kept[-_OVERLAP:] + block
                if b't="e"' in kept:
                    found.update(_cells(kept))
    return found


def _cells(text: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _CELL.finditer(text):
        ref, value = _REF.search(match[1]), _VALUE.search(match[2])
        if ref is not None:
            column = 0
            for letter in ref[1]:
                column = column * 26 + letter - 64
            yield (int(ref[2]) - 1, column - 1), value[1].decode() if value else "#VALUE!"


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds the sheet, '' for a workbook that is none of XML."""
    try:
        listed = book.read("xl/workbook.xml").decode()
        links = book.read("xl/_rels/workbook.xml.rels").decode()
    except (KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        return ""
    sheets = {said.get("name", ""): said.get("id", "") for said in map(_attributes, _SHEET.findall(listed))}
    targets = {said.get("Id", ""): said.get("Target", "") for said in map(_attributes, _LINK.findall(links))}
    target = targets.get(sheets.get(sheet, "-"), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _attributes(tag: str) -> dict[str, str]:
    """Name and value of each attribute, without the prefix of its name space (`r:id`)."""
    return {name.rpartition(":")[2]: html.unescape(value) for name, value in _PAIR.findall(tag)}


def _of_records(book: bytes, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The errors among the records of one sheet (MS-XLS 2.4)."""
    start = next((place for name, place in _sheets(book) if name == sheet), None)
    if start is None:
        return
    for kind, data in _records(book, start):
        if kind == _END:
            return
        if kind == _BOOLERR and len(data) >= 8 and data[7]:
            yield _cell(data), _CODES.get(data[6], "#VALUE!")
        elif kind == _FORMULA and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2:
            yield _cell(data), _CODES.get(data[8], "#VALUE!")


def _cell(data: bytes) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", data)
    return row, column


def _sheets(book: bytes) -> Iterator[tuple[str, int]]:
    for kind, data in _records(book, 0):
        if kind == _END:
            return
        if kind == _BOUNDSHEET and len(data) >= 8:
            size, wide = data[6], data[7]
            name = data[8 : 8 + size * 2].decode("utf-16-le") if wide & 1 else data[8 : 8 + size].decode("latin-1")
            yield name, int(struct.unpack_from("<I", data)[0])


def _records(book: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, place)
        yield kind, book[place + 4 : place + 4 + size]
        place += 4 + size
