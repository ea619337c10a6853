"""What one table alone, or its neighbour, tells of numbers and names."""

import pytest
from labelled import profile

from custody.classify import joins
from custody.classify.columns import classify

NAMES = ["王小明", "李雷", "韩梅梅", "赵一鸣", "周洁", "吴国强", "郑玉兰", "孙建军"] * 5


def classes(name: str, columns: dict[str, list[str]]) -> dict[str, str]:
    return {one.name: one.cls for one in classify([profile(name, columns)])[0].columns}


def test_the_order_in_which_a_list_is_shown_is_no_orders_number():
    """Small whole numbers under order_num say where a department stands in its list."""
    rows = {
        "dept_id": [str(100 + n) for n in range(12)],
        "dept_name": ["研发部", "市场部", "财务部"] * 4,
        "order_num": ["1", "2", "3"] * 4,
        "leader": ["张伟", "李娜", "王芳"] * 4,
    }
    assert classes("sys_dept", rows)["order_num"] == "record.code"


def test_an_orders_number_stays_one():
    """Long numbers under the same name are those of orders."""
    rows = {
        "order_num": [str(20240100 + n) for n in range(20)],
        "customer_name": NAMES[:20],
        "amount": ["12.50", "99.00"] * 10,
    }
    assert classes("orders", rows)["order_num"] == "trade.order_id"


def test_a_number_of_his_own_is_a_persons():
    """In a list of people that has no other, a number that each has for himself is his; one that counts the rows is a key."""
    people = {
        "number": [f"M{4100 + 7 * n}" for n in range(40)],
        "name": NAMES,
        "phone": [f"138{n:08d}" for n in range(40)],
    }
    assert classes("people", people)["number"] == "account.customer_id"
    counted = {**people, "number": [str(n + 1) for n in range(40)]}
    assert classes("people", counted)["number"] == "record.key"


def test_a_number_beside_a_street_is_a_houses():
    """`numero` behind `rua` is a part of the address."""
    rows = {"nome": ["Ana Souza", "João Lima", "Maria Costa", "Pedro Alves"] * 10, "rua": ["Rua das Flores", "Rua XV de Novembro", "Av. Paulista"] * 13 + ["Rua A"],
            "numero": ["12", "100", "45", "7"] * 10, "telefone": [f"(11) 9{n:04d}-{n:04d}" for n in range(40)]}  # fmt: skip
    assert classes("clientes", rows)["numero"] == "contact.address"


def test_sights_in_cities_are_no_people():
    """A list of museums and where they are names nobody, though not each is called a museum."""
    rows = {"name": ["British Museum", "Tate Modern", "Prado Museum", "Uffizi Gallery", "Rijksmuseum", "Museo Egizio", "Acropolis Museum", "Louvre"],
            "city": ["London", "London", "Madrid", "Florence", "Amsterdam", "Turin", "Athens", "Paris"]}  # fmt: skip
    assert not classify([profile("museums", rows)])[0].personal
    han = {
        "名称": ["故宫博物院", "中国美术馆", "上海博物馆", "颐和园", "岳阳楼", "大雁塔"],
        "城市": ["北京", "北京", "上海", "北京", "岳阳", "西安"],
    }
    assert not classify([profile("景点", han)])[0].personal


def test_joined_columns_agree():
    """A patient's number is one in each table that has it, also where its own row says little."""
    numbers = [f"P{20230000 + 13 * n}" for n in range(40)]
    patients = profile(
        "patients", {"patient_id": numbers, "name": NAMES, "birth_date": [f"19{50 + n}-03-1{n % 9}" for n in range(40)]}
    )
    visits = profile(
        "visits",
        {"visit_no": [f"V{n:05d}" for n in range(80)], "patient_id": numbers * 2, "diagnosis": ["高血压", "感冒"] * 40},
    )
    labs = profile(
        "labs", {"pid": numbers * 2, "patient_id": numbers * 2, "wbc": ["5.1", "7.2"] * 40, "note": [""] * 80}
    )
    found = {(table.name, one.name): one.cls for table in classify([patients, visits, labs]) for one in table.columns}
    assert {cls for (_, name), cls in found.items() if name == "patient_id"} == {"account.customer_id"}


@pytest.mark.parametrize(("here", "there", "cls"), [
    ("record.other", "account.customer_id", "account.customer_id"), ("account.customer_id", "record.key", "account.customer_id"), ("record.key", "trade.order_id", ""),
])  # fmt: skip
def test_only_a_persons_number_takes_its_neighbour_along(here, there, cls):
    """Of two columns that refer to each other and were read apart, one a person's number makes the other one; an order's number does not."""
    edge = joins.Edge("labs", "PatientId", "patients", "patient_id", 1.0, declared=True, unique=True)
    told = joins.agreed([edge], {("labs", "PatientId"): here, ("patients", "patient_id"): there})
    assert told == (dict.fromkeys([("labs", "PatientId"), ("patients", "patient_id")], cls) if cls else {})


def test_a_battery_that_is_charged_has_no_record():
    """Per cent under `charge_level` accuse nobody; words under it do, among prisoners."""
    stations = {
        "station_id": [f"S{n:04d}" for n in range(20)],
        "charge_level": [str(20 + n) for n in range(20)],
        "connector": ["CCS", "Type2"] * 10,
    }
    assert classes("chargers", stations)["charge_level"] == "record.none"
    jail = {
        "inmate_name": NAMES[:20],
        "charge_level": ["felony", "misdemeanor"] * 10,
        "bond": ["5000", "200"] * 10,
    }
    assert classes("inmates", jail)["charge_level"] == "person.criminal"


def test_a_telephones_number_is_no_card():
    """Fifteen digits with a right check digit under IMEI are a device's."""
    rows = {"姓名": NAMES[:20], "打卡设备IMEI": ["490154203237518", "356938035643809"] * 10}
    assert classes("考勤", rows)["打卡设备IMEI"] == "device.id"


def test_interest_in_figures_is_owed():
    """Sums under `interest` are those of a loan; words under it are what somebody likes."""
    people = {"cust_name": ["Ann Lee", "Bob Stone", "Carl Meyer", "Dora King"] * 10, "phone": [f"+44 20 7946 {n:04d}" for n in range(40)]}  # fmt: skip
    sums = {**people, "interest": ["12.40", "880.15", "93.77", "5.02"] * 10}
    words = {**people, "interest": ["golf", "chess", "hiking", "opera"] * 10}
    assert classes("customers", sums)["interest"] == "finance.credit"
    assert classes("customers", words)["interest"] == "taste.preference"


def test_conditions_of_an_offender_are_about_him():
    """A row that has an offender's number and nothing else of a person is about a person, and nothing in it goes out as a thing's."""
    rows = {
        "OFFENDER_BOOK_ID": [str(1_100_000 + 7 * n) for n in range(20)],
        "COMM_CONDITION_TYPE": ["LICENCE", "CURFEW"] * 10,
        "CONDITION_STATUS": ["ACTIVE", "EXPIRED"] * 10,
        "LENGTH": ["6", "12"] * 10,
    }
    found = classify([profile("OFFENDER_SENT_CONDITIONS", rows)])[0]
    assert found.personal
    assert not any(one.cls == "record.none" for one in found.columns)


def test_a_release_tells_of_a_sentence_among_offenders_alone():
    """Who leaves the army is released too; beside an offence the day is a prisoner's."""
    people = {"first_name": ["Ann", "Bob", "Carl", "Dora"] * 5, "last_name": ["Lee", "Stone", "Meyer", "King"] * 5}
    days = {"release_date": [f"2021-0{1 + n % 9}-1{n % 9}" for n in range(20)]}
    offence = {"offense": ["theft", "assault", "fraud", "burglary"] * 5}
    assert classes("soldiers", people | days)["release_date"] == "record.time"
    assert classes("inmates", people | offence | days)["release_date"] == "person.criminal"


def test_what_is_like_web_addresses_and_holds_none_is_no_web_address():
    """`social_…` is made of pieces of names for profiles; words under it are no links."""
    people = {"first_name": ["Ann", "Bob", "Carl", "Dora"] * 5, "last_name": ["Lee", "Stone", "Meyer", "King"] * 5}
    kept = people | {"social_guar": ["urban", "rural", "none", "urban"] * 5}
    linked = people | {"social_guar": [f"https://example.org/{n}" for n in range(20)]}
    assert classes("customers", kept)["social_guar"] != "contact.url"
    assert classes("customers", linked)["social_guar"] == "contact.url"


@pytest.mark.parametrize(
    ("header", "cells", "cls"),
    [
        ("seaman_book_no", ["493020114", "552019384", "610293847", "720193845"], "id.national_other"),
        ("退耕还林补贴", ["320.00", "500.00", "88.50", "120.00"], "finance.income"),
        ("forensic_details", ["caution", "probation", "none", "fine"], "person.criminal"),
        ("canjirenyuanC", ["0", "1", "0", "0"], "person.health"),
        ("xidurenyuanD", ["0", "1", "0", "0"], "person.criminal"),
        ("服药依从性", ["规律", "间断", "不服药", "规律"], "person.health"),
    ],
)
def test_words_of_further_sectors(header, cells, cls):
    """Seamen's papers, aid to farmers, what psychiatry asks of offences, check-ups of the aged and residents' marks are read by their own words."""
    people = {"first_name": ["Ann", "Bob", "Carl", "Dora"] * 5, "last_name": ["Lee", "Stone", "Meyer", "King"] * 5}
    assert classes("people", people | {header: cells * 5})[header] == cls
