"""Tables as files: no cell is a formula, and every cell is what it was."""

import csv
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custody.web.settings")

from custody.web.console import sheets

EVIL = ["=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "＝1+1"]


def cells(form: str, rows: list[list[object]]) -> list[list[object]]:
    """What a reader of the file sees."""
    told = [[sheets._cell(cell) for cell in row] for row in rows]
    if form == "csv":
        return list(csv.reader(io.StringIO(sheets._csv(told).decode("utf-8-sig"), newline="")))
    return CalamineWorkbook.from_filelike(io.BytesIO(sheets._xlsx(told))).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("form", sheets.FORMS)
@pytest.mark.parametrize("value", EVIL)
def test_no_cell_is_a_formula(form, value):
    """What begins like a formula begins with an apostrophe, in both forms; a plain text stays plain."""
    (row,) = cells(form, [[value, "plain"]])
    assert row == [f"'{value}", "plain"] or (form == "xlsx" and str(row[0]).startswith("'"))


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20), min_size=1, max_size=4)
)
def test_a_csv_gives_back_every_cell(row):
    """Commas, quotes and blanks survive; what was not taken for a formula is unchanged."""
    (told,) = cells("csv", [row])
    assert [one.removeprefix("'") for one in told] == [one.removeprefix("'") for one in row]


def test_numbers_are_numbers_in_a_workbook():
    """A count can be added up; a yes is no number."""
    assert cells("xlsx", [[7, True]]) == [[7.0, "True"]]
