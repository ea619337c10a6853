"""Headers made of known parts: wishes, relations, questions, deeds, and who does them."""

import pytest
from labelled import profile

from custody.classify.columns import classify
from custody.classify.headers import judge


@pytest.mark.parametrize(("header", "cls"), [
    ("意向楼型", "taste.preference"), ("喜欢的花材", "taste.preference"), ("preferred_barista", "taste.preference"), ("aisle_pref", "taste.preference"),
    ("期望薪酬", "finance.income"), ("preferred_pronoun", "person.gender"), ("preferred_email", "contact.email"),
    ("与出票人关系", "record.other"), ("与患者家属关系", "record.other"), ("是否基督徒", "person.religion"), ("有无丧偶", "person.marital_status"), ("has_misdemeanors", "person.criminal"),
    ("揽件日期", "trade.time"), ("归寝时间", "location.trace"), ("出狱日期", "person.criminal"), ("paijianshijian", "trade.time"), ("住院预约单号", "person.health"),
    ("退房单号", "trade.order_id"), ("登机口照片", "person.photo"), ("入住押金金额", "trade.amount"), ("寄件市", "contact.city"), ("户籍省", "contact.region"),
    ("滞纳金比例", "trade.amount"), ("医保基数", "finance.income"), ("镶牙手术费", "trade.amount"), ("acupuncture_treatment_cost", "trade.amount"), ("主刀医生ID", "record.key"),
    ("医疗保险补缴", "finance.income"), ("社保单位缴费", "finance.income"), ("医保个人账户余额", "finance.balance"), ("工作学习单位", "job.employer"), ("desired_salary_min", "finance.income"),
    ("days_sober_at_intake", "person.health"), ("last_name_kana", "name.family"), ("sex_types", "person.gender"), ("献血者档案ID", "record.key"), ("poverty_flag", "finance.income"),
    ("poastal_code", "contact.postal_code"), ("date_of_brith", "person.birth_date"), ("pateint_adress", "contact.address"), ("Relegion", "person.religion"), ("vacination_date", "person.health"),
])  # fmt: skip
def test_a_header_of_known_parts_is_read_as_a_whole(header, cls):
    """What is wished, asked, done or numbered is in lists; these headers are not."""
    assert judge(header)[0].cls == cls


@pytest.mark.parametrize(
    ("cells", "cls"),
    [(["张建国", "李梅", "王秀英", "陈志强"], "name.full"), (["是", "否", "否", "是"], "location.trace")],
)
def test_who_does_what_a_stem_tells_of_is_a_name_where_the_values_are(cells, cls):
    """同登机人 may name somebody or say that there was one."""
    rows = {
        "姓名": ["周杰", "吴敏", "郑爽", "冯刚"] * 3,
        "同登机人": cells * 3,
        "手机号": ["13812345678", "13987654321", "13700001111", "13600002222"] * 3,
    }
    assert {one.name: one.cls for one in classify([profile("t", rows)])[0].columns}["同登机人"] == cls


@pytest.mark.parametrize(
    ("cells", "cls"),
    [(["Ann Lee", "Tom Hall", "Mary Young", "Peter King"], "name.full"), (["12", "7", "31", "9"], "record.key")],
)
def test_by_whom_is_his_name_or_his_number(cells, cls):
    """`vouched_by` is read by its values."""
    rows = {
        "full_name": ["Jane Roe", "John Poe", "Sue Fox", "Al Kent"] * 3,
        "vouched_by": cells * 3,
        "email": [f"a{n}@example.org" for n in range(12)],
    }
    assert {one.name: one.cls for one in classify([profile("t", rows)])[0].columns}["vouched_by"] == cls


def test_a_few_illnesses_among_many_other_things_are_no_theme():
    """Of a driving school's applicants what nobody could read is no illness because eyes are tested; it is held until somebody looks."""
    names = [
        "姓名",
        "手机号",
        "视力",
        "是否色盲",
        "报名渠道",
        "班次别名",
        "介绍点",
        "合同号",
        "缴费时间",
        "报名费",
        "教练",
        "驾照类型",
        "地址",
    ]
    rows = {name: ["张建国" if name == "姓名" else "甲", "乙"] * 6 for name in names}
    found = {one.name: one for one in classify([profile("意向", rows)])[0].columns}
    assert found["视力"].cls == "person.health"
    assert found["班次别名"].cls != "person.health"


@pytest.mark.parametrize("header", ["attended", "lender_x", "sensor_reading"])
def test_another_end_or_another_beginning_is_another_word(header):
    """`attended` is no attendee, a lender no gender."""
    assert {one.cls for one in judge(header)} & {"name.full", "person.gender"} == set()


@pytest.mark.parametrize(("table", "beside", "header", "cells", "cls"), [
    ("inmates", ("offense", "sentence_length"), "booking_date", ["2021-03-04", "2022-07-19"], "person.criminal"), ("inmates", ("offense", "sentence_length"), "case_number", ["CR-2021-0071", "CR-2020-1188"], "person.criminal"),
    ("loans", ("credit_score", "days_past_due"), "amount", ["12000", "3500"], "finance.credit"), ("loans", ("credit_score", "days_past_due"), "grade", ["A", "B"], "finance.credit"),
    ("eye_patients", ("od_axis", "visual_acuity"), "optometrist", ["Mary Hill", "Tom Bell"], "name.full"), ("orders", ("item", "quantity"), "amount", ["12000", "3500"], "trade.amount"),
])  # fmt: skip
def test_a_day_a_number_and_a_sum_are_of_what_the_table_is_about(table, beside, header, cells, cls):
    """Nobody buys in a table of prisoners, and a sum among debts is lent; among orders it is paid."""
    rows = {"full_name": ["Jane Roe", "John Poe"] * 6, **{one: ["720", "655"] * 6 for one in beside}, header: cells * 6}
    assert {one.name: one.cls for one in classify([profile(table, rows)])[0].columns}[header] == cls


@pytest.mark.parametrize(("header", "cls"), [
    ("精子浓度", "person.health"), ("其他扣款", "finance.income"), ("剩余期数", "finance.credit"), ("改造表现", "person.criminal"), ("days_sober", "person.health"), ("remaining_principal", "finance.credit"),
    ("宿舍号", "location.trace"), ("所属支部", "person.politics"), ("nakshatra", "person.religion"), ("cellphone", "contact.phone"), ("charge_status", "record.code"), ("所在地", "contact.city"), ("快递号", "trade.tracking"), ("警衔", "job.title"),
])  # fmt: skip
def test_words_of_wards_lenders_prisons_and_congregations_are_read(header, cls):
    """What such places write down; a telephone stays one, and so does how full a battery is."""
    assert judge(header)[0].cls == cls


@pytest.mark.parametrize(("header", "cells", "cls"), [
    ("nationality", ["汉族", "回族", "满族"], "person.ethnicity"), ("nationality", ["中国", "日本", "韩国"], "person.nationality"), ("user_name", ["张建国", "李秀英", "王小明", "陈思远", "刘洋"], "name.full"),
    ("user_name", ["zhangjg", "lixy88", "wang_xm"], "account.username"), ("工资卡号", ["6222021", "6217003", "6230580"], "finance.bank_account"), ("卡号", ["800012", "800013", "800014"], "account.customer_id"),
])  # fmt: skip
def test_values_say_which_of_two_a_word_means(header, cells, cls):
    """A people or a country, a name or a login, a bank's card or a member's."""
    rows = {"姓名": ["赵一鸣", "韩梅梅"] * 30, "手机": ["13812340001", "13912340002"] * 30, header: (cells * 60)[:60]}
    assert {one.name: one.cls for one in classify([profile("人员", rows)])[0].columns}[header] == cls


def test_months_under_initials_of_a_deed_are_no_births():
    """gzsj is when somebody began to work, csrq when he was born."""
    months = [f"{1962 + number % 34}{1 + number % 9:02}" for number in range(60)]
    rows = {"xm": ["赵一鸣", "韩梅梅"] * 30, "sjh": ["13812340001", "13912340002"] * 30, "gzsj": months, "csrq": months}
    found = {one.name: one.cls for one in classify([profile("jbxx", rows)])[0].columns}
    assert found["csrq"] == "person.birth_date"
    assert found["gzsj"] != "person.birth_date"


def test_a_list_of_animals_is_no_file_of_people():
    """Leo's sex and birthday are nobody's; with his owner's telephone beside them they are somebody's."""
    rows = {"id": [str(number) for number in range(20)], "sex": ["M", "F"] * 10, "date_of_birth": ["2015-04-02", "2017-09-30"] * 10, "name": ["Leo", "Kira"] * 10}  # fmt: skip
    owned = rows | {"owner_phone": [f"1381234{number:04}" for number in range(20)]}
    assert [classify([profile("animals", one)])[0].personal for one in (rows, owned)] == [False, True]


@pytest.mark.parametrize(("header", "cells"), [("party", ["2", "4", "6"]), ("offering", ["Brunch", "Dinner"])])  # fmt: skip
def test_a_party_of_six_and_an_offering_of_brunch_tell_of_no_creed(header, cells):
    """Words of restaurants that are also words of parties and churches are not read as those."""
    rows = {"name": ["Jane Roe", "John Poe"] * 30, "email": [f"a{number}@example.org" for number in range(60)], header: (cells * 60)[:60]}  # fmt: skip
    found = {one.name: one.cls for one in classify([profile("reservations", rows)])[0].columns}
    assert not found[header].startswith(("person.politics", "person.religion"))


@pytest.mark.parametrize(("header", "near"), [("attitude", "location.trace"), ("completion", "person.ethnicity")])
def test_a_word_a_far_key_away_from_a_known_one_is_no_slip(header, near):
    """`attitude` is no `altitude` and `completion` no `complexion`: nobody hits a key on the other side for one of theirs."""
    assert near not in {one.cls for one in judge(header)}
