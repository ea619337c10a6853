"""Delimited text as programs and people leave it: delimiters, titles, spare cells, broken rows with their lines."""

from pathlib import Path

import pytest
from reading import text, whole

from custody.base.errors import Malformed


def names(source):
    """The column names of a one-table source."""
    return source.heads()[0].columns


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("Name;Betrag;Ort\nMüller;1,50;Köln\nGroß;2,75;Ulm\n", ";"),
        ("name\taddress\n张三\t北京, 朝阳, 1号\n李四\t上海, 浦东, 2号\n", "\t"),
        ("no|name|note\n1|a, b|c; d\n2|e|f\n", "|"),
        ('id,note\n1,"a;b;c"\n2,"d;e;f"\n', ","),
        ("a;b\n1;2\n", ";"),
        ("only\nx\ny\n", ","),
    ],
)
def test_the_delimiter_is_found(tmp_path: Path, data: str, delimiter: str):
    """A decimal comma, commas in addresses and delimiters inside quotes do not mislead."""
    assert text(tmp_path / "a.csv", data.encode()).heads()[0].dialect["delimiter"] == delimiter


def test_titles_above_the_header_are_no_rows(tmp_path: Path):
    """Title lines, also padded with delimiters, and blank lines stand above the header and are not counted as rows."""
    data = "客户名单,,\n导出时间：2024-01-05,,\n\n编号,姓名,手机\n0622,张三,138\n".encode("gb18030")
    source = text(tmp_path / "a.csv", data)
    assert names(source) == ("编号", "姓名", "手机")
    assert source.heads()[0].dialect["skip"] == "3"
    assert whole(source)[0] == {1: ("0622", "张三", "138")}


def test_a_header_may_hold_line_ends(tmp_path: Path):
    """A quoted header cell over two lines is one name, and the rows begin below it."""
    source = text(tmp_path / "a.csv", b'"no\n(new)",b\n1,2\n')
    assert names(source) == ("no\n(new)", "b")
    assert whole(source)[0] == {1: ("1", "2")}


def test_a_file_that_begins_with_its_rows_has_no_header(tmp_path: Path):
    """A person's number or address is a value and never a column's name: the first record is a row like the others."""
    data = "张三,13800138000,北京\n李四,13900139000,上海\n".encode("gb18030")
    source = text(tmp_path / "a.csv", data)
    assert names(source) == ("column_1", "column_2", "column_3")
    assert source.heads()[0].dialect["header"] == "none"
    assert whole(source)[0] == {1: ("张三", "13800138000", "北京"), 2: ("李四", "13900139000", "上海")}
    titled = text(tmp_path / "b.csv", b"list\n\na@example.com,1\nb@example.com,2\nc,\n")
    assert whole(titled)[0] == {1: ("a@example.com", "1"), 2: ("b@example.com", "2"), 3: ("c", "")}


def test_digits_a_spreadsheet_wrote_as_zeros_are_quarantined(tmp_path: Path):
    """An identity or card number whose digits behind the fifteenth are zero and whose check digit is wrong is lost; a right one is not."""
    rows = [
        "440106196103020000",
        "11010519491231002X",
        "6222020200112230000",
        "6222020200112234567",
        "2024010100000000000",
        "110101200001010000",
    ]
    source = text(
        tmp_path / "a.csv", ("id,number\n" + "".join(f"{n},{one}\n" for n, one in enumerate(rows, start=1))).encode()
    )
    found, rejected = whole(source)
    assert {one.row for one in rejected} == {1, 3, 6}
    assert {one.reason for one in rejected} == {"cell.number_damaged"}
    assert sorted(found) == [2, 4, 5]


@pytest.mark.parametrize(
    ("data", "bare"),
    [
        ("张三,男,北京\n李四,女,北京\n王五,男,上海\n赵六,男,北京\n", True),
        ("K1,2024-01-05,10.50\nK2,2024-01-06,11.50\n", True),
        ("name,2023,2024\na,1,2\nb,3,4\n", False),
        ("姓名,VIP,城市\n张三,VIP,北京\n李四,VIP,上海\n王五,,北京\n", False),
        ("name,sex\na,m\nname,sex\nb,f\nname,sex\nc,f\n", False),
        ("王芳电话13800138000要退货\n李雷电话13900139000要换货\n韩梅电话13700137000\n", True),
        ("王芳说商品有问题，要求退货。\n李雷说没有收到\n", True),
        ("备注\n王芳说商品有问题，要求退货。\n李雷说没有收到\n", False),
        ("请填写邮箱（如 a@example.com）,城市\nb@example.com,北京\nc@example.com,上海\n", False),
    ],
)
def test_a_header_is_told_from_a_row(tmp_path: Path, data: str, bare: bool):
    """Cells that are met again below, dates and amounts make the first record a row; years and marks do not."""
    source = text(tmp_path / "a.csv", data.encode())
    assert (source.heads()[0].dialect.get("header") == "none") is bare
    assert len(whole(source)[0]) == len(data.splitlines()) - (not bare)


def test_rows_that_end_with_a_delimiter_keep_the_header(tmp_path: Path):
    """A header without the delimiter that every row ends with is still the header."""
    source = text(tmp_path / "a.csv", b"a,b\n1,2,\n3,4,\n")
    assert names(source) == ("a", "b")
    assert whole(source)[0] == {1: ("1", "2"), 2: ("3", "4")}


def test_spare_cells_are_allowed_and_filled_ones_are_not(tmp_path: Path):
    """Empty cells behind the last column are nothing; a filled one puts its row into quarantine."""
    rows = b"1,2,3,,\n4,5,6\n7,8,9,\n"
    source = text(tmp_path / "a.csv", b"a,b,c,,\n" + rows * 20_000 + b"x,y,z,,w\n1,2\n")
    assert names(source) == ("a", "b", "c")
    found, rejected = whole(source)
    assert len(found) == 60_000
    assert found[2] == ("4", "5", "6")
    assert [(one.line, one.reason) for one in rejected] == [(60_002, "row.ragged"), (60_003, "row.ragged")]


def test_a_column_without_a_name_is_kept_when_rows_fill_it(tmp_path: Path):
    """What rows say under an empty header is a column of its own."""
    source = text(tmp_path / "a.csv", b"a,b,\n1,2,3\n4,5,\n")
    assert names(source) == ("a", "b", "column_3")
    assert whole(source)[0] == {1: ("1", "2", "3"), 2: ("4", "5", "")}


def test_nothing_is_inferred(tmp_path: Path):
    """Zeros in front, long numbers, mixed dates, blanks and the word null stay what was written."""
    row = ("0622", "12345678901234567890", "2024-01-05", "1/5/2024", " x ", "null", "1.50", "TRUE")
    source = text(tmp_path / "a.csv", ("a,b,c,d,e,f,g,h\n" + ",".join(row) + "\n").encode())
    assert whole(source)[0] == {1: row}


def test_numbers_a_spreadsheet_has_damaged_are_quarantined_by_line(tmp_path: Path):
    """`1.38E+10` was a telephone number: its row is quarantined, with its line, also below a note of two lines."""
    source = text(tmp_path / "a.csv", b'id,n,phone\n1,"a\nb",2\n2,c,1.38E+10\n3,d,6.22202E+18\n4,e,2.5E+03\n')
    found, rejected = whole(source)
    assert sorted(found) == [1, 4]
    assert [(one.line, one.row, one.reason, one.detail) for one in rejected] == [
        (4, 2, "cell.number_damaged", "column phone"), (5, 3, "cell.number_damaged", "column phone"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b'2,"open,x', "row.quote"),
        (b'2,"a"b,x', "row.quote"),
        (b"2,x", "row.ragged"),
        (b"2,x,y,z", "row.ragged"),
        (b"2,\xff\xff,z", "row.undecodable"),
        (b"2,a\0b,z", "row.nul"),
        ("2,张三丰,北京".encode("gb18030"), "row.undecodable"),
    ],
)
def test_a_broken_row_is_told_with_its_line(tmp_path: Path, broken: bytes, reason: str):
    """Each kind of broken row is quarantined alone, with file, line, row and bytes."""
    source = text(
        tmp_path / "a.csv", "no,name,note\n1,王芳,ok\n".encode() + broken + "\n3,李雷,老客户\n4,Zoë,é\n".encode()
    )
    found, rejected = whole(source)
    assert found == {1: ("1", "王芳", "ok"), 3: ("3", "李雷", "老客户"), 4: ("4", "Zoë", "é")}
    (one,) = rejected
    assert (one.file, one.line, one.row, one.reason) == ("a.csv", 3, 2, reason)
    assert one.raw.rstrip(b"\n") == broken


def test_a_line_in_another_encoding_is_not_garbled_silently(tmp_path: Path):
    """A UTF-8 line that happens to be valid GB18030 is quarantined, not turned into other characters."""
    lines = [f"{number},王芳,老客户".encode("gb18030") for number in range(1, 9)]
    source = text(tmp_path / "a.csv", b"\n".join([b"no,name,note", *lines, "9,张三,北京".encode(), *lines]))
    found, rejected = whole(source)
    assert len(found) == 16
    assert [(one.line, one.reason, one.detail) for one in rejected] == [(10, "row.other-encoding", "utf-8")]


def test_notes_of_many_lines_are_one_row(tmp_path: Path):
    """A quoted note of hundreds of lines is one value, in the quick pass and in the slow one."""
    note = "\n".join(f"第{number}行" for number in range(300))
    data = f'no,note\n1,"{note}"\n2,x\n'.encode()
    assert whole(text(tmp_path / "a.csv", data))[0] == {1: ("1", note), 2: ("2", "x")}
    found, rejected = whole(text(tmp_path / "b.csv", data + b'3,"open\n'))
    assert found == {1: ("1", note), 2: ("2", "x")}
    assert len(rejected) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_line_ends_and_marks(tmp_path: Path, end: str, encoding: str):
    """LF, CR LF and CR alone, with and without a mark, give the same rows; the header has no mark in it."""
    data = end.join(["编号,姓名", "0622,张三", "0623,李四"]).encode(encoding)
    source = text(tmp_path / "a.csv", data)
    assert names(source) == ("编号", "姓名")
    assert whole(source)[0] == {1: ("0622", "张三"), 2: ("0623", "李四")}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_lone_carriage_return_ends_a_row_where_rows_come_of_it(tmp_path: Path, encoding: str):
    """In a file of CR LF: two rows run together are two; a return inside a cell, quoted or not, is a character."""
    data = '编号,姓名\r\n1,张三\r2,李四\r\n3,"王\r五"\r\n4,赵\r六\r\n5,孙七,x\r6\r\n'.encode(encoding)
    found, rejected = whole(text(tmp_path / "a.csv", data))
    assert found == {1: ("1", "张三"), 2: ("2", "李四"), 3: ("3", "王\r五"), 4: ("4", "赵\r六")}
    assert [one.reason for one in rejected] == ["row.ragged"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path):
    """A file of one line has columns and no rows."""
    source = text(tmp_path / "a.csv", b"a,b\n")
    assert names(source) == ("a", "b")
    assert whole(source) == ({}, [])


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"\xef\xbb\xbf", b"   \n"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes):
    """A file that says nothing is refused as empty, mark or no mark."""
    with pytest.raises(Malformed) as refused:
        text(tmp_path / "a.csv", data).heads()
    assert refused.value.slug == "file.empty"


def test_a_persons_answer_decides_the_encoding(tmp_path: Path):
    """Two equal readings are refused with both names; the answer is taken as given; an unknown one is refused."""
    data = b"n\n" + bytes((0xD2, 0xBB)) + b"\n"
    with pytest.raises(Malformed) as refused:
        text(tmp_path / "a.csv", data).heads()
    assert refused.value.slug == "encoding.ambiguous"
    assert refused.value.where["candidates"] == "utf-8,gb18030"
    assert refused.value.next.endswith("--encoding a.csv=utf-8")
    assert whole(text(tmp_path / "a.csv", data, "gb18030"))[0] == {1: ("一",)}
    with pytest.raises(Malformed) as unknown:
        text(tmp_path / "a.csv", data, "klingon").heads()
    assert unknown.value.slug == "encoding.unknown"


def test_repeated_headers_are_told_apart(tmp_path: Path):
    """Equal names get numbers, and never one that the file has itself."""
    assert names(text(tmp_path / "a.csv", b"a,a,a_2,a\n1,2,3,4\n")) == ("a", "a_2", "a_2_2", "a_3")
