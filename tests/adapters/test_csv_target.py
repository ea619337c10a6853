"""Export to CSV in a zip: what was written comes back, empty stays apart from missing."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import wiring
from custody.acts.spreadsheets import LEADS

CELLS = st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_rows_come_back_as_they_were_written(rows, tmp_path_factory):
    """Quotes, line breaks, separators, empty and missing cells survive in any order."""
    target = wiring.target(tmp_path_factory.mktemp("csv") / "customers.zip")
    target.create("会员", ("a", "b"))
    assert target.write("会员", rows) == len(rows)
    target.finish()
    assert list(target.read("会员")) == rows


def test_it_appears_only_when_it_is_finished(tmp_path):
    """An export that was cut short leaves nothing under its name, and what was aside goes when it is done."""
    path = tmp_path / "customers.zip"
    target = wiring.target(path)
    target.create("one", ("a",))
    target.write("one", [("x",)])
    assert not target.exists()
    target.finish()
    assert target.exists()
    assert [one.name for one in tmp_path.iterdir()] == ["customers.zip"]
    assert zipfile.ZipFile(path).read("one.csv").decode("utf-8-sig") == '"a"\r\n"x"\r\n'


@pytest.mark.parametrize("name", ["customers.zip", "customers.sheets.zip"])
def test_rows_in_clear_wait_under_no_name(name, tmp_path):
    """A process that is killed while it writes leaves no file; tables that are written by turns come out whole."""
    target = wiring.target(tmp_path / name)
    for table in ("one", "two"):
        target.create(table, ("a",))
    for turn in ("x", "y"):
        for table in ("one", "two"):
            target.write(table, [(f"{table} {turn}",)])
    assert not list(tmp_path.iterdir())
    target.finish()
    assert [list(target.read(table)) for table in ("one", "two")] == [
        [("one x",), ("one y",)],
        [("two x",), ("two y",)],
    ]


@pytest.mark.parametrize("name", ["customers.zip", "customers.sqlite"])
def test_what_was_not_finished_is_taken_away(name, tmp_path):
    """Given up, nothing lies there and a finished one of the name stays; what a kill left goes with the next."""
    target = wiring.target(tmp_path / name)
    target.create("one", ("a",))
    target.write("one", [("x",)])
    target.finish()
    target.create("one", ("a",))
    target.discard()
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert list(target.read("one")) == [("x",)]
    left = tmp_path / f"{name}.part"
    left.write_bytes(b"in clear")
    target.create("one", ("a",))
    assert not left.exists() or left.read_bytes() != b"in clear"
    target.discard()
    assert not left.exists()


@pytest.mark.parametrize("table", ["../up", "a/b", "a\\b"])
def test_a_tables_name_leads_nowhere(table, tmp_path):
    """A table called like a path is a file inside the zip."""
    target = wiring.target(tmp_path / "customers.zip")
    target.create(table, ("a",))
    target.finish()
    assert not [name for name in zipfile.ZipFile(tmp_path / "customers.zip").namelist() if "/" in name or "\\" in name]


RUNS = [
    *(f"{lead}1+1" for lead in LEADS),
    "=HYPERLINK(1)",
    "'=1",
    "'",
    "''",
    "@SUM(A1)",
    "+8613800138000",
    "-5",
    "plain",
    "",
    None,
]


@given(rows=st.lists(st.tuples(CELLS | st.sampled_from(RUNS), CELLS | st.sampled_from(RUNS)), max_size=8))
def test_what_people_open_runs_nothing_and_loses_nothing(rows, tmp_path_factory):
    """Formula injection: no cell, no heading of a `.sheets.zip` begins as a formula does; read back, each is what it was, wherever the file lies."""
    path = tmp_path_factory.mktemp("csv") / "customers.sheets.zip"
    target = wiring.target(path)
    target.create("=会员", ("=cmd", "b"))
    target.write("=会员", rows)
    target.finish()
    moved = path.rename(path.with_name("renamed.zip"))
    assert list(wiring.target(moved).read("=会员")) == rows
    assert list(wiring.target(moved).beyond({"=会员": ("=cmd", "b")})) == []
    with zipfile.ZipFile(moved) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
            assert not [cell for cell in cells if cell.startswith(LEADS)]


def test_what_databases_read_is_verbatim(tmp_path):
    """The other form adds nothing to a value: a telephone number stays one."""
    target = wiring.target(tmp_path / "customers.zip")
    target.create("one", ("a",))
    target.write("one", [("+8613800138000",), ("=1",)])
    target.finish()
    with zipfile.ZipFile(tmp_path / "customers.zip") as archive:
        assert archive.read("one.csv").decode("utf-8-sig") == '"a"\r\n"+8613800138000"\r\n"=1"\r\n'
