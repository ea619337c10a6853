"""OpenDocument sheets and binary workbooks of a few cells, made as their specifications say, with errors in them."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

SPACES = " ".join(
    f'xmlns:{one}="urn:{urn}"'
    for one, urn in (
        ("office", "oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("table", "oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("text", "oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("calcext", "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"),
    )
)
MEDIA = "application/vnd.oasis.opendocument.spreadsheet"


def error(shown: str) -> tuple[str]:
    """A cell of an OpenDocument sheet that holds an error."""
    return (shown,)


def open_document(path: Path, sheets: Mapping[str, Sequence[Sequence[str | tuple[str]]]], *, repeat: int) -> None:
    """An `.ods`; each row below the header stands for `repeat` ones."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">' + "".join(_row(row, 1 if not place else repeat) for place, row in enumerate(rows))
        + "</table:table>"
        for name, rows in sheets.items()
    )  # fmt: skip
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", MEDIA)
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA}"/></manifest:manifest>',
        )
        book.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}><office:body><office:spreadsheet>'
            f"{tables}</office:spreadsheet></office:body></office:document-content>",
        )


def _row(row: Sequence[str | tuple[str]], times: int) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(map(_cell, row))}</table:table-row>'


def _cell(cell: str | tuple[str]) -> str:
    kind, shown = ("error", cell[0]) if isinstance(cell, tuple) else ("string", cell)
    formula = ' table:formula="of:=NA()" office:string-value=""' if kind == "error" else ""
    return (
        f'<table:table-cell{formula} office:value-type="string" calcext:value-type="{kind}"><text:p>{escape(shown)}</text:p>'
        "</table:table-cell>"
    )


def record(kind: int, data: bytes) -> bytes:
    """One record of a binary workbook."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, told = len(data), b""
    while True:
        told += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + told + data


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_workbook(path: Path, name: str, rows: Sequence[Sequence[str | int]]) -> None:
    """An `.xlsb` of one sheet; a number in a row is the code of an error, every second one the result of a formula."""
    width = max(len(row) for row in rows)
    size = record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    sheet, count = record(129, b"") + size + record(145, b""), 0
    for place, row in enumerate(rows):
        sheet += record(0, struct.pack("<I", place) + bytes(21))
        for column, cell in enumerate(row):
            start = struct.pack("<II", column, 0)
            if isinstance(cell, str):
                sheet += record(6, start + _text(cell))
            else:
                count += 1
                sheet += (
                    record(3, start + bytes([cell])) if count % 2 else record(11, start + bytes([cell]) + bytes(10))
                )
    sheet += record(146, b"") + record(130, b"")
    listed = (
        record(131, b"")
        + record(153, bytes(12) + _text(""))
        + record(143, b"")
        + record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text(name))
    )
    listed += record(144, b"") + record(157, bytes(26)) + record(132, b"")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        book.writestr("xl/workbook.bin", listed)
        book.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{space}"><Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        book.writestr("xl/worksheets/sheet1.bin", sheet)
