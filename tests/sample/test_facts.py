"""The true counts against what an independent reader finds."""

import re
from collections import Counter
from typing import Any

from custody_sample import SampleFacts

Written = tuple[SampleFacts, Any]

BORN = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def born(row: dict[str, str]):
    if match := BORN.fullmatch(row["出生日期"]):
        return tuple(map(int, match.groups()))
    number = row["身份证号"]
    if re.fullmatch(r"\d{17}[\dXx]", number):
        return int(number[6:10]), int(number[10:12]), int(number[12:14])
    return None


def years(row: dict[str, str]):
    day = born(row)
    return None if day is None else 2026 - day[0] - (day[1:] > (3, 16))


def plain(phone: str):
    return phone.translate({0xFF10 + digit: 0x30 + digit for digit in range(10)})


def test_rows(written: Written):
    """Every table has as many data rows as the facts say, faults included."""
    facts, found = written
    rows = {"会员": found.members.met, "orders": found.orders.met}
    rows |= {f"customer_care.{name}": table.met for name, table in found.sheets.items()}
    rows |= {name: len(table) for name, table in found.shop.items()}
    assert rows == facts.rows


def test_broken_lines(written: Written):
    """Every broken line stands at its line and row with its reason, and no other line is broken."""
    facts, found = written
    tables = [found.members, found.orders, *found.sheets.values()]
    met = sorted(fault for table in tables for fault in table.faults)
    assert met == sorted((one.table, one.line, one.row, one.reason) for one in facts.broken)


def test_shared_numbers_are_two_people(written: Written):
    """Two different people hold each shared number, and orders hang on it."""
    facts, found = written
    assert len(found.shared) == facts.shared_keys
    holders = [row for row in found.members.rows if row["客户编号"] in found.shared]
    assert len(holders) == facts.shared_key_rows["会员"] == len({row["姓名"] + row["手机号"] for row in holders})
    assert sum(row["customer_no"] in found.shared for row in found.orders.rows) == facts.shared_key_rows["orders"]


def test_customers(written: Written):
    """Customers that can be told apart are as many as were asked for."""
    facts, found = written
    assert len(found.customers) == facts.customers


def test_orphans(written: Written):
    """Orphans are counted by table; blank numbers are among them."""
    facts, found = written
    keys = {"orders": [row["customer_no"] for row in found.orders.rows]}
    keys |= {f"customer_care.{name}": [row["客户编号"] for row in table.rows] for name, table in found.sheets.items()}
    keys["marketing_permissions"] = [row["customer_no"] for row in found.shop["marketing_permissions"]]
    counted = {name: found.orphans(column) for name, column in keys.items()}
    assert {name: count for name, count in counted.items() if count} == facts.orphans


def test_quarantined(written: Written):
    """Rows that belong to nobody for certain are the rows met less those of one customer, of others, of the catalogue."""
    facts, found = written
    rows = [row["客户编号"] for row in found.members.rows] + [row["customer_no"] for row in found.orders.rows]
    rows += [row["客户编号"] for table in found.sheets.values() for row in table.rows]
    rows += [row["customer_no"] for row in found.shop["marketing_permissions"]]
    good = sum(key in found.customers for key in rows)
    good += sum(len(found.shop[name]) for name in ("employees", "prospects", "products", "categories"))
    assert sum(facts.rows.values()) - good == facts.quarantined


def test_ages(written: Written):
    """Minors, their missing guardians and people of unknown age are as many as the facts say."""
    facts, found = written
    ages = [(years(row), row["监护人姓名"]) for row in found.customers.values()]
    assert sum(age is None for age, _ in ages) == facts.age_unknown
    assert sum(age is not None and age < 14 for age, _ in ages) == facts.under_14
    assert sum(age is not None and 14 <= age < 18 for age, _ in ages) == facts.from_14_to_17
    assert sum(age is not None and age < 14 and not who for age, who in ages) == facts.under_14_without_guardian


def test_nobody_comes_of_age_in_2026(written: Written):
    """No customer turns 14 or 18 between the export and the end of 2026."""
    _, found = written
    days = [day for row in found.customers.values() if (day := born(row))]
    for limit in (14, 18):
        assert not [day for day in days if (2026, 3, 16) < (day[0] + limit, *day[1:]) <= (2026, 12, 31)]


def test_places(written: Written):
    """People abroad, and people of unknown residence, are as many as the facts say."""
    facts, found = written
    home = [
        row for row in found.customers.values() if row["国家"] in {"中国", "CN"} or (not row["国家"] and row["省份"])
    ]
    nowhere = [row for row in found.customers.values() if not row["国家"] and not row["省份"]]
    assert len(home) == facts.countries["CN"]
    assert len(nowhere) == facts.countries[""]
    assert facts.customers - len(home) - len(nowhere) == facts.abroad


def test_objectors(written: Written):
    """Whoever the preferences sheet says refuses is a customer and counted."""
    facts, found = written
    refusing = {row["客户编号"] for row in found.sheets["偏好"].rows if row["拒绝转让"] == "是"}
    assert len(refusing) == facts.objectors
    assert refusing <= set(found.customers)


def test_duplicates(written: Written):
    """A person who is in the list twice has one name, telephone and birth date, and two numbers."""
    facts, found = written
    same = Counter((row["姓名"].strip(), row["手机号"], row["出生日期"]) for row in found.customers.values())
    assert sum(times - 1 for times in same.values()) == facts.duplicates


def test_other_people(written: Written):
    """Employees and prospects are counted, and so are those who are customers too."""
    facts, found = written
    phones = {plain(row["手机号"]) for row in found.customers.values()}
    for kind, count, both in (
        ("employees", facts.employees, facts.employees_who_are_customers),
        ("prospects", facts.prospects, facts.prospects_who_are_customers),
    ):
        assert len(found.shop[kind]) == count
        assert sum(row["phone"] in phones for row in found.shop[kind]) == both


def test_statuses(written: Written):
    """Orders, subscriptions, cases and permissions by status."""
    facts, found = written
    assert Counter(row["status"] for row in found.orders.rows) == facts.order_status
    assert sum(row["status"] in {"open", "paid", "shipped"} for row in found.orders.rows) == facts.open_orders
    assert Counter(row["状态"] for row in found.sheets["订阅"].rows) == facts.subscription_status
    assert Counter(row["状态"] for row in found.sheets["工单"].rows) == facts.case_status
    given = Counter("given" if row["permitted"] else "refused" for row in found.shop["marketing_permissions"])
    assert given == facts.permissions


def test_cells(written: Written):
    """Blanks, odd spellings and rare characters in cells are as many as the facts say."""
    facts, found = written
    rows = found.customers.values()
    assert sum(not row["身份证号"] for row in rows) == facts.id_numbers["blank"]
    assert sum("*" in row["身份证号"] for row in rows) == facts.id_numbers["masked"]
    assert sum(bool(re.fullmatch(r"\d{15}", row["身份证号"])) for row in rows) == facts.id_numbers["fifteen"]
    assert Counter(kind(row["出生日期"]) for row in rows) == facts.birth_dates
    assert sum(bool(row["银行卡号"]) for row in rows) == facts.cards
    assert sum(not row["备注"] for row in rows) == facts.remarks["blank"]
    assert sum("\n" in row["备注"] for row in rows) == facts.two_line_remarks
    assert sum(row["姓名"] != row["姓名"].rstrip() for row in rows) == facts.trailing_spaces
    assert sum(plain(row["手机号"]) != row["手机号"] for row in rows) == facts.full_width_phones
    assert sum(bool(set(row["姓名"]) & set("䶮𠮷㛃")) for row in rows) == facts.rare_names


def kind(cell: str):
    return "blank" if not cell else "iso" if "-" in cell else "slash"
