"""Comments: what a source says of its own columns."""

import pytest
from labelled import profile

from custody.classify.columns import classify
from custody.classify.comments import readings

PEOPLE = {"name": ["王小明", "李雷", "韩梅梅", "赵一鸣"] * 5, "phone": [f"1381234{number:04}" for number in range(20)]}
UNREAD = {"f_q1": ["甲", "乙", "丙", "丁"] * 5}


def classes(table):
    return {one.name: one.cls for one in table.columns}


@pytest.mark.parametrize(("comment", "cls"), [
    ("宗教信仰（0-无 1-佛教 2-其他）", "person.religion"), ("过敏史，医生填写", "person.health"), ("Blood type: A, B, AB or O", "person.health"),
    ("Date of birth of the guest", "person.birth_date"), ("月收入(元)", "finance.income"), ("the customer's mobile phone number used for login", "contact.phone"),
])  # fmt: skip
def test_a_comment_is_read_by_its_first_clause(comment, cls):
    """What stands in brackets, behind a comma or after the noun explains, and does not name."""
    assert readings(comment)[0].cls == cls


@pytest.mark.parametrize(
    "comment",
    ["", "如果为空则表示该用户还没有完成注册流程的第二步", "Set by the nightly job whenever the upstream feed changed"],
)
def test_a_comment_that_tells_a_story_says_nothing(comment):
    """A sentence about how a column is filled names no class."""
    assert readings(comment) == ()


def test_a_comment_of_the_source_names_a_column_that_nobody_could_read():
    """Under a name that says nothing the comment is followed, and the reason says so; values that cannot be so overrule it."""
    made = profile("t", PEOPLE | UNREAD, comments={"f_q1": "宗教信仰"})
    (finding,) = classify([made])
    found = {one.name: one for one in finding.columns}
    assert (found["f_q1"].cls, found["f_q1"].level) == ("person.religion", "sensitive")
    assert any(why.startswith("comment: ") for why in found["f_q1"].why)
    assert classes(classify([profile("t", PEOPLE, comments={"phone": "出生日期"})])[0])["phone"] == "contact.phone"


def test_a_row_of_descriptions_below_the_header_is_followed():
    """A first row of words for columns explains the codes above it; a first row of a person explains nothing."""
    coded = {
        "a01": ["姓名", *PEOPLE["name"]],
        "a02": ["手机号码", *PEOPLE["phone"]],
        "a03": ["既往病史", *UNREAD["f_q1"]],
    }
    assert classes(classify([profile("t", coded)])[0])["a03"] == "person.health"
    plain = {name: cells[1:] for name, cells in coded.items()}
    assert classes(classify([profile("t", plain)])[0])["a03"] == "record.other"


def test_a_dictionary_beside_the_data_is_followed():
    """A table that lists fields and their meanings explains the tables it names, and no other."""
    listed = {"表名": ["kh"] * 3, "字段名": ["name", "phone", "F_Q1"], "字段说明": ["客户姓名", "手机号", "征信评分"]}
    numbers = {"f_q1": [str(600 + number) for number in range(20)]}
    tables = [profile("字段表", listed), profile("kh", PEOPLE | numbers), profile("other", PEOPLE | numbers)]
    dictionary, mine, other = classify(tables)
    assert classes(mine)["f_q1"] == "finance.credit"
    assert classes(other)["f_q1"] != "finance.credit"
    assert not dictionary.personal
