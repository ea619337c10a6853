"""A corpus of 26 columns with the truth beside it: people of Faker, numbers with right check digits, decoys that only look alike.

usage: python bench/classify_corpus.py ROWS FOLDER [SEED]
writes FOLDER/corpus.csv and FOLDER/truth.jsonl: per row `{column: [[class, start, end], ...]}`; a cell whose truth is a matter of
opinion (a masked or mistyped number) is `null` and counts for nobody. Own templates; nothing comes from the engine's word lists.
"""

import csv
import json
import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from faker import Faker

Spans = list[list[object]]
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# {slot} is a value of that kind; what is not a slot is nobody's.
NOTES = (
    "{name}说{mobile}这两天打不通，改打{landline}", "换货寄{address}，{name}收，{mobile}", "已核对{name}身份证{resident}，资料齐全", "退款退回{card}，三个工作日到账",
    "{name}（{mobile}）介绍来的朋友，想看三居", "发票抬头公司，税号{uscc}，快递到付", "客人护照{passport}，{birth}出生，续住两晚", "车牌{plate}停错车位，{name}说马上来挪",
    "家长{name}反映孩子课时不对，联系{mobile}", "异常登录{ip}，已发邮件到{email}提醒", "送货前先联系{name}，{mobile}，住{address}", "微信没通过，留了邮箱{email}",
    "{birth}生，属龙，到店送了蛋糕", "{name}来电催单{order}，说再不发就退", "办理过户：{name}，{resident}，{mobile}", "保洁阿姨说门禁坏了，物业{landline}没人接",
    "called {ename} back on {intl}, wants a refund to card {card}", "invoice to {email}, cc the bookkeeper", "{ename} moved to {street}", "holder {ename}, IBAN {iban}, one-off transfer",
    "SSN {ssn} on the form, born {birth}", "login from {ip} blocked twice", "parcel {parcel} returned, phone {intl} not in service", "met {ename} at the fair, prefers mail: {email}",
    "单号{order}，物流{parcel}，已签收", "客户嫌贵，等双十一再看", "软件2.8.14.3有问题，退回2.8.12", "优惠码NEW{digits4}用不了，补了一张满200减30", "尾号{digits4}的卡付的", "客服热线400-{digits3}-{digits4}转人工",
    "left voicemail, no answer", "order {order} split in two shipments", "已处理", "会议室3楼，{digits2}号下午两点", "batch {order} scanned at dock 4", "网关192.168.{digits2}.1不通，重启好了",
)  # fmt: skip


class Corpus:
    """Draws values; the same seed draws the same corpus."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.zh, self.en, self.de, self.gb = (Faker(place) for place in ("zh_CN", "en_US", "de_DE", "en_GB"))
        for place, one in enumerate((self.zh, self.en, self.de, self.gb)):
            one.seed_instance(seed * 7 + place)

    def digits(self, size: int) -> str:
        return str(self.r.randrange(10**size)).zfill(size)

    def day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self.r.randrange(365 * (last - first)))

    # one maker a kind
    def name(self) -> str:
        return self.zh.name()

    def ename(self) -> str:
        return self.r.choice((self.en, self.de, self.gb)).name().replace("Dr. ", "").replace("Prof. ", "")

    def mobile(self) -> str:
        number = self.zh.phone_number()
        return self.r.choice((number, number, number, f"+86 {number}", f"{number[:3]} {number[3:7]} {number[7:]}"))

    def landline(self) -> str:
        area = self.r.choice(("010", "021", "0571", "0755", "028", "0512"))
        return f"{area}-{self.r.randrange(2, 9)}{self.digits(7)}"

    def intl(self) -> str:
        area, exchange, line = (
            self.r.choice(("212", "415", "206", "617")),
            f"{self.r.randrange(2, 9)}{self.digits(2)}",
            self.digits(4),
        )
        forms = (
            f"+1 {area}-{exchange}-{line}",
            f"({area}) {exchange}-{line}",
            f"+44 20 7{self.digits(3)} {line}",
            f"+49 30 {self.digits(7)}",
        )
        return self.r.choice(forms).replace("-911-", "-912-")

    def email(self) -> str:
        return self.r.choice((self.en.email(), self.en.company_email(), f"{self.digits(9)}@qq.com"))

    def address(self) -> str:
        road = self.r.choice(("人民路", "解放大道", "长江西路", "学府街", "振兴巷"))
        house = self.r.choice(
            (
                "",
                f"{self.r.randrange(1, 30)}幢{self.r.randrange(101, 2602)}室",
                f"{self.r.randrange(1, 9)}号楼{self.r.randrange(1, 4)}单元{self.r.randrange(101, 1803)}",
            )
        )
        return f"{self.zh.province()}{self.zh.city_name()}市{self.zh.district()}区{road}{self.r.randrange(1, 999)}号{house}"

    def street(self) -> str:
        return f"{self.en.street_address()}, {self.en.city()}, {self.en.state_abbr()} {self.en.zipcode()}"

    def resident(self) -> str:
        body = self.zh.ssn()[:6] + f"{self.day(1945, 2012):%Y%m%d}" + self.digits(3)
        return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, ID_WEIGHTS, strict=True)) % 11]

    def passport(self) -> str:
        return self.r.choice("EG") + self.digits(8)

    def card(self) -> str:
        lead, size = self.r.choice((("622202", 19), ("621700", 19), ("625912", 16), ("4", 16), ("53", 16)))
        body = lead + self.digits(size - 1 - len(lead))
        total = sum(d if place % 2 else d * 2 - 9 * (d > 4) for place, d in enumerate(map(int, reversed(body))))
        return body + str(-total % 10)

    def iban(self) -> str:
        return self.r.choice((self.de, self.gb)).iban()

    def uscc(self) -> str:
        body = "91" + self.zh.ssn()[:6] + "".join(self.r.choice(USCC) for _ in range(9))
        return body + USCC[-sum(USCC.index(c) * w for c, w in zip(body, USCC_WEIGHTS, strict=True)) % 31]

    def plate(self) -> str:
        return (
            self.r.choice("京沪浙粤川鲁苏闽")
            + self.r.choice("ABCDE")
            + self.r.choice((self.digits(5), "D" + self.digits(5), f"{self.digits(3)}K{self.digits(1)}"))
        )

    def birth(self) -> str:
        day = self.day(1950, 2010)
        return self.r.choice((f"{day}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日"))

    def ssn(self) -> str:
        return self.en.ssn()

    def ip(self) -> str:
        return self.en.ipv4_public()

    def order(self) -> str:
        near = self.resident()
        forms = (
            f"{self.day(2023, 2026):%Y%m%d}{self.digits(10)}",
            "DD" + self.digits(14),
            near[:17] + self.r.choice([c for c in "0123456789" if c != near[17]]),
        )
        return self.r.choice(forms)

    def parcel(self) -> str:
        return self.r.choice(("SF", "YT", "JT")) + self.digits(13)


KINDS = {
    "name": "name.full", "ename": "name.full", "mobile": "contact.phone", "landline": "contact.phone", "intl": "contact.phone",
    "email": "contact.email", "address": "contact.address", "street": "contact.address", "resident": "id.cn_resident",
    "passport": "id.passport", "card": "finance.card_number", "iban": "finance.bank_account", "uscc": "org.cn_uscc",
    "plate": "vehicle.plate", "birth": "person.birth_date", "ssn": "id.us_ssn", "ip": "device.ip",
}  # fmt: skip
COLUMNS = {
    "会员编号": "", "姓名": "name", "英文名": "ename", "手机号": "mobile", "固定电话": "landline", "海外电话": "intl", "电子邮箱": "email",
    "收货地址": "address", "street": "street", "证件号码": "resident", "护照号": "passport", "银行卡号": "card", "iban": "iban",
    "统一社会信用代码": "uscc", "车牌号": "plate", "出生日期": "birth", "ssn": "ssn", "登录ip": "ip", "订单号": "order", "运单号": "parcel",
    "商品": "", "金额": "", "下单时间": "", "流水": "", "字段25": "mobile", "备注": "",
}  # fmt: skip


def note(corpus: Corpus) -> tuple[str, Spans]:
    text, spans = "", []
    for place, part in enumerate(corpus.r.choice(NOTES).replace("}", "{").split("{")):
        if place % 2 == 0:
            value = part
        elif part.startswith("digits"):
            value = corpus.digits(int(part[6:]))
        else:
            value = getattr(corpus, part)()
            if part in KINDS:
                spans.append([KINDS[part], len(text), len(text) + len(value)])
        text += value
    return text, spans


def row(corpus: Corpus, number: int) -> tuple[list[str], dict[str, Spans | None]]:
    """Cells and truth of one row."""
    plain: dict[str, Callable[[], str]] = {
        "会员编号": lambda: f"{800_000_000 + number}",
        "商品": lambda: corpus.r.choice(("蓝牙耳机", "USB-C Cable 2m", "瑜伽垫 加厚", "Espresso Beans 1kg")),
        "金额": lambda: f"{corpus.r.expovariate(1 / 300):.2f}",
        "下单时间": lambda: f"{corpus.day(2023, 2026)} {corpus.r.randrange(24):02}:{corpus.r.randrange(60):02}:00",
        "流水": lambda: str(corpus.en.uuid4()),
    }
    cells, truth = [], {}
    for column, kind in COLUMNS.items():
        if column == "备注":
            value, spans = note(corpus)
        elif column in plain:
            value, spans = plain[column](), []
        else:
            value, spans = cell(corpus, column, kind)
        cells.append(value)
        if spans is None or spans:
            truth[column] = spans
    return cells, truth


def cell(corpus: Corpus, column: str, kind: str) -> tuple[str, Spans | None]:
    value, draw = getattr(corpus, kind)(), corpus.r.random()
    if draw < 0.04 or (column == "字段25" and draw < 0.5):
        return corpus.r.choice(("", "无", "-", "N/A")), []
    if kind in {"mobile", "resident", "card"} and draw < 0.07:
        return f"{value[:3]}****{value[-4:]}", None
    return value, [[KINDS[kind], 0, len(value)]] if kind in KINDS else []


def main() -> None:
    rows, folder = int(sys.argv[1]), Path(sys.argv[2])
    corpus = Corpus(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "corpus.csv").open("w", encoding="utf-8", newline="") as table,
        (folder / "truth.jsonl").open("w", encoding="utf-8") as told,
    ):
        writer = csv.writer(table)
        writer.writerow(COLUMNS)
        for number in range(rows):
            cells, truth = row(corpus, number)
            writer.writerow(cells)
            told.write(json.dumps(truth, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
