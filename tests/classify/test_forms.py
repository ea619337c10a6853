"""Forms: values that contradict what a header alone says win, where they speak for themselves, or make the column wait."""

import pytest
from labelled import profile

from custody.classify.columns import classify
from custody.classify.datamap import propose, unsure
from custody.classify.forms import DIFFERS
from custody.classify.roles import propose as roles
from custody.model.source import TableHead

NAMES = [family + given for family in "王李张刘陈杨赵黄" for given in ("伟", "芳", "秀英", "娜", "敏", "静")]
ROWS = len(NAMES)
PEOPLE = {"手机": [f"1381234{number:04}" for number in range(ROWS)]}


def found(header, values):
    profiles = [profile("顾客", PEOPLE | {header: values})]
    return next(one for one in classify(profiles)[0].columns if one.name == header)


def waits(header, values):
    """Whether the data map that is proposed asks somebody to look at the column."""
    profiles = [profile("顾客", PEOPLE | {header: values})]
    findings = classify(profiles)
    head = TableHead("顾客", "顾客.csv", "csv", ("手机", header))
    (table,) = propose({"顾客": head}, findings, roles(profiles, findings), {}).tables
    return header in {one.name for one in unsure(table)}


@pytest.mark.parametrize("header", ["称呼", "称谓", "salutation", "语言", "国籍", "支付方式"])
def test_as_many_names_as_rows_are_names_whatever_short_list_the_header_promises(header):
    """A form of address has a handful of values: what reads as names and hardly repeats is names, and the search by name finds them."""
    assert found(header, NAMES).cls == "name.full"
    assert not any("header" in why for why in found(header, NAMES).why)


def test_a_handful_of_forms_of_address_are_what_the_header_says():
    """先生 and 女士 stay a form of address, and surely so."""
    one = found("称呼", ["先生", "女士"] * (ROWS // 2))
    assert one.cls == "person.title"
    assert one.confidence >= 60


def test_a_form_of_address_with_a_name_before_it_waits():
    """王伟先生 is a form of address with a name in it: as many as there are rows, and nobody is sure."""
    titled = [f"{one}先生" for one in NAMES]
    assert found("称呼", titled).cls == "person.title"
    assert waits("称呼", titled)


@pytest.mark.parametrize(("header", "values"), [
    ("婚姻状况", [f"蓝{number}号柜" for number in range(ROWS)]),
    ("性别", [f"色号{number}" for number in range(ROWS)]),
    ("微信", ["是", "否"] * (ROWS // 2)),
    ("收货地址", ["自提", "送货"] * (ROWS // 2)),
    ("用户名", ["甲类", "乙类"] * (ROWS // 2)),
])  # fmt: skip
def test_what_a_header_alone_says_and_values_contradict_waits(header, values):
    """Many different values of a short list, or two of what is somebody's own: nobody takes that for sure unseen."""
    assert waits(header, values)


def test_the_few_who_serve_everybody_are_names_still():
    """Three doctors in all rows read as names, and contradict nothing."""
    doctors = found("接诊医生", ["王伟", "李芳", "赵秀英"] * (ROWS // 3))
    assert (doctors.cls, DIFFERS in doctors.why) == ("name.full", False)


def test_a_sensitive_class_is_not_lost_to_other_values():
    """Names under 民族 stay sensitive: they wait, and nothing is lowered."""
    one = found("民族", NAMES)
    assert one.level == "sensitive"
    assert waits("民族", NAMES)


def test_few_rows_contradict_nothing():
    """Of eight rows eight differ, whatever they are."""
    few = [
        profile(
            "顾客",
            {"手机": PEOPLE["手机"][:8], "称呼": ["阿姨", "阿婆", "伯伯", "师母", "姑姑", "舅舅", "老板", "先生"]},
        )
    ]
    assert DIFFERS not in next(one for one in classify(few)[0].columns if one.name == "称呼").why
