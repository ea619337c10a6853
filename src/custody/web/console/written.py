"""Rows of cells written as CSV or as a workbook, line by line: nothing of them is left out, however many there are."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from custody.web.console.cells import Cell

MARK: Final = b"\xef\xbb\xbf"
"""Which tells a spreadsheet that the file is UTF-8."""
LINES: Final = 1_048_576
"""So many lines a page of a workbook has; what is more stands on its next page."""
_LONGEST: Final = 32_000  # a cell of XLSX holds 32,767 characters
_MORE: Final = " …"
"""What stands behind the text of a cell that goes on: CSV has all of it."""
_WIDE: Final = 20
_PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False}


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The lines alone, without the mark that a file begins with."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([_written(one) for one in row] for row in rows)
    return out.getvalue().encode()


def xlsx_into(out: IO[bytes], rows: Iterable[Sequence[Cell]], *, long: bool = False, lines: int = LINES) -> None:
    """The first row is the head of every page. A `long` list is never in memory whole."""
    with xlsxwriter.Workbook(out, {"in_memory": not long, "constant_memory": long, **_PLAIN}) as book:
        forms = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        page, line = book.add_worksheet(), 0
        for row in _headed(rows, lines):
            if line == lines:
                page, line = book.add_worksheet(), 0
            if not line:
                page.set_column(0, max(len(row) - 1, 0), _WIDE)
            _line(page, line, row, forms)
            line += 1


def _headed(rows: Iterable[Sequence[Cell]], lines: int) -> Iterator[Sequence[Cell]]:
    """The same rows with the head once more where a page begins."""
    head: Sequence[Cell] = ()
    line = 0
    for row in rows:
        head = head or row
        if line and line % lines == 0:
            yield head
            line += 1
        yield row
        line += 1


def _line(page: Worksheet, line: int, row: Sequence[Cell], forms: tuple[Format, Format]) -> None:
    day, moment = forms
    for place, one in enumerate(row):
        if isinstance(one, int):
            page.write_number(line, place, one)
        elif isinstance(one, date):
            page.write_datetime(line, place, one, moment if isinstance(one, datetime) else day)
        else:
            page.write_string(line, place, one if len(one) <= _LONGEST else one[:_LONGEST] + _MORE)


def _written(one: Cell) -> int | str:
    if isinstance(one, datetime):
        return f"{one:%Y-%m-%d %H:%M}"
    return one.isoformat() if isinstance(one, date) else one
