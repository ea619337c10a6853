"""Cells: what stands where, with the help of what a column is; places only, never values."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import profile
from made import Maker

from custody.adapters.sources.opener import FileOpener
from custody.classify.cellwise import CellFinder, find_in
from custody.classify.columns import ColumnFinding, TableFinding, classify
from custody.classify.taxonomy import classes
from custody.model.source import Batch
from custody.services.scan_values import scan_values

ROWS = 60


def test_cells_of_personal_columns_are_told_by_row_and_place():
    """Names, phones and remarks are found where they stand; stand-ins, order numbers and amounts are not."""
    make = Maker(9, "zh")
    columns = {
        "订单号": make.column("trade.order_id", ROWS),
        "姓名": make.column("name.full", ROWS),
        "手机": make.column("contact.phone", ROWS, "mobile"),
        "金额": make.column("trade.amount", ROWS),
        "备注": ["送到后打13812345678"] * ROWS,
    }
    columns["姓名"][4] = "无"
    columns["手机"][5] = "  13800001111 "
    finding = classify([profile("订单", columns)])[0]
    data = pa.RecordBatch.from_arrays([pa.array(cells) for cells in columns.values()], names=list(columns))
    found = list(CellFinder(finding).find(Batch(range(1, ROWS + 1), data)))
    assert {one.column for one in found} == {"姓名", "手机", "备注"}
    assert not [one for one in found if one.column == "姓名" and one.row == 5]
    assert [(one.start, one.end) for one in found if one.column == "手机" and one.row == 6] == [(2, 13)]
    assert {(one.cls, one.start, one.end) for one in found if one.column == "备注"} == {("contact.phone", 4, 15)}


def test_a_finding_has_no_value():
    """What is reported are places: no field of a finding can hold the text."""
    assert not [one for one in find_in("name.full", "王小明") if "王" in str(one)]


def test_junk_in_a_column_of_numbers_is_no_finding():
    """Repeated ones, zeros and words for nothing are not identity numbers or phones."""
    assert all(find_in("id.cn_resident", text) == [] for text in ("111111111111111111", "0", "无", "", "N/A", "未知"))


def test_wrong_check_digits_count_where_the_column_says_so():
    """A resident number with a wrong check character is one in a column of them, and none in running text."""
    value = "110101199003074500"
    assert [one.cls for one in find_in("id.cn_resident", value)] == ["id.cn_resident"]
    assert find_in("text.free", f"编号{value}") == []


def test_rows_and_offsets_are_the_sources_own(tmp_path):
    """Rows count from 1 with quarantined ones among them; offsets are code points of the cell as read, in any encoding."""
    text = '编号,姓名,备注\r\n1,王建国,"😀 电话１３８１２３４５６７８，\r\n地址 杭州市西湖区文三路90号"\r\n2,李静\r\n3, 赵敏 ,无\r\n\r\n5,钱多多,微信 abc_2024x\r\n'
    (tmp_path / "t.csv").write_bytes(text.encode("gb18030"))
    result = scan_values(FileOpener(), [str(tmp_path / "t.csv")])
    cell = "😀 电话１３８１２３４５６７８，\r\n地址 杭州市西湖区文三路90号"
    places = {(one["row"], one["column"], one["class"]): (one["start"], one["end"]) for one in result["findings"]}
    assert result["quarantined"] == 1
    assert places[3, "姓名", "name.full"] == (1, 3)
    assert places[4, "备注", "contact.im"] == (3, 12)
    phone, address = places[1, "备注", "contact.phone"], places[1, "备注", "contact.address"]
    assert cell[slice(*phone)] == "１３８１２３４５６７８"
    assert cell[slice(*address)] == "杭州市西湖区文三路90号"
    assert not [one for one in result["findings"] if "王" in str(one)]


CELLS = st.one_of(
    st.sampled_from(["13812345678", " 138****1234", "无", "N/A", "0", "", "1111111", "a@b.co", "王小明", "１３８１２３４５６７８", "10.0.0.7", "110101199003074514"]),
    st.text(max_size=14),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), CELLS), max_size=12), st.sampled_from(sorted(classes())))
def test_a_column_at_once_says_what_each_cell_says(values, cls):
    """Telling a whole column at once finds exactly what telling its cells one by one finds."""
    column = ColumnFinding("c", cls, "general", 90, ())
    data = pa.RecordBatch.from_arrays([pa.array(values, pa.string())], names=["c"])
    found = CellFinder(TableFinding("t", len(values), (column,), personal=True)).find(
        Batch(range(1, len(values) + 1), data)
    )
    wanted = {
        (row, one.cls, one.start, one.end)
        for row, value in enumerate(values, 1)
        if value
        for one in find_in(cls, value)
    }
    short = {one for one in wanted if len(values[one[0] - 1]) < 5}
    told = {(one.row, one.cls, one.start, one.end) for one in found}
    assert told <= wanted
    assert wanted - told <= short
