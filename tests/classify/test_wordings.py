"""Wordings: what is special in a few cells of free text is met in all rows, raises the column and is told by kind and number."""

import random

import pytest
from labelled import profile

from custody.classify import conventions
from custody.classify.columns import ColumnFinding, TableFinding, classify
from custody.classify.datamap import propose, unsure
from custody.classify.reasons import chinese, english
from custody.classify.roles import propose as roles
from custody.model.source import TableHead

ROWS = 80
PEOPLE = {
    "卡号": [f"HY{number:04}" for number in range(ROWS)],
    "手机": [f"1370571{number:04}" for number in range(ROWS)],
}


def notes(*told, rows=ROWS):
    """A third of the rows filled, with nothing of anybody but what is told."""
    plain = ["爱吃甜", "生日送花", "欠两本书", "初三学生"]
    cells = [plain[number // 3 % 4] if number % 3 == 0 else "" for number in range(rows)]
    for place, one in enumerate(told):
        cells[7 * (place + 1)] = one
    return cells


def found(header, values, **more):
    columns = PEOPLE | {header: values} | more
    return next(one for one in classify([profile("顾客", columns)])[0].columns if one.name == header)


@pytest.mark.parametrize(("told", "kind"), [
    ("对花生过敏", "person.health"), ("已去世（女儿来电告知）", "death"), ("刚离婚，别问先生", "family"), ("吃清真的", "person.religion"),
    ("刑满回来的", "person.criminal"), ("her late husband", "death"), ("is diabetic", "person.health"),
])  # fmt: skip
@pytest.mark.parametrize("header", ["老板娘的小本本", "zzqq"])
def test_one_cell_under_a_name_nobody_knows_makes_text_sensitive_and_waits(header, told, kind):
    """One remark in eighty rows is enough: the column is free text, sensitive, and the reviewer hears why, without a word of it."""
    values = notes(told)
    one = found(header, values)
    filled = sum(bool(value) for value in values)
    assert (one.cls, one.level, one.confidence < 60) == ("text.free", "sensitive", True)
    assert f"free text in {filled} of {ROWS} cells" in one.why
    assert f"words of {kind} in 1 cell" in one.why
    assert "no evidence of any class" not in one.why
    assert not any(told in why for why in one.why)


def test_remarks_about_nothing_stay_general():
    """The same remarks without an illness or a death raise nothing."""
    one = found("老板娘的小本本", notes())
    assert one.level == "general"
    assert not any(why.startswith("words of") for why in one.why)


def test_a_short_word_is_enough_as_well():
    """孕妇 in one cell of a column of short words is met."""
    assert found("zzqq", ["孕妇" if number == 9 else "熟客" for number in range(ROWS)]).level == "sensitive"


def test_three_cells_among_many_thousand_different_ones_are_counted():
    """No sample decides: of twenty thousand remarks that all differ the three that tell are met, however they fall."""
    order = random.Random(5)
    rows = 20_000
    values = [f"改送{order.randrange(10**9)}号柜，放门口" for _ in range(rows)]
    for place in (11, 9_000, 19_999):
        values[place] = f"术后第{place}天，勿打扰"
    phones = [f"138{number:08}" for number in range(rows)]
    one = next(
        one
        for one in classify([profile("顾客", {"手机": phones, "备注": values}, batch=4_000)])[0].columns
        if one.name == "备注"
    )
    assert one.level == "sensitive"
    assert "words of person.health in 3 cells" in one.why


@pytest.mark.parametrize("header", ["备注", "偏好"])
def test_one_cell_of_text_whose_name_is_known_is_enough_too(header):
    """A preference written as sentences is text as well: no share of the cells is asked for."""
    values = [f"喜欢靠窗的{number}号位子" for number in range(ROWS)]
    assert found(header, values).level == "general"
    assert found(header, [*values[:-1], "对花生过敏，请注意"]).level == "sensitive"


def test_a_remark_with_an_address_in_it_is_read_all_the_same():
    """An address of mail beside an illness hides nothing."""
    values = ["please write to her@example.com about the parcel"] * (ROWS - 1) + ["pregnant, write to ann@example.com"]
    assert "words of person.health in 1 cell" in found("Notes", values).why


def test_the_map_says_it_in_both_languages_and_once():
    """The reviewer's map names the kinds by their names; a class that is counted is not named a second time."""
    profiles = [profile("顾客", PEOPLE | {"老板娘的小本本": notes("对花生过敏", "已去世")})]
    findings = classify(profiles)
    head = TableHead("顾客", "顾客.csv", "csv", ("卡号", "手机", "老板娘的小本本"))
    (table,) = propose({"顾客": head}, findings, roles(profiles, findings), {}).tables
    (column,) = (one for one in unsure(table) if one.name == "老板娘的小本本")
    assert (column.tier, column.level) == ("sensitive", "sensitive")
    assert not any(why.startswith("holds person.health") for why in column.why)
    said = [chinese(why) for why in column.why]
    assert "1 格里有“健康信息”一类的字眼" in said
    assert "1 格里有“去世”一类的字眼" in said
    assert any("格里有" in one and "80" in one for one in said)
    assert "words of health in 1 cell" in [english(why) for why in column.why]


def test_an_export_of_a_known_system_keeps_what_its_text_holds():
    """A convention names the class of a column of notes, and lowers nothing that was met in it."""
    told = "words of person.health in 1 cell"
    column = ColumnFinding("Note", "taste.preference", "sensitive", 40, (told,), ("person.health",))
    names = (
        "First Name",
        "Last Name",
        "Email",
        "Accepts Email Marketing",
        "Total Spent",
        "Total Orders",
        "Tags",
        "Default Address City",
        "Tax Exempt",
    )
    others = tuple(ColumnFinding(name, "record.other", "general", 40, ()) for name in names)
    after = conventions.follow(TableFinding("customers_export", 9, (column, *others), personal=True))
    assert after != TableFinding("customers_export", 9, (column, *others), personal=True)
    assert after.columns[0].level == "sensitive"
