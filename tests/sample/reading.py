"""Reads a sample with the standard library alone, knowing nothing of how it was written."""

import csv
import io
import re
import sqlite3
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+1\d")
Fault = tuple[str, int, int, str]


@dataclass
class Table:
    """Good rows as dictionaries, faults as (table, line, row, reason), data rows met."""

    rows: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    met: int = 0


def members(folder: Path) -> Table:
    table = Table()
    text = (folder / "会员.csv").read_bytes().decode("gb18030")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header, start = next(reader), 2
    for row, cells in enumerate(reader, start=1):
        table.met = row
        _take(table, "会员", header, cells, start, row)
        start = reader.line_num + 1
    return table


def orders(folder: Path) -> Table:
    """One line is one row here: no cell of this file holds a line break."""
    table = Table()
    lines = (folder / "orders.csv").read_bytes().split(b"\n")
    assert lines.pop() == b""
    header = lines[0].decode().split(",")
    for line, raw in enumerate(lines[1:], start=2):
        table.met = row = line - 1
        try:
            (cells,) = csv.reader([raw.decode()], strict=True)
        except UnicodeDecodeError:
            table.faults.append(("orders", line, row, "undecodable"))
        except csv.Error:
            table.faults.append(("orders", line, row, "quote"))
        else:
            _take(table, "orders", header, cells, line, row)
    return table


def _take(table: Table, name: str, header: list[str], cells: list[str], line: int, row: int) -> None:
    if len(cells) != len(header):
        reason = "too few cells" if len(cells) < len(header) else "too many cells"
    elif any(SCIENTIFIC.fullmatch(cell) for cell in cells):
        reason = "number damaged"
    else:
        table.rows.append(dict(zip(header, cells, strict=True)))
        return
    table.faults.append((name, line, row, reason))


def sheet(folder: Path, number: int, name: str) -> Table:
    """Sheet `number` of the workbook; its header is the first row with more than one cell."""
    table, header = Table(), []
    with zipfile.ZipFile(folder / "customer_care.xlsx") as book:
        root = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    for element in root.iter(f"{MAIN}row"):
        cells = {re.sub(r"\d", "", cell.attrib["r"]): cell for cell in element}
        if not header:
            if len(cells) > 1:
                header = [(letter, _shown(cell)) for letter, cell in cells.items()]
            continue
        table.met += 1
        if any(_number(cell) >= 10**15 for cell in cells.values()):
            table.faults.append((f"customer_care.{name}", int(element.attrib["r"]), table.met, "number damaged"))
            continue
        table.rows.append({column: _shown(cells[letter]) for letter, column in header if letter in cells})
    return table


def _shown(cell: ET.Element) -> str:
    return "".join(part.text or "" for part in cell.iter() if part.tag in {f"{MAIN}t", f"{MAIN}v"})


def _number(cell: ET.Element) -> float:
    return 0.0 if cell.get("t") else float(_shown(cell) or 0)


def shop(folder: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(folder / "shop.sqlite")) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        base.row_factory = sqlite3.Row
        names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [dict(row) for row in base.execute(f"SELECT * FROM {name}")] for name in names}


@dataclass
class Company:
    """All of it, and who can be told apart."""

    folder: Path

    def __post_init__(self) -> None:
        self.members, self.orders, self.shop = members(self.folder), orders(self.folder), shop(self.folder)
        names = enumerate(("订阅", "工单", "偏好"), start=1)
        self.sheets = {name: sheet(self.folder, number, name) for number, name in names}
        held = Counter(row["客户编号"] for row in self.members.rows)
        self.shared = {number for number, times in held.items() if times > 1}
        self.customers = {row["客户编号"]: row for row in self.members.rows if row["客户编号"] not in self.shared}

    def orphans(self, keys: list[str]) -> int:
        return sum(key not in self.customers and key not in self.shared for key in keys)
