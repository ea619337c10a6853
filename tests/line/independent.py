"""Source bytes read by the standard library alone, and compared cell by cell with what the buyer's database holds.

Nothing of custody is imported here: what both sides misread the same way would otherwise look equal.
"""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

Cell = str | int | float | bytes | None
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Source:
    """One table as its file says: header, and cells by data row from 1; `met` counts rows that could not be read too."""

    header: list[str]
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    met: int = 0


def tables(folder: Path, encodings: dict[str, str], titles: dict[str, int] | None = None) -> dict[str, Source]:
    """Every table of a folder of CSV, XLSX and SQLite files, named as custody names them.

    `encodings` by file name and `titles` (rows above a sheet's header) are what the person who made the files knows.
    """
    found: dict[str, Source] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".csv":
            found[path.stem] = of_csv(path.read_bytes(), encodings.get(path.name, "utf-8-sig"))
        elif path.suffix == ".xlsx":
            found |= {f"{path.stem}.{name}": one for name, one in of_xlsx(path, titles or {})}
        elif path.suffix == ".sqlite":
            found |= dict(of_sqlite(path))
    return found


def of_csv(data: bytes, encoding: str) -> Source:
    """A row that breaks takes only itself."""
    lines = list(_records(data))
    told = next(csv.reader(io.StringIO(lines[0].decode(encoding))))
    header = [name or f"column_{place}" for place, name in enumerate(told, start=1)]
    made = Source(header, met=len(lines) - 1)
    for number, raw in enumerate(lines[1:], start=1):
        try:
            cells = next(csv.reader(io.StringIO(raw.decode(encoding.removesuffix("-sig")), newline="")), [])
        except UnicodeDecodeError:
            continue
        if len(cells) == len(header):
            made.rows[number] = list(cells)
    return _without_spare(made, told)


def _without_spare(made: Source, told: list[str]) -> Source:
    """Columns at the end that have no name and nothing in any row are spare commas, not data."""
    kept = len(told)
    while kept and not told[kept - 1] and not any(cells[kept - 1] for cells in made.rows.values()):
        kept -= 1
    rows = {number: cells[:kept] for number, cells in made.rows.items()}
    return Source(made.header[:kept], rows, made.met)


def of_xlsx(path: Path, titles: dict[str, int]) -> Iterator[tuple[str, Source]]:
    """Sheets as text: shared and inline strings as they are, numbers as the sheet writes them."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ET.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in one.iter(f"{SHEET}t")) for one in root.iter(f"{SHEET}si")]
        dated = _dated(book)
        links = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        target = {one.get("Id"): one.get("Target") for one in links}
        for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet"):
            inside = ET.fromstring(book.read("xl/" + str(target[sheet.get(RELATED)]).removeprefix("/xl/")))
            name = str(sheet.get("name"))
            grid = [_row(one, shared, dated) for one in inside.iter(f"{SHEET}row")][titles.get(name, 0) :]
            width = len(grid[0])
            header = [str(cell) for cell in grid[0]]
            rows = {n: [*row, *[None] * (width - len(row))] for n, row in enumerate(grid[1:], start=1)}
            yield name, Source(header, rows, len(grid) - 1)


def of_sqlite(path: Path) -> Iterator[tuple[str, Source]]:
    """Tables in the order of their rows."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in names:
        told = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
        rows = {n: list(row) for n, row in enumerate(told.fetchall(), start=1)}
        yield name, Source([one[0] for one in told.description], rows, len(rows))
    database.close()


def compare(source: Source, exported: Path, table: str) -> tuple[int, list[tuple[int, str]]]:
    """(cells compared, [(source row, column) that differ]) between source bytes and the exported table."""
    database = sqlite3.connect(exported)
    withheld = set(
        database.execute("SELECT source_row, column_name FROM custody_withheld WHERE table_name = ?", (table,))
    )
    numbers = [row[0] for row in database.execute(
        "SELECT source_row FROM custody_source_row WHERE table_name = ? ORDER BY position", (table,)
    )]  # fmt: skip
    told = database.execute(f'SELECT * FROM "{table}" ORDER BY rowid')
    header, cells = [one[0] for one in told.description], told.fetchall()
    database.close()
    assert len(numbers) == len(cells), table
    assert header == source.header, table
    compared, differences = 0, []
    for number, found in zip(numbers, cells, strict=True):
        for column, value, wanted in zip(source.header, found, source.rows[number], strict=True):
            if (number, column) in withheld:
                assert value is None
                continue
            compared += 1
            if value != wanted:
                differences.append((number, column))
    return compared, differences


def _row(row: ET.Element, shared: list[str], dated: set[str]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iter(f"{SHEET}c"):
        letters = re.match("[A-Z]+", cell.get("r", "A1"))
        assert letters
        place = 0
        for letter in letters[0]:
            place = place * 26 + ord(letter) - 64
        cells += [None] * (place - 1 - len(cells))
        value = cell.findtext(f"{SHEET}v")
        if cell.get("t") == "s":
            cells.append(shared[int(value or 0)])
        elif cell.get("t") == "inlineStr":
            cells.append("".join(one.text or "" for one in cell.iter(f"{SHEET}t")))
        elif value and cell.get("s") in dated:
            cells.append((date(1899, 12, 30) + timedelta(days=int(float(value)))).isoformat())
        else:
            cells.append(value)
    return cells


def _dated(book: zipfile.ZipFile) -> set[str]:
    """Numbers of the cell styles that show a number as a day."""
    styles = ET.fromstring(book.read("xl/styles.xml"))
    codes = {str(one.get("numFmtId")): str(one.get("formatCode")) for one in styles.iter(f"{SHEET}numFmt")}
    formats = next(styles.iter(f"{SHEET}cellXfs"))
    built_in = {str(number) for number in (14, 15, 16, 17, 22)}
    return {
        str(place)
        for place, one in enumerate(formats)
        if one.get("numFmtId") in built_in or "yy" in codes.get(str(one.get("numFmtId")), "")
    }


def _records(data: bytes) -> Iterator[bytes]:
    """Lines, joined while a quote is open; a quote that never closes spoils its own line and no other."""
    held: list[bytes] = []
    quotes = 0
    for line in data.splitlines(keepends=True):
        held.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield b"".join(held)
            held, quotes = [], 0
    yield from held
