"""Words of single fields, and what neighbours and values make of them."""

import pytest
from labelled import profile

from custody.classify.columns import classify
from custody.classify.headers import judge

PEOPLE = {"姓名": ["王小明", "李雷", "韩梅梅", "赵一鸣", "孙丽"] * 6}


def found(table, columns):
    return {one.name: one.cls for one in classify([profile(table, columns)])[0].columns}


@pytest.mark.parametrize(("header", "cls"), [
    ("受益人账号", "finance.bank_account"), ("经济来源", "finance.income"), ("wage_garnishment", "finance.credit"), ("dbs_status", "person.criminal"),
    ("皮试结果", "person.health"), ("barthel_score", "person.health"), ("保单现金价值", "finance.balance"), ("liveness_score", "person.biometric"),
    ("pickup_authorized", "person.guardian"), ("passkey_credential", "account.secret"), ("入境口岸", "location.trace"),
])  # fmt: skip
def test_words_that_one_field_uses_are_read(header, cls):
    """Insurers, clinics, schools and lenders have words that no general list holds."""
    assert judge(header)[0].cls == cls


@pytest.mark.parametrize(("header", "cls"), [
    ("愈合情况", "person.health"), ("监舍", "person.criminal"), ("案情简介", "person.criminal"), ("脱贫状态", "finance.income"), ("购房首付比例", "finance.credit"),
    ("耕地面积", "finance.balance"), ("人证比对结果", "person.biometric"), ("晚归时间", "location.trace"), ("skin_concerns", "person.health"), ("asset_amount", "finance.balance"),
    ("wallet_address", "finance.bank_account"), ("scars_marks_tattoos", "person.biometric"), ("disciplinary_record", "person.criminal"), ("情感状态", "person.marital_status"),
    ("理财经理", "name.full"), ("driver_id", "account.customer_id"), ("快递包裹重量", "trade.amount"), ("order_state", "record.code"), ("is_bound", "record.code"), ("是否启用", "record.code"),
])  # fmt: skip
def test_words_of_trades_are_read(header, cls):
    """Whom a trade keeps its tables of has words that no general list holds; a number beside who drives is no licence."""
    assert judge(header)[0].cls == cls


@pytest.mark.parametrize(("header", "cls"), [
    ("zuiming", "person.criminal"), ("daikuan", "finance.credit"), ("canjileixing", "person.health"), ("juliutianshu", "person.criminal"), ("rudangshijian", "person.politics"), ("licai", "finance.balance"),
])  # fmt: skip
def test_sensitive_words_spelled_in_pinyin_are_read(header, cls):
    """Alone, and before a kind, a time or a number of days; letters that no list has stay unread."""
    assert judge(header)[0].cls == cls
    assert not judge("tiantiantianshu") or judge("tiantiantianshu")[0].cls != cls


def test_a_number_of_what_a_member_has_is_not_the_members():
    """`member_address_id` numbers the address, `member_card_id` the member."""
    assert judge("member_address_id")[0].cls == "record.key"
    assert judge("member_card_id")[0].cls == "account.customer_id"


def test_what_is_booked_in_a_prison_is_a_prisoner():
    """The number of a booking among charges and sentences is part of the record; the same in a hotel is an order's."""
    numbers = {"booking_number": [str(20230000 + 37 * number) for number in range(30)]}
    charges = {
        "name": ["Carla Smith", "Ben Okoro"] * 15,
        "offense": ["THEFT", "DUI"] * 15,
        "sentence": ["3 years", "probation"] * 15,
        "arrest_date": ["2023-01-05"] * 30,
        "parole": ["no"] * 30,
    }
    assert found("jail_roster", charges | numbers)["booking_number"] == "person.criminal"
    assert (
        found("stays", {"guest_name": ["Carla Smith", "Ben Okoro"] * 15} | numbers)["booking_number"]
        == "trade.order_id"
    )


def test_a_speed_is_a_movement_only_beside_a_position():
    """Beside a latitude and a longitude; the speed of somebody's line is none."""
    speeds = [str(number % 40) for number in range(30)]
    places = {
        "lat": [f"30.{number:04}21" for number in range(30)],
        "lng": [f"120.{number:04}17" for number in range(30)],
    }
    assert found("司机", PEOPLE | places | {"speed": speeds})["speed"] == "location.trace"
    assert found("宽带用户", PEOPLE | {"speed": speeds})["speed"] == "record.other"


def test_short_numbers_of_people_are_no_resident_numbers():
    """Nine digits under `id_number` are another country's; eighteen with a wrong check digit are still a resident's."""
    short = [str(551470239 + 7919 * number) for number in range(30)]
    long = [f"11010119{70 + number}0307{number:02}13" for number in range(30)]
    read = found("passengers", {"name": ["Alice Smith", "Bob Jones", "Carla Gomez"] * 10, "id_number": short})
    assert read["id_number"] == "id.national_other"
    assert found("旅客", PEOPLE | {"id_number": long})["id_number"] == "id.cn_resident"


def test_what_a_medicine_is_for_makes_a_catalogue_no_file_of_people():
    """A list of medicines names illnesses and identifies nobody."""
    goods = {
        "商品名称": ["病毒唑颗粒", "高血压计", "糖尿病专用奶粉"] * 10,
        "批准文号": ["国药准字H20053456", "国药准字Z33020174", "国药准字B20020345"] * 10,
        "适应症": ["用于感冒发热", "用于高血压", "辅助降糖"] * 10,
        "库存": [str(number) for number in range(30)],
    }
    assert all(one.startswith(("record.", "org.")) for one in found("药品目录", goods).values())


def test_what_is_paid_for_an_illness_is_an_amount():
    """The sums of a claim stay amounts beside its diagnosis."""
    claim = PEOPLE | {
        "入院诊断": ["急性阑尾炎", "肺部感染", "脑梗死"] * 10,
        "出院诊断": ["急性阑尾炎", "肺部感染", "脑梗死"] * 10,
        "申请金额": [f"{100 + number}.50" for number in range(30)],
    }
    assert found("理赔案件", claim)["申请金额"] == "trade.amount"


def test_a_bare_name_beside_a_given_name_is_the_family_s():
    """`Name` and `Vorname`, as German and French offices write them."""
    people = {"Name": ["Müller", "Schmidt", "Weber"] * 10, "Vorname": ["Anna", "Lukas", "Jonas"] * 10}
    assert found("Mitglieder", people) == {"Name": "name.family", "Vorname": "name.given"}


@pytest.mark.parametrize("columns", [
    {"name": ["Ann", "Bob"], "city": ["Leeds", "York"]}, {"name": ["张三", "李四"], "city": ["北京", "上海"]}, {"名字": ["小明", "阿丽"], "城市": ["杭州", "上海"]},
    {"name": ["Xzqar Vlomp", "Qwel Tarn"], "city": ["Boston", "Denver"]}, {"Name": ["Müller", "Schulz"], "Stadt": ["Köln", "Bonn"]},
    {"name": ["Ann", "Bob"], "age": ["34", "41"]}, {"name": ["Alice", "Bob"], "points": ["3", "5"]},
])  # fmt: skip
def test_a_few_names_beside_where_they_live_are_people(columns):
    """However short the list and however rare the names: a table about nobody would go to the buyer whole."""
    assert classify([profile("list", columns)])[0].personal


@pytest.mark.parametrize("columns", [
    {"name": ["Downtown Store", "Airport Store"], "city": ["Boston", "Denver"]}, {"名称": ["西湖店", "浦东店"], "城市": ["杭州", "上海"]},
    {"name": ["Berlin", "Paris"], "country": ["DE", "FR"]}, {"name": ["California", "Texas"], "state": ["CA", "TX"]},
    {"name": ["Hammer", "Saw"], "price": ["3.5", "5.2"]},
])  # fmt: skip
def test_a_few_shops_places_and_goods_are_nobody(columns):
    """What is known for something else than a person makes no list of people."""
    assert not classify([profile("list", columns)])[0].personal
