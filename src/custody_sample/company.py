"""The files: a GB18030 CSV of members, a UTF-8 CSV of orders, a workbook of customer care, a SQLite database of the shop."""

import csv
import io
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import xlsxwriter

from custody_sample import words
from custody_sample.people import TODAY, Person, mobile, person

SEED: Final = 20260316
_MEMBERS: Final = (
    "客户编号", "姓名", "性别", "出生日期", "手机号", "身份证号", "邮箱", "微信号", "省份", "城市", "地址", "国家", "开户行", "银行卡号",
    "会员等级", "注册日期", "来源渠道", "同意营销", "监护人", "监护人电话", "备注",
)  # fmt: skip
_ORDERS: Final = (
    "order_id", "customer_no", "order_date", "item_sku", "qty", "amount", "currency", "status", "ship_to_name", "ship_to_address",
    "ship_to_phone",
)  # fmt: skip


def generate(folder: Path, *, customers: int = 10_000, seed: int = SEED) -> dict[str, int]:
    """Write the company into `folder`; returns true counts of what was put in, dirt included."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)  # noqa: S311 - a sample must be repeatable, not secret
    people = [person(dice, f"QH{number:06d}") for number in range(1, customers + 1)]
    facts: Counter[str] = Counter(customers=customers)
    facts["minors"] = sum(one.minor for one in people)
    facts["abroad"] = sum(one.country != "中国" for one in people)
    facts["objectors"] = sum(one.objects for one in people)
    _members(folder / "会员.csv", people, dice, facts)
    _orders(folder / "orders.csv", people, dice, facts)
    _care(folder / "customer_care.xlsx", people, dice, facts)
    _shop(folder / "shop.sqlite", people, dice, facts)
    return dict(facts)


def _members(path: Path, people: Sequence[Person], dice: random.Random, facts: Counter[str]) -> None:
    lines = [_line(_MEMBERS)]
    for place, one in enumerate(people, start=1):
        lines.append(_line(_member(one, dice)).encode("gb18030"))
        if place == 7:
            twice = _member(one, dice)
            twice[1] += "（重复）"
            lines.append(_line(twice).encode("gb18030"))
            facts["key_twice"] = 2
        if place % 3_000 == 40:
            lines.append(
                b"QH9" + f"{place:05d}".encode() + b",\xff\xfe\x80broken" + b"," * (len(_MEMBERS) - 2) + b"\r\n"
            )
            facts["undecodable"] += 1
        if place % 4_000 == 60:
            lines.append("QH-short,少一列\r\n".encode("gb18030"))
            facts["ragged"] += 1
    path.write_bytes(b"".join(one if isinstance(one, bytes) else one.encode("gb18030") for one in lines))


def _member(one: Person, dice: random.Random) -> list[str]:
    born = one.born.isoformat() if dice.random() < 0.7 else f"{one.born.year}/{one.born.month}/{one.born.day}"
    remark = dice.choice(words.REMARKS).format(
        phone=mobile(dice),
        name=one.name,
        place=f"{one.province}{one.city}西湖区",
        im=one.im,
        id=one.identity,
        email=one.email,
    )
    joined = TODAY - timedelta(days=dice.randrange(30, 3000))
    name = one.name + (" " if dice.random() < 0.01 else "")
    return [
        one.number, name, one.sex, born, one.phone, one.identity, one.email, one.im, one.province, one.city, one.address, one.country,
        one.bank, one.card, dice.choice(words.TIERS), joined.isoformat(), dice.choice(words.CHANNELS),
        dice.choice(("是", "是", "否")), one.guardian, one.guardian_phone, remark,
    ]  # fmt: skip


def _orders(path: Path, people: Sequence[Person], dice: random.Random, facts: Counter[str]) -> None:
    lines = [_line(_ORDERS).encode()]
    for number, one in enumerate(_buyers(people, dice), start=1):
        day = TODAY - timedelta(days=dice.randrange(0, 900))
        status = dice.choice(("open", "paid", "shipped", "completed", "completed", "completed", "refunded"))
        who = "QH-NOBODY" if number % 2_500 == 99 else one.number
        facts["orphans"] += who != one.number
        facts["open_orders"] += status in {"open", "paid", "shipped"}
        row = [
            f"SO{number:08d}", who, day.isoformat(), f"BK-{dice.randrange(1, 201):04d}", str(dice.randrange(1, 4)),
            f"{dice.randrange(900, 30000) / 100:.2f}", "CNY", status, one.name, one.address, one.phone,
        ]  # fmt: skip
        lines.append(_line(row).encode())
        if number % 9_000 == 120:
            lines.append(_line([*row[:1], "6.22202E+18", *row[2:]]).encode())
            facts["damaged"] += 1
        if number % 9_000 == 240:
            lines.append(b"SO-BROKEN,QH000001,\xc3\x28" + b"," * 8 + b"\r\n")
            facts["undecodable"] += 1
        facts["orders"] += 1
    if people:
        lines.append(b'SO-OPEN,"QH000001,2026-02-28,BK-0001,1,10.00,CNY,open,,,\r\n')
        facts["unclosed"] = 1
    path.write_bytes(b"".join(lines))


def _buyers(people: Sequence[Person], dice: random.Random) -> Iterator[Person]:
    for one in people:
        for _ in range(dice.choice((0, 1, 1, 2, 2, 3, 6))):
            yield one


def _care(path: Path, people: Sequence[Person], dice: random.Random, facts: Counter[str]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2026, 3, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("订阅")
    sheet.write_row(0, 0, ["青禾书屋 订阅登记"])
    sheet.write_row(1, 0, ["订阅号", "客户编号", "套餐", "开始日期", "状态"])
    row = 2
    for one in people:
        if dice.random() < 0.3:
            started = TODAY - timedelta(days=dice.randrange(30, 1500))
            sheet.write_row(row, 0, [f"SUB{row:06d}", one.number, dice.choice(("月度书单", "亲子共读", "年度会员")), started.isoformat(),
                                     dice.choice(("生效", "生效", "已结束"))])  # fmt: skip
            row += 1
    facts["subscriptions"] = row - 2
    sheet = book.add_worksheet("工单")
    sheet.write_row(0, 0, ["工单号", "客户编号", "受理时间", "状态", "备注"])
    row = 1
    for one in people:
        if dice.random() < 0.12:
            text = dice.choice(words.REMARKS).format(
                phone=mobile(dice),
                name=one.name,
                place=f"{one.province}{one.city}西湖区",
                im=one.im,
                id=one.identity,
                email=one.email,
            )
            sheet.write_row(
                row, 0, [f"CASE{row:06d}", one.number, "2026-02-11 10:20:00", dice.choice(("处理中", "已关闭")), text]
            )
            row += 1
    facts["cases"] = row - 1
    sheet = book.add_worksheet("偏好")
    sheet.write_row(0, 0, ["客户编号", "偏好", "储值卡号", "拒绝转让"])
    row = 1
    for one in people:
        if one.objects or dice.random() < 0.4:
            sheet.write_row(row, 0, [one.number, dice.choice(words.GENRES), "", "是" if one.objects else "否"])
            row += 1
    if people:
        sheet.write_row(row, 0, [people[0].number, "文学"])
        sheet.write_number(row, 2, 6222020000000000123)
        facts["damaged"] += 1
        row += 1
    facts["preferences"] = row - 1
    book.close()


def _shop(path: Path, people: Sequence[Person], dice: random.Random, facts: Counter[str]) -> None:
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE categories(category_id INTEGER PRIMARY KEY, category_name TEXT);"
        "CREATE TABLE products(sku TEXT PRIMARY KEY, product_name TEXT, category_id INTEGER REFERENCES categories(category_id),"
        " price REAL, stock INTEGER);"
        "CREATE TABLE marketing_permissions(id INTEGER PRIMARY KEY, customer_no TEXT, channel TEXT, permitted INTEGER, noted_at TEXT);"
        "CREATE TABLE employees(employee_id INTEGER PRIMARY KEY, full_name TEXT, mobile TEXT, job_title TEXT, salary REAL);"
        "CREATE TABLE prospects(prospect_id INTEGER PRIMARY KEY, full_name TEXT, mobile TEXT, email TEXT, source TEXT);"
    )
    database.executemany("INSERT INTO categories VALUES (?, ?)", enumerate(words.GENRES, start=1))
    books = [(f"BK-{n:04d}", f"{dice.choice(words.BOOKS)} 第{n}种", dice.randrange(1, 8), dice.randrange(900, 20000) / 100,
              dice.randrange(0, 90) if n % 50 else None) for n in range(1, 201)]  # fmt: skip
    database.executemany("INSERT INTO products VALUES (?, ?, ?, ?, ?)", books)
    permissions = [(None, one.number, dice.choice(("sms", "email", "wechat")), dice.randrange(2), "2025-11-11")
                   for one in people if dice.random() < 0.5]  # fmt: skip
    database.executemany("INSERT INTO marketing_permissions VALUES (?, ?, ?, ?, ?)", permissions)
    staff = [person(dice, f"E{n}") for n in range(24)]
    database.executemany("INSERT INTO employees VALUES (?, ?, ?, ?, ?)", [
        (n, one.name, one.phone, dice.choice(("店员", "店长", "仓管", "编辑")), float(dice.randrange(4500, 16000))) for n, one in enumerate(staff, 1)
    ])  # fmt: skip
    leads = [person(dice, f"P{n}") for n in range(max(10, len(people) // 40))]
    database.executemany("INSERT INTO prospects VALUES (?, ?, ?, ?, ?)", [
        (n, one.name, one.phone, one.email, dice.choice(words.CHANNELS)) for n, one in enumerate(leads, 1)
    ])  # fmt: skip
    database.commit()
    database.execute("VACUUM")
    database.close()
    facts["permissions"], facts["employees"], facts["prospects"] = len(permissions), len(staff), len(leads)


def _line(cells: Sequence[str]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(cells)
    return target.getvalue()
