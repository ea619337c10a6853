"""Tables as files: no cell is a formula, and every cell is what it was."""

import csv
import io
import os
import re
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custody.web.settings")

from custody.web.console import sheets
from custody.web.console.cells import cell
from custody.web.console.tables import table

PAGES = Path(str(files("custody.web.console") / "templates"))
WITHOUT = {
    "allauth/elements/table.html": "a frame that no page of the console fills",
    "usersessions/usersession_list.html": "one's own browsers, with the addresses they came from",
    "deal.html": "the rarer reasons, folded away: the sheet of the first table holds them all",
}
AGAIN = {
    "customers.html": "found",
    "end_told.html": "kept",
}  # what a posted form came to: posting it again is how it is taken
LISTS = {"duties", "moved"}  # no table on the page

EVIL = ["=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "＝1+1"]


def cells(form: str, rows: list[list[object]]) -> list[list[object]]:
    """What a reader of the file sees."""
    told = [[cell(one) for one in row] for row in rows]
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


def test_days_and_moments_are_dates_in_a_workbook():
    """They can be sorted and reckoned with; a day before workbooks begin, or one that is none, is text."""
    days = ["2026-03-18", "2026-03-18 09:05", "1899-12-31", "2026-02-30", "2026-03-18 and more"]
    assert cells("xlsx", [days]) == [[date(2026, 3, 18), datetime(2026, 3, 18, 9, 5), *days[2:]]]  # noqa: DTZ001 - as it is shown
    assert cells("csv", [days]) == [days]


PAGE = """<p>18 March</p><table><tr><td>of no name</td></tr></table>
<table data-sheet="first"><caption class="sr">Called</caption><thead><tr><th><span class="sr">Pick</span></th><th>Who</th><th class="num">How <b>many</b></th><th><span class="sr">Do</span></th></tr></thead>
<tbody><tr><td><input type="checkbox"></td><td><a data-v="sub_0123" href="/">0123</a><span class="sub" data-h="Deal">D-1</span><span class="sub">more</span></td><td class="num">1200</td><td><form><button>Do</button></form></td></tr>
<tr><td></td><td>=1+1<br>next<select><option>no</option><option selected>chosen</option></select></td><td class="num">\N{MINUS SIGN}3</td><td></td></tr></tbody>
<tfoot><tr><td></td><td>All</td><td class="num">–</td><td></td></tr></tfoot></table>
<table data-sheet="empty"><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td colspan="2">Nothing yet</td></tr></tbody></table>
<table data-sheet="bare"><tr><th scope="row">One</th><td>2026-03-18</td></tr></table>"""


def test_a_table_is_told_without_what_is_for_hands():
    """Buttons, boxes, words for a screen reader and columns of acts stay away; a part with a head of its own is a column."""
    assert table(PAGE, "") == ("first", [
        ["Who", "Deal", "How many"],
        ["sub_0123 · more", "D-1", 1200],
        ["'=1+1 · next chosen", "", -3],
        ["All", "", "–"],
    ])  # fmt: skip
    assert table(PAGE, "empty") == ("empty", [["A", "B"]])
    assert table(PAGE, "bare") == ("bare", [["One", date(2026, 3, 18)]])
    assert table(PAGE, "none") is None


def test_every_table_of_every_page_is_offered_as_a_sheet():
    """A page with a table has the links to take it, but for those that say why not."""
    for page in sorted(PAGES.rglob("*.html")):
        text, name = page.read_text(encoding="utf-8"), str(page.relative_to(PAGES))
        tables = re.findall(r"<table ([^>]*)>", text)
        named = [found[1] for one in tables if (found := re.search(r'data-sheet="([a-z]+)"', one))]
        assert len(tables) - len(named) == (name in WITHOUT), name
        assert len(named) == len(set(named)), name
        for one in named:
            assert f'include "sheets.html" with of="{one}"' in text or AGAIN.get(name) == one, f"{name}: {one}"
    assert all((PAGES / name).exists() for name in (*WITHOUT, *AGAIN))


def test_every_link_names_a_table_or_a_list():
    """None leads to a page where a file was promised."""
    for page in sorted(PAGES.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for one in re.findall(r'include "sheets.html" with of="([a-z]+)"', text):
            assert f'data-sheet="{one}"' in text or one in LISTS, f"{page.name}: {one}"
