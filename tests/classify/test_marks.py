"""Marks: forms of values that are sensitive whatever the header says, and what only looks like them."""

import pytest
from labelled import profile

from custody.classify.columns import classify

PEOPLE = {"姓名": ["王小明", "李雷", "韩梅梅", "赵一鸣"] * 5, "手机": [f"1381234{number:04}" for number in range(20)]}


def read(cells, **more):
    """The class of a column without a telling name beside people."""
    columns = PEOPLE | {"f3": (list(cells) * 20)[:20]} | more
    return {one.name: one.cls for one in classify([profile("t", columns)])[0].columns}


@pytest.mark.parametrize(("cells", "cls"), [
    (["E11.900", "I10.x00", "J18.9", "Z51.100x004"], "person.health"), (["A", "B", "O", "AB"], "person.health"), (["A型", "O型", "AB型", "不详"], "person.health"),
    (["120/80", "135/92", "98/64"], "person.health"), (["阴性", "阳性", "未检出"], "person.health"), (["never smoked", "formerly smoked", "Unknown"], "person.health"),
    (["盗窃罪", "有期徒刑三年", "危险驾驶罪"], "person.criminal"), (["Burglary", "Felony theft", "Disorderly conduct"], "person.criminal"),
    (["正常", "关注", "次级", "可疑"], "finance.credit"), (["5000-8000元", "12000元以上", "3000元以下"], "finance.income"), (["$40K - $60K", "Less than $40K"], "finance.income"),
    (["A123456(3)", "Z683365(5)"], "id.national_other"), (["A123456789", "F131104093"], "id.national_other"), (["870106-1048133", "910304-2012347"], "id.national_other"),
    (["DEUTDEFF", "BKCHCNBJ300", "CHASUS33"], "finance.bank_account"), (["6217 0012 3456 7890", "4111 1111 1111 1112"], "finance.card_number"),
    (["$6$salt$abcdefgh12345678", "{SSHA}4f5a6b7c8d9e"], "account.password"), (["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.SflKxwRJSM", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIy.TflKxwRJSX"], "account.secret"),
    (["顺产", "剖宫产", "助产"], "person.health"), (["治愈", "好转", "未愈", "死亡"], "person.health"), (["特级护理", "一级护理", "二级护理"], "person.health"), (["轻症", "重症", "疑似", "确诊"], "person.health"),
    (["White British", "Indian", "Mixed", "Black Caribbean"], "person.ethnicity"), (["General", "OBC", "SC", "ST"], "person.ethnicity"), (["Roman Catholic", "Baptist", "Methodist", "None"], "person.religion"),
    (["信仰佛教", "信仰基督教", "不信教"], "person.religion"), (["Republican", "Democratic", "Unaffiliated"], "person.politics"), (["REP", "DEM", "UNA"], "person.politics"),
    (["盗窃", "诈骗", "危险驾驶"], "person.criminal"), (["在押", "刑满释放", "假释"], "person.criminal"), (["逾期30天", "正常还款", "已结清"], "finance.credit"), (["住房贷款", "个人消费贷款", "车贷"], "finance.credit"),
    (["等额本息", "先息后本"], "finance.credit"), (["低保户", "一般户", "建档立卡贫困户"], "finance.income"), (["<=50K", ">50K"], "finance.income"), (["工资性收入", "外出务工", "退休金"], "finance.income"),
    (["CA1831", "MU5137", "CZ3102"], "location.trace"), (["G1", "D3108", "K1331"], "location.trace"), (["490154203237518", "356938035643809"], "device.id"),
])  # fmt: skip
def test_a_form_tells_the_class_without_a_header(cells, cls):
    """Codes, groups, findings, sentences, foreign numbers, digests and journeys are known by how they are written."""
    assert read(cells)["f3"] == cls


@pytest.mark.parametrize("cells", [
    ["A", "B", "C", "D"], ["A12", "B07", "C33"], ["PASSWORD", "CUSTOMER", "PRODUCTS"], ["G101", "G102", "G205"], ["12V battery", "AA battery"],
    ["正常", "停用", "待审"], ["10-20", "20-30"], ["2024/05", "2023/12"], ["A123456788", "F131104092", "B200000001"],
    ["黑色", "白色", "红色"], ["white", "black", "green"], ["良好", "一般", "较差"], ["一级", "二级", "三级"], ["待处理", "已释放库存", "已完成"], ["conservative", "moderate", "aggressive"],
    ["现金", "信用卡", "分期"], ["REF", "DOC", "ORD"], ["personal", "other", "car"], ["稳定", "其他"], ["佛山", "道里区"], ["moderate", "severe weather"],
])  # fmt: skip
def test_what_only_looks_so_is_not_taken(cells):
    """Grades, seats, colours, states of orders, rooms, goods and numbers with wrong check digits are not of a sensitive class."""
    assert not read(cells)["f3"].startswith(("person.", "finance.", "id.", "location."))


def test_a_latitude_beside_a_longitude_is_a_position():
    """Two unread columns of degrees side by side are where somebody was; two of rates are not."""
    north = [f"{30 + number / 7:.6f}" for number in range(20)]
    east = [f"{110 + number / 9:.6f}" for number in range(20)]
    rates = [f"{number / 37:.6f}" for number in range(20)]
    assert {read(north, f4=east)[name] for name in ("f3", "f4")} == {"location.position"}
    assert "location.position" not in read(rates, f4=rates).values()
