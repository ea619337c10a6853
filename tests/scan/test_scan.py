"""`custody scan`: figures that add up, everything that was not looked at, and a report that holds nobody's data."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from custody.acts.masking import shape
from custody.classify.datamap import from_yaml
from custody.cli.main import main


def test_rows_add_up_and_broken_ones_are_told(company: Path, custody):
    """Rows met of a table hold the quarantined ones, each told with file, line and reason."""
    code, found = custody("scan", company)
    assert code == 0
    tables = {one["name"]: one for one in found["tables"]}
    assert (tables["customers"]["rows"], tables["customers"]["quarantined"]) == (4, 1)
    assert (tables["orders"]["rows"], tables["orders"]["quarantined"]) == (29, 0)
    assert found["quarantine"] == {"row.ragged": 1}
    assert [(one["file"], one["line"], one["row"], one["reason"]) for one in found["rejected"]] == [
        ("customers.csv", 5, 4, "row.ragged")
    ]


def test_what_was_not_looked_at_is_told(company: Path, custody):
    """A picture and a view stand in `skipped` with their reasons, and the exit is 0."""
    code, found = custody("scan", company)
    assert code == 0
    assert sorted((one["file"], one["table"], one["reason"]) for one in found["skipped"]) == [
        ("photo.jpg", "photo", "file.unknown"), ("stock.db", "cheap", "table.view"),
    ]  # fmt: skip


def test_the_map_says_what_was_not_looked_at(company: Path, tmp_path: Path, custody):
    """What was skipped stands in the data map, so that it is signed with it."""
    assert custody("scan", company, "-o", tmp_path / "map.yaml")[0] == 0
    notes = from_yaml((tmp_path / "map.yaml").read_text(encoding="utf-8")).notes
    assert {one for one in notes if one.startswith("not looked at")} == {
        "not looked at: photo.jpg (photo): file.unknown", "not looked at: stock.db (cheap): table.view",
    }  # fmt: skip


def test_a_named_file_that_cannot_be_read_stops_with_its_reason(company: Path, custody):
    """A file named by itself is read or refused: exit 2, slug and file."""
    code, found = custody("scan", company / "photo.jpg")
    assert code == 2
    assert found["error"]["slug"] == "file.unsupported"
    assert found["error"]["where"]["file"] == "photo.jpg"


@pytest.mark.parametrize("values", [(), ("--values",)])
def test_a_file_that_proves_damaged_while_it_is_read_stops_no_folder(tmp_path: Path, custody, values):
    """A page of Parquet broken in its middle: told below a folder, whose other files are read; refused when named by itself."""
    folder = tmp_path / "in"
    folder.mkdir()
    parquet.write_table(
        pa.table({"name": ["Tom"] * 5000, "phone": [f"138{n:08d}" for n in range(5000)]}), folder / "old.parquet"
    )
    data = bytearray((folder / "old.parquet").read_bytes())
    data[100:140] = b"\xff" * 40
    (folder / "old.parquet").write_bytes(data)
    (folder / "people.csv").write_text("name,phone\nTom Baker,13800138000\n")
    code, found = custody("scan", folder, *values)
    assert code == 0
    assert [(one["file"], one["reason"]) for one in found["skipped"]] == [("old.parquet", "file.unreadable")]
    assert (
        ({one["name"] for one in found["tables"]} == {"people"})
        if not values
        else {one["table"] for one in found["findings"]} >= {"people"}
    )
    code, found = custody("scan", folder / "old.parquet", *values)
    assert (code, found["error"]["slug"]) == (2, "file.unreadable")


def test_two_tables_of_one_name_are_refused(company: Path, tmp_path: Path, custody):
    """Two sources that would give one table name are not mixed up."""
    (tmp_path / "customers.csv").write_text("a,b\n1,2\n")
    code, found = custody("scan", company, tmp_path / "customers.csv")
    assert (code, found["error"]["slug"]) == (2, "source.table-twice")


def test_an_answer_about_an_encoding_is_kept_in_the_map(tmp_path: Path, custody):
    """What a person answered about a file's encoding stands in the data map."""
    (tmp_path / "n.csv").write_bytes(b"n\n" + bytes((0xD2, 0xBB)) + b"\n")
    assert custody("scan", tmp_path / "n.csv")[1]["error"]["slug"] == "encoding.ambiguous"
    assert custody("scan", tmp_path)[1]["skipped"][0]["reason"] == "encoding.ambiguous"
    code, _ = custody("scan", tmp_path / "n.csv", "--encoding", "n.csv=gb18030", "-o", tmp_path / "map.yaml")
    assert code == 0
    assert 'encoding: "gb18030"' in (tmp_path / "map.yaml").read_text(encoding="utf-8")
    assert custody("scan", tmp_path / "n.csv", "--encoding", "gb18030")[1]["error"]["slug"] == "encoding.answer"


@pytest.fixture
def report(company: Path, tmp_path: Path, custody) -> str:
    """The scan report of the company."""
    code, _ = custody("scan", company, "--report", tmp_path / "scan.html", "--lang", "zh")
    assert code == 0
    return (tmp_path / "scan.html").read_text(encoding="utf-8")


def test_the_report_holds_nobodys_data(report: str):
    """No name, number, address or remark of the source is in the report; shapes are."""
    for value in ("王芳", "13800138001", "wangfang", "花生", "世纪大道", "K001", "坏行", "DD20240001"):
        assert value not in report
    assert "00000000000" in report
    assert "某某" in report


def test_the_report_says_what_was_not_looked_at_and_what_is_broken(report: str):
    """Skipped things and quarantined rows stand in the report, with reasons in both languages."""
    for text in ("photo.jpg", "cheap", "视图，数据在它的原表里", "a view: its data is in other tables",
                 "列数与表头不符", "not as many cells as the header has", "customers.csv"):  # fmt: skip
        assert text in report


def test_the_report_is_one_file_that_needs_nothing(report: str):
    """No script, no link out, no inline style; its own policy allows its one style and nothing else."""
    assert not re.search(r"<(script|link|img|iframe)\b| style=| on[a-z]+=|https?://", report)
    (style,) = re.findall(r"<style>(.*?)</style>", report, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{allowed}'" in report


def test_the_report_is_well_formed(report: str):
    """Every element that is opened is closed, in order, and identifiers are unique."""
    void = {"meta", "input", "br", "rect", "path", "line"}
    open_now: list[str] = []
    ids: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            ids.extend(value for name, value in attrs if name == "id")
            if tag not in void:
                open_now.append(tag)

        def handle_endtag(self, tag):
            if tag not in void:
                assert open_now.pop() == tag

    Reader().feed(report)
    assert open_now == []
    assert len(ids) == len(set(ids))


def test_names_of_columns_cannot_break_the_report(tmp_path: Path, custody):
    """A column or sheet called like markup is text in the report."""
    (tmp_path / "x.csv").write_text('"<script>alert(1)</script>","a&b"\n1,2\n')
    assert custody("scan", tmp_path / "x.csv", "--report", tmp_path / "r.html")[0] == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_person_sees_what_was_not_looked_at(company: Path, capsys):
    """Without --json the screen names what was skipped and why, in the person's language."""
    assert main(["scan", str(company), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "photo.jpg" in shown
    assert "不认识这种文件" in shown


@given(st.text(max_size=60))
def test_a_shape_says_nothing_but_its_shape(value: str):
    """Whatever the value, its shape is made of stand-ins and punctuation, and is the same for values alike."""
    assert set(shape(value)) <= set("0aA某·… .,;:-_/@()（）+#'\"，。；：、")
    assert shape(shape(value).removesuffix("…")) in {shape(value), shape(value).removesuffix("…")}
