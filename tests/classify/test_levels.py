"""Levels: what raises a column above its class's level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled import profile

from custody.classify.columns import classify
from custody.classify.levels import raised
from custody.classify.taxonomy import classes

PEOPLE = {"姓名": ["王小明", "李雷", "韩梅梅", "赵一鸣"] * 5, "手机": [f"1381234{number:04}" for number in range(20)]}
NAMES = st.sampled_from(sorted(classes()))


def found(extra):
    return {one.name: one for one in classify([profile("会员", PEOPLE | extra)])[0].columns}


def test_health_in_remarks_makes_them_sensitive():
    """A remark that tells an illness raises its column; praise for the parcel does not."""
    remarks = ["发货很快，包装完好，下次还来", "孩子对花生过敏，不要放坚果，谢谢店家"] * 10
    assert found({"备注": remarks})["备注"].level == "sensitive"
    assert found({"备注": remarks[:1] * 20})["备注"].level == "general"


def test_a_login_beside_its_password_is_sensitive():
    """Alone a login is general; with the password of the same row it opens the account."""
    logins = {"用户名": [f"user_{number}" for number in range(20)]}
    assert found(logins)["用户名"].level == "general"
    both = found(logins | {"密码": [f"pw{number}!x" for number in range(20)]})
    assert both["用户名"].level == "sensitive"
    assert "raised: a login beside its password" in both["用户名"].why


def test_what_nobody_can_read_beside_illness_is_sensitive_until_somebody_looks():
    """A column that neither name nor values explain is sensitive beside an illness, and first to be reviewed; beside a shop's it is not."""
    unread = {"zzqq": ["k", "l", "m", "n"] * 5}
    beside = found({"诊断": ["高血压", "糖尿病"] * 10, "订单号": [f"D{number:06}" for number in range(20)]} | unread)
    assert beside["zzqq"].level == "sensitive"
    assert "raised: unread beside sensitive data, until somebody looks" in beside["zzqq"].why
    assert min(beside.values(), key=lambda one: one.confidence).name == "zzqq"
    assert beside["订单号"].level == "general"
    assert found(unread)["zzqq"].level == "general"


ILL = {"诊断": ["高血压", "糖尿病"] * 10, "过敏史": ["青霉素", "无"] * 10}


@pytest.mark.parametrize(
    "header",
    ["ostomy_status", "tessellation_type", "折膜状态", "mobilisation reason", "quilting_amount", "旋转架次数"],
)
def test_half_a_name_beside_illnesses_clears_nothing(header):
    """What a status, a kind, a reason or a sum is of was not read: among illnesses it is held for sensitive, among orders it is not."""
    cells = {header: ["1", "2", "3", "1"] * 5}
    assert found(ILL | cells)[header].level == "sensitive"
    assert found({"订单号": [f"D{number:06}" for number in range(20)]} | cells)[header].level != "sensitive"


@pytest.mark.parametrize("header", ["ostomy_status", "折膜状态"])
def test_one_illness_in_the_row_is_enough_for_half_a_name(header):
    """One column surely about health makes a row in which half a name clears nothing; what a system keeps for itself stays as it is."""
    beside = found({"诊断": ["高血压", "糖尿病"] * 10, header: ["1", "2", "3", "1"] * 5, "派单状态": ["0", "1"] * 10})
    assert "raised: half of its name is unread among sensitive data, until somebody looks" in beside[header].why
    assert beside["派单状态"].level != "sensitive"


@pytest.mark.parametrize(
    "header",
    [
        "created_at",
        "batch_status",
        "审核状态",
        "office_type",
        "录入批次编号",
        "row_version_code",
        "registration_source",
    ],
)
def test_what_a_system_keeps_for_itself_is_not_held_for_sensitive(header):
    """When and by whom a row was written, its batch and its version tell of no illness, whatever stands beside."""
    assert found(ILL | {header: ["1", "2", "3", "1"] * 5})[header].level != "sensitive"


@given(NAMES, st.lists(NAMES, max_size=3), st.frozensets(NAMES, max_size=8))
def test_a_level_is_never_lowered(cls, holds, row):
    """Whatever stands in the text or beside, no column falls below its class; and nothing is raised without a cause."""
    level, _ = raised(cls, holds, row)
    rank = ("none", "general", "sensitive")
    assert rank.index(level) >= rank.index(classes()[cls].level)
    if not holds and not row:
        assert level == classes()[cls].level


@pytest.mark.parametrize("cls", ["person.photo", "vehicle.plate", "trade.item"])
def test_combinations_raise(cls):
    """A picture beside an identity number, a plate beside positions, a service beside an illness are sensitive."""
    assert raised(cls, (), frozenset((cls, "id.cn_resident", "location.position", "person.health")))[0] == "sensitive"


def test_a_name_like_sensitive_words_is_sensitive_until_somebody_looks():
    """A name that nobody listed and that is made of pieces of sensitive words is no harmless code; one like a shop's words is."""
    codes = ["k", "l", "m", "n"] * 5
    assert found({"残余尿流": codes})["残余尿流"].level == "sensitive"
    assert found({"花束样式": codes})["花束样式"].level == "general"


def test_what_only_its_ending_tells_is_sensitive_beside_illness():
    """A date of nobody knows what stands in a patient's row as one more of the illness; the day a record was made does not."""
    days = [f"2024-0{1 + number % 9}-1{number % 9}" for number in range(20)]
    beside = found({"诊断": ["高血压", "糖尿病"] * 10, "zzqq_until": days, "创建时间": days})
    assert beside["zzqq_until"].level == "sensitive"
    assert beside["创建时间"].level != "sensitive"
    assert found({"zzqq_until": days})["zzqq_until"].level != "sensitive"


def test_a_number_of_unknown_kind_beside_identity_numbers_is_sensitive_until_somebody_looks():
    """Beside identity numbers one more number of nobody knows what may be one too; beside a shop's columns it is a key."""
    numbers = [f"{number * 7919 % 900000 + 100000}" for number in range(20)]
    documents = {"身份证号": ["11010519491231002X", "440524188001010014"] * 10}
    assert found(documents | {"zzkw_number": numbers})["zzkw_number"].level == "sensitive"
    assert found({"zzkw_number": numbers})["zzkw_number"].level != "sensitive"
