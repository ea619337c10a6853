"""Workbooks, Parquet, JSON Lines, SQLite, archives and folders: read as written, and nothing left out silently."""

import datetime as dt
import decimal
import os
import sqlite3
import stat
import tracemalloc
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet
from reading import whole

from custody.adapters.sources.jsonl import JsonLinesSource
from custody.adapters.sources.opener import FileOpener
from custody.adapters.sources.parquet import ParquetSource
from custody.adapters.sources.sqlite import SqliteSource
from custody.adapters.sources.workbook import WorkbookSource
from custody.base.errors import Malformed, Missing
from custody.model.reasons import REASONS

DAY = dt.datetime(2024, 1, 5, 10, 2, 3)  # noqa: DTZ001 - a spreadsheet knows no zone


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook as a shop has it: a title, a chart, an empty sheet, a hidden one, long numbers of both kinds."""
    path = tmp_path / "book.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet("客户")
    day = made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write(0, 0, "客户名单")
    sheet.write_row(2, 0, ["编号", "证件", "金额", "时间", "会员"])
    for place in range(200):
        sheet.write_string(3 + place, 0, f"06{place:02d}")
        sheet.write_string(3 + place, 1, str(110101199001010000 + place * 640))
        sheet.write_number(3 + place, 2, 13800138000 if place % 2 else 0.1)
        sheet.write_datetime(3 + place, 3, DAY, day)
        sheet.write_boolean(3 + place, 4, True)
    sheet.write_number(204, 1, 6222020000000000123)
    sheet.write(205, 6, "beside")
    made.add_worksheet("empty")
    hidden = made.add_worksheet("hidden")
    hidden.hide()
    hidden.write_column(0, 0, ["a", "b"])
    made.add_chartsheet("chart").set_chart(_chart(made))
    made.close()
    return path


def _chart(made):
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "=客户!$C$4:$C$9"})
    return chart


def test_a_workbook_is_read_sheet_by_sheet(book: Path):
    """Every sheet is a table, hidden ones too; titles are skipped; charts and empty sheets are told."""
    source = WorkbookSource(book, "book.xlsx", "book")
    heads = {head.name: head for head in source.heads()}
    assert list(heads) == ["book.客户", "book.hidden"]
    assert heads["book.客户"].columns == ("编号", "证件", "金额", "时间", "会员", "column_6", "column_7")
    assert heads["book.hidden"].dialect["hidden"] == "yes"
    assert [(one.table, one.reason) for one in source.skipped()] == [("book.empty", "sheet.empty"), ("book.chart", "sheet.chart")]  # fmt: skip
    found, _ = whole(source, "book.客户")
    assert found[1] == ("0600", "110101199001010000", "0.1", "2024-01-05 10:02:03", "TRUE", "", "")
    assert found[2][2] == "13800138000"
    assert found[202][6] == "beside"


def test_only_numeric_cells_can_be_damaged(book: Path):
    """A numeric cell of 19 digits is quarantined by its line; no text cell of 18 digits is, whatever its digits."""
    found, rejected = whole(WorkbookSource(book, "book.xlsx", "book"), "book.客户")
    assert [(one.line, one.row, one.reason, one.detail) for one in rejected] == [(205, 201, "cell.number_damaged", "column 证件")]  # fmt: skip
    assert len(found) == 201


def test_a_sheet_that_begins_with_its_rows_has_no_header(tmp_path: Path):
    """A telephone number in the first row makes that row a row."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet("s")
        sheet.write_row(0, 0, ["张三", 13800138000])
        sheet.write_row(1, 0, ["李四", 13900139000])
    source = WorkbookSource(tmp_path / "a.xlsx", "a.xlsx", "a")
    assert source.heads()[0].columns == ("column_1", "column_2")
    assert whole(source)[0] == {1: ("张三", "13800138000"), 2: ("李四", "13900139000")}


@pytest.mark.parametrize(
    ("name", "data", "slug"),
    [
        ("a.xlsx", b"PK\x03\x04 not a workbook", "file.unreadable"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file.unreadable"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "file.unsupported"),
        ("a.parquet", b"PAR1 no", "file.unreadable"),
        ("a.db", b"SQLite format 3\0" + bytes(90), "file.unreadable"),
        ("a.jsonl", b"one\ntwo\n", "file.no-rows"),
        ("a.csv", b"", "file.empty"),
        ("a.zip", b"PK\x03\x04", "archive.damaged"),
        ("a.sqlite", b"", "file.empty"),
        ("a.pdf", b"%PDF-1.7", "file.unsupported"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, data: bytes, slug: str):
    """A file named by itself that holds no table is refused with its reason; below a folder it is told."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Malformed) as refused:
        FileOpener().open(str(tmp_path / name), lambda _: None)
    assert refused.value.slug == slug
    told: list[object] = []
    assert FileOpener().open(str(tmp_path), told.append) == []
    assert [(one.file, one.row) for one in told] == [(name, None)]
    assert all(one.reason in REASONS for one in told)


def test_a_workbook_that_would_burst_memory_is_not_opened(tmp_path: Path):
    """A small workbook that unpacks to hundreds of times its size is told as oversized, and refused by name."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", bytes(80 << 20))
    told: list[object] = []
    assert FileOpener().open(str(tmp_path), told.append) == []
    assert [one.reason for one in told] == ["file.oversized"]
    with pytest.raises(Malformed) as refused:
        FileOpener().open(str(path), lambda _: None)
    assert refused.value.where["reason"] == "file.oversized"


def test_text_called_a_workbook_is_read_as_text(tmp_path: Path):
    """Shops write tabbed GB18030 text and call it .xls."""
    (tmp_path / "orders.xls").write_bytes("订单编号\t买家会员名\n0012\t王芳\n".encode("gb18030"))
    (source,) = FileOpener().open(str(tmp_path / "orders.xls"), lambda _: None)
    assert whole(source)[0] == {1: ("0012", "王芳")}


def test_parquet_keeps_its_types_or_becomes_text(tmp_path: Path):
    """Texts, numbers and bytes stay; decimals, dates, truth and nested values become text that says the same."""
    cells = {
        "text": pa.array(["0622", None]), "whole": pa.array([1, None], pa.int32()), "float": pa.array([0.5, None]),
        "bytes": pa.array([b"\xff", None]), "word": pa.array(["a", None]).dictionary_encode(),
        "money": pa.array([decimal.Decimal("1.50"), None]), "day": pa.array([DAY.date(), None]),
        "true": pa.array([True, None]), "list": pa.array([[{"x": 1}], None]), "wide": pa.array([2**63, None], pa.uint64()),
    }  # fmt: skip
    parquet.write_table(pa.table(cells), tmp_path / "a.parquet")
    source = ParquetSource(tmp_path / "a.parquet", "a.parquet", "a")
    assert whole(source)[0] == {
        1: ("0622", 1, 0.5, b"\xff", "a", "1.50", "2024-01-05", "true", '[{"x": 1}]', "9223372036854775808"),
        2: (None,) * 10,
    }


def test_json_lines_keep_every_digit(tmp_path: Path):
    """Numbers keep their digits, nested values are JSON text, broken lines are quarantined by line."""
    lines = [
        b'\xef\xbb\xbf{"id": 12345678901234567890, "n": "a", "x": {"y": 1.10, "z": [1, null, "\\u738b"]}}', b"",
        b'{"id": 1, "id": 2}', b"nope", b"[1]", b'{"n": null, "b": true}', b'{"id": NaN}', b'{"n": "\xff"}', b'{"n": "\\ud800"}',
    ]  # fmt: skip
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    source = JsonLinesSource(tmp_path / "a.jsonl", "a.jsonl", "a")
    assert source.heads()[0].columns == ("id", "n", "x", "b")
    found, rejected = whole(source)
    assert found == {
        1: ("12345678901234567890", "a", '{"y": 1.10, "z": [1, null, "王"]}', None),
        5: (None, None, None, "true"),
    }
    assert [(one.line, one.reason) for one in rejected] == [
        (3, "row.key-twice"), (4, "row.json"), (5, "row.not-object"), (7, "row.json"), (8, "row.undecodable"),
        (9, "row.undecodable"),
    ]  # fmt: skip


@pytest.mark.parametrize("gap", ["", " ", "\n", "\r\n  "])
def test_a_json_array_is_read_element_by_element(tmp_path: Path, gap: str):
    """One array of objects is a table; what is no object is quarantined by its line; nested text keeps its digits."""
    parts = [
        '{"id": 12345678901234567890, "x": [1, {"y": 2.50}]}',
        '{"id": "]", "n": "王芳"}',
        "7",
        '{"id": 1, "id": 2}',
        "{}",
    ]
    path = tmp_path / "a.json"
    path.write_text(f"{gap}[{gap}" + f"{gap},{gap}".join(parts) + f"{gap}]{gap}", encoding="utf-8", newline="")
    found, rejected = whole(JsonLinesSource(path, "a.json", "a"))
    assert found == {
        1: ("12345678901234567890", '[1, {"y": 2.50}]', None), 2: ("]", None, "王芳"), 5: (None, None, None),
    }  # fmt: skip
    assert [(one.row, one.reason) for one in rejected] == [(3, "row.not-object"), (4, "row.key-twice")]
    starts = [7, 9] if "\n" in gap else [1, 1]
    assert [one.line for one in rejected] == starts


def test_a_json_array_that_breaks_off(tmp_path: Path):
    """The whole elements of an array that was cut come out; the rest is one broken row."""
    path = tmp_path / "a.json"
    rows = [f'{{"id": {number}, "note": "{"x" * 5000}"}}' for number in range(2000)]
    path.write_text("[" + ",\n".join(rows)[:-10], encoding="utf-8")
    found, rejected = whole(JsonLinesSource(path, "a.json", "a"))
    assert len(found) == 1999
    assert found[1999][0] == "1998"
    assert [(one.line, one.reason) for one in rejected] == [(2000, "row.json")]


PEOPLE = [f'{{"姓名": "张{one}", "住址": "杭州市文三路{place}号"}}' for place, one in enumerate("伟芳娜秀英敏静丽强磊")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["lines", "array", "around"])
def test_json_in_other_encodings_and_in_an_envelope(tmp_path: Path, encoding: str, form: str):
    """Exports write JSON in the encoding of their system, and put the rows into an object: {"RECORDS": [...]}."""
    rows = "\n".join(PEOPLE) if form == "lines" else "[" + ",\n".join(PEOPLE) + "]"
    text = f'{{"code": 0, "msg": "ok [1]",\n"RECORDS": {rows}, "total": 10}}\n' if form == "around" else rows
    (tmp_path / "a.json").write_bytes(text.encode(encoding))
    (source,) = FileOpener().open(str(tmp_path / "a.json"), lambda _: None)
    found, rejected = whole(source)
    assert source.heads()[0].columns == ("姓名", "住址")
    assert found[10] == ("张磊", "杭州市文三路9号")
    assert (len(found), rejected) == (10, [])


def test_a_broken_line_of_json_in_another_encoding_is_told(tmp_path: Path):
    """One line that is not of the file's encoding is quarantined, whichever the encoding is; few odd bytes change no encoding."""
    for encoding in ("utf-8", "gb18030"):
        raw = [one.encode(encoding) for one in PEOPLE]
        raw[3] = raw[3].replace("秀".encode(encoding), b"\xff\xff")
        (tmp_path / "a.jsonl").write_bytes(b"\n".join(raw))
        _, rejected = whole(JsonLinesSource(tmp_path / "a.jsonl", "a.jsonl", "a"))
        assert [(one.line, one.reason) for one in rejected] == [(4, "row.undecodable")]


def test_lines_that_hold_arrays_are_rows(tmp_path: Path):
    """An object around an array is an envelope only where nothing follows it; a second array in it is told, not lost."""
    (tmp_path / "a.jsonl").write_text('{"orders": [{"id": 1}]}\n{"orders": [{"id": 2}]}\n')
    assert len(whole(JsonLinesSource(tmp_path / "a.jsonl", "a.jsonl", "a"))[0]) == 2
    (tmp_path / "b.json").write_text('{"a": [{"x": 1}], "b": [{"y": 2}]}')
    found, rejected = whole(JsonLinesSource(tmp_path / "b.json", "b.json", "b"))
    assert (found, [one.reason for one in rejected]) == ({1: ("1",)}, ["row.json"])


@pytest.mark.parametrize("cut", ["", ",", ",\n", ', {"id": 3'])
def test_an_array_without_its_end_is_told(tmp_path: Path, cut: str):
    """Where the closing bracket is missing, something may be lost, even if every element is whole."""
    (tmp_path / "a.json").write_text('[{"id": 1}, {"id": 2}' + cut)
    found, rejected = whole(JsonLinesSource(tmp_path / "a.json", "a.json", "a"))
    assert (len(found), [one.reason for one in rejected]) == (2, ["row.json"])


def test_a_sqlite_file_is_read_and_not_touched(tmp_path: Path):
    """Types stay, foreign keys and views are told, a garbled text is quarantined, the file stays byte for byte."""
    path = tmp_path / "shop.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE customer (id TEXT PRIMARY KEY, name, spent REAL) WITHOUT ROWID")
    base.execute(
        "INSERT INTO customer VALUES ('0622', '王芳', 1.5), ('0623', 7, NULL), ('0624', CAST(x'ff41' AS TEXT), 0.0)"
    )
    base.execute('CREATE TABLE "or""der" (no INTEGER, customer TEXT REFERENCES customer)')
    base.execute("CREATE VIEW seen AS SELECT * FROM customer")
    base.commit()
    base.close()
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    source = SqliteSource(path, "shop.db")
    heads = {head.name: head for head in source.heads()}
    assert [(key.column, key.to_table, key.to_column) for key in heads['or"der'].foreign_keys] == [("customer", "customer", "id")]  # fmt: skip
    found, rejected = whole(source, "customer")
    assert found == {1: ("0622", "王芳", 1.5), 2: ("0623", 7, None)}
    assert [(one.row, one.reason, one.raw) for one in rejected] == [(3, "row.undecodable", b"\xffA")]
    assert whole(source, 'or"der')[0] == {}
    assert [(one.table, one.reason) for one in source.skipped()] == [("seen", "table.view")]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["shop.db"]


def test_what_a_database_would_compute_is_told_and_not_computed(tmp_path: Path):
    """Eight kilobytes of file whose column is computed on each read would be gigabytes; so would a search table over a view. What is stored is read."""
    path = tmp_path / "small.db"
    base = sqlite3.connect(path)
    base.execute(
        "CREATE TABLE member (id INTEGER PRIMARY KEY, name TEXT, photo BLOB GENERATED ALWAYS AS (zeroblob(20000000)) VIRTUAL,"
        " twice INTEGER GENERATED ALWAYS AS (id * 2) STORED)"
    )
    base.executemany("INSERT INTO member (name) VALUES (?)", [(f"王{at}",) for at in range(30)])
    base.execute(
        "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS rowid, x FROM n"
    )
    base.execute("CREATE VIRTUAL TABLE found USING fts5(x, content='endless')")
    base.commit()
    base.close()
    source = SqliteSource(path, "small.db")
    tracemalloc.start()
    found, rejected = whole(source, "member")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (source.heads()[-1].columns, found[30], rejected) == (("id", "name", "twice"), (30, "王29", 60), [])
    told = {(one.table, one.reason) for one in source.skipped()}
    assert told == {("endless", "table.view"), ("found", "table.view"), ("member.photo", "column.generated")}
    assert peak < 16 << 20


def test_a_row_that_is_too_long_is_put_aside_and_no_other(tmp_path: Path):
    """First, last, two behind each other: each is counted, and the rows between them are read."""
    path = tmp_path / "long.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text, file BLOB)")
    long = {1, 4, 5, 8}
    base.executemany("INSERT INTO note VALUES (?, 'x', zeroblob(?))", [(at, 17 << 20 if at in long else 9) for at in range(1, 9)])  # fmt: skip
    base.commit()
    base.close()
    found, rejected = whole(SqliteSource(path, "long.db"))
    assert sorted(found) == [2, 3, 6, 7]
    assert [(one.row, one.reason) for one in rejected] == [(at, "row.oversized") for at in sorted(long)]


def test_rows_that_are_made_and_not_stored_are_refused(tmp_path: Path):
    """A column that was added with a long default reads as that default in every row, and lies in none."""
    path = tmp_path / "made.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE member (id INTEGER PRIMARY KEY)")
    base.executemany("INSERT INTO member VALUES (?)", [(at,) for at in range(1, 2000)])
    base.execute(f"ALTER TABLE member ADD COLUMN note TEXT DEFAULT '{'x' * 200_000}'")
    base.commit()
    base.close()
    with pytest.raises(Malformed) as refused:
        whole(SqliteSource(path, "made.db"))
    assert refused.value.slug == "sqlite.bomb"


def test_a_database_in_use_is_refused(tmp_path: Path):
    """A log of changes beside the file means that the file alone is not the data."""
    path = tmp_path / "shop.db"
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode = wal")
    base.execute("CREATE TABLE a (b)")
    base.commit()
    with pytest.raises(Malformed) as refused:
        SqliteSource(path, "shop.db").heads()
    assert refused.value.slug == "sqlite.wal"
    base.close()


def test_an_archive_is_opened_with_distrust(tmp_path: Path):
    """Members that are harmless are read; paths out, bombs, links, archives, doubles and encrypted ones are told."""
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("in/orders.csv", "id,phone\n1,13800138000\n")
        for name in ("../evil.csv", "/etc/evil.csv", "C:/evil.csv", "a/../../b.csv"):
            made.writestr(name, "a\n1\n")
        made.writestr("bomb.csv", bytes(80 << 20))
        made.writestr("inner.zip", "PK")
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("__MACOSX/._orders.csv", "x")
        made.writestr("twice.csv", "a\n1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("twice.csv", "a\n2\n")
    data = bytearray(path.read_bytes())
    told: list[object] = []
    (source,) = FileOpener().open(str(path), told.append)
    assert source.heads()[0].name == "orders"
    assert source.heads()[0].file == "shop.zip/in/orders.csv"
    assert whole(source)[0] == {1: ("1", "13800138000")}
    assert sorted((Path(one.file).name, one.reason) for one in told) == [
        ("._orders.csv", "file.system"), ("b.csv", "archive.path"), ("bomb.csv", "archive.bomb"),
        ("evil.csv", "archive.path"), ("evil.csv", "archive.path"), ("evil.csv", "archive.path"),
        ("inner.zip", "archive.nested"), ("link.csv", "archive.link"), ("twice.csv", "archive.twice"), ("twice.csv", "archive.twice"),
    ]  # fmt: skip
    source.close()
    assert bytes(data) == path.read_bytes()


def test_an_archive_with_nothing_to_read_is_refused(tmp_path: Path):
    """An archive whose only member is encrypted is refused, and so is one that says less than it holds."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.csv", "a\n1\n")
    data = bytearray(path.read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    path.write_bytes(data)
    with pytest.raises(Malformed) as refused:
        FileOpener().open(str(path), lambda _: None)
    assert refused.value.slug == "archive.nothing"
    assert refused.value.where["reason"] == "archive.encrypted"
    assert REASONS["archive.encrypted"].en in refused.value.message
    assert REASONS["archive.encrypted"].zh in refused.value.zh


def test_an_empty_archive_is_told(tmp_path: Path):
    """Below a folder as by itself."""
    with zipfile.ZipFile(tmp_path / "none.zip", "w"):
        pass
    told: list[object] = []
    assert FileOpener().open(str(tmp_path), told.append) == []
    assert [(one.file, one.reason) for one in told] == [("none.zip", "file.empty")]
    with pytest.raises(Malformed) as refused:
        FileOpener().open(str(tmp_path / "none.zip"), lambda _: None)
    assert (refused.value.slug, refused.value.where["reason"]) == ("archive.nothing", "file.empty")


def test_chinese_names_in_old_archives(tmp_path: Path):
    """A member's name in GB18030 without a flag is read as what it is."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xxxx.csv", "a,b\n1,2\n")
    path.write_bytes(path.read_bytes().replace(b"xxxx.csv", "客户".encode("gb18030") + b".csv"))
    (source,) = FileOpener().open(str(path), lambda _: None)
    assert source.heads()[0].name == "客户"
    source.close()


def test_a_folder_is_read_whole_or_told(tmp_path: Path):
    """Every file below a folder is a source or is told; equal stems are told apart by their paths."""
    for name in ("a/customers.csv", "b/customers.csv", "customers.tsv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("id,n\n1,2\n" if name.endswith("csv") else "id\tn\n1\t2\n")
    for name in ("shop.db", "a/shop.db"):
        base = sqlite3.connect(tmp_path / name)
        base.execute("CREATE TABLE orders (id)")
        base.close()
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.csv"
    outside.write_text("a\n1\n")
    (tmp_path / "link.csv").symlink_to(outside)
    os.mkfifo(tmp_path / "pipe.csv")
    told: list[object] = []
    sources = FileOpener().open(str(tmp_path), told.append)
    assert sorted(head.name for source in sources for head in source.heads()) == [
        "a.customers", "a.shop.orders", "b.customers", "customers", "shop.orders",
    ]  # fmt: skip
    assert sorted((one.file, one.reason) for one in told) == [
        (".DS_Store", "file.system"), ("link.csv", "file.link"), ("photo.jpg", "file.unknown"), ("pipe.csv", "file.special"),
    ]  # fmt: skip


def test_what_does_not_exist_is_missing(tmp_path: Path):
    """A path that is not there is told as missing."""
    with pytest.raises(Missing) as refused:
        FileOpener().open(str(tmp_path / "none.csv"), lambda _: None)
    assert refused.value.slug == "source.missing"


def test_every_reason_has_words():
    """Each reason the sources and the seal give is listed in both languages, and none is listed that nobody gives."""
    root = Path(__file__).parents[2] / "src" / "custody"
    files = [*(root / "adapters" / "sources").glob("*.py"), *(root / "acts").glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert not [slug for slug in REASONS if f'"{slug}"' not in code]
    assert all(reason.zh and reason.en for reason in REASONS.values())
