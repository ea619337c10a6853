"""Long numbers in workbooks: a cell kept as a number is lost beyond 15 digits, the same digits kept as text are not."""

from pathlib import Path

import pytest
import xlsxwriter

from custody.adapters.sources.workbook import WorkbookSource
from custody.ports.source import Quarantined


def read(folder: Path, value: object) -> tuple[list[str], list[Quarantined]]:
    """(cards read, rows in quarantine) of a sheet whose second row holds `value` as the spreadsheet would keep it."""
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("cards")
        for row, (who, card) in enumerate([("name", "card"), ("a", value), ("b", "6222020000000000000")]):
            sheet.write_string(row, 0, who)
            sheet.write_string(row, 1, card) if isinstance(card, str) else sheet.write_number(row, 1, card)
    source, kept = WorkbookSource(path, "book.xlsx", "book"), []
    cells = [cell for batch in source.read("book.cards", kept.append) for cell in batch.data.column(1).to_pylist()]
    source.close()
    return cells, kept


@pytest.mark.parametrize(
    "value", [6222028792234749952, 6.22202879223475e18, 6222021234567890, 1e15, -6222028792234749952, "6.22202E+18"]
)
def test_a_number_beyond_fifteen_digits_is_quarantined(tmp_path: Path, value: object):
    """Whatever its last digits look like, a long number kept as a number was rounded: its row is not handed over."""
    cells, kept = read(tmp_path, value)
    assert cells == ["6222020000000000000"]
    assert [(one.reason, one.detail, one.row) for one in kept] == [("cell.number_damaged", "column card", 1)]


@pytest.mark.parametrize("value", ["6222028792234749952", "6222021234567890", "0622", "1000000000000000"])
def test_digits_kept_as_text_are_whole(tmp_path: Path, value: str):
    """Text that happens to spell a rounded number is still text, and arrives as it was written."""
    cells, kept = read(tmp_path, value)
    assert cells == [value, "6222020000000000000"]
    assert kept == []


def test_short_numbers_stay(tmp_path: Path):
    """Fifteen digits fit: the row is read."""
    assert read(tmp_path, 123456789012345) == (["123456789012345", "6222020000000000000"], [])
