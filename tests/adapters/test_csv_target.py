"""Export to CSV in a zip: what was written comes back, empty stays apart from missing."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import wiring

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


@pytest.mark.parametrize("table", ["../up", "a/b", "a\\b"])
def test_a_tables_name_leads_nowhere(table, tmp_path):
    """A table called like a path is a file inside the zip."""
    target = wiring.target(tmp_path / "customers.zip")
    target.create(table, ("a",))
    target.finish()
    assert not [name for name in zipfile.ZipFile(tmp_path / "customers.zip").namelist() if "/" in name or "\\" in name]
