"""Whatever bytes a delimited file holds: every row met is yielded as written or quarantined, and none is lost."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading import text, whole

from custody.adapters.sources.strict import Verdict
from custody.base.errors import CustodyError

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "cp1252")
HEADER = ["name", "phone", "note"]


def cells(encoding: str):
    """Any text the encoding can say, with the characters that a dialect trips over made likely."""
    letters = st.characters(
        codec=encoding.replace("utf-8-sig", "utf-8"), exclude_categories=("Cs",), exclude_characters="\0\ufeff"
    )
    return st.text(st.one_of(st.sampled_from("\",;\t| \r\n'0"), letters), max_size=8)


@st.composite
def files(draw: st.DrawFn):
    """(bytes, encoding, rows) of a table as some program would write it."""
    encoding = draw(st.sampled_from(ENCODINGS))
    rows = draw(st.lists(st.lists(cells(encoding), min_size=3, max_size=3), max_size=12))
    delimiter = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    if quoting == csv.QUOTE_MINIMAL:  # a bare carriage return before the line end is the line end
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
    return out.getvalue().encode(encoding), encoding, rows


@given(files())
@example((b'name,phone,note\r\n"a\nb",1,"x""y"\r\n', "utf-8", [["a\nb", "1", 'x"y']]))
def test_what_was_written_comes_back_or_is_quarantined(reader, made):
    """A table written by the csv module comes back cell by cell; a row that does not is in quarantine."""
    data, encoding, rows = made
    found, rejected = reader(data, encoding.removesuffix("-sig"))
    assert len(found) + len(rejected) == len(rows)
    assert all(list(found[place]) == row for place, row in enumerate(rows, start=1) if place in found)
    assert {one.reason for one in rejected} <= {"row.other-encoding", "cell.number_damaged"}


@given(
    st.lists(st.tuples(st.integers(0, 10**20), st.sampled_from(["王芳", "李雷", "Zoe", ""])), min_size=1, max_size=9),
    st.integers(0, 9),
    st.sampled_from([b'"', b'x,"y', b"a,b,c,d", b"1", b"\xff\xfe,1,2", b"a\0b,1,2", b'"a"b,1,2', b'"', b'5,"a ""b, c']),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_a_broken_line_costs_itself_alone(reader, rows, place, broken, encoding):
    """One broken line among whole ones is quarantined with its line number; every other row comes out as written."""
    lines = [f"{number},{name},{name}备注".encode(encoding) for number, name in rows]
    at = min(place, len(lines))
    found, rejected = reader(b"\n".join([b"no,name,note", *lines[:at], broken, *lines[at:]]) + b"\n", encoding)
    assert [(one.row, one.line) for one in rejected] == [(at + 1, at + 2)]
    assert [",".join(found[row]).encode(encoding) for row in sorted(found)] == lines


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(reader, data):
    """No bytes at all bring the reader down: they are rows, quarantined rows, or a file refused with its reason."""
    reader(data, "")


@pytest.fixture(scope="module")
def reader():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.csv"

        def read(data, encoding):
            try:
                source = text(path, data, encoding)
                quick = whole(source)
                source._verdict = Verdict(clean=False, flat=source._verdict.flat)
            except CustodyError as error:
                assert error.slug in {"file.empty", "encoding.ambiguous"}  # noqa: PT017 - a refusal is one of two right answers
                return {}, []
            assert whole(source)[0] == quick[0], "both passes give the same rows"
            return quick

        yield read
