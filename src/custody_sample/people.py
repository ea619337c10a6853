"""People: plausible, varied, and nobody's."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from custody_sample import words

TODAY = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Person:
    """One customer, employee or prospect."""

    number: str
    name: str
    sex: str
    born: date
    phone: str
    email: str
    im: str
    identity: str
    province: str
    city: str
    address: str
    country: str
    bank: str
    card: str
    guardian: str
    guardian_phone: str
    objects: bool

    @property
    def minor(self) -> bool:
        """Under 14 on the sample's day."""
        return self.born > date(TODAY.year - 14, TODAY.month, TODAY.day)


def person(dice: random.Random, number: str) -> Person:
    """Draw one person."""
    child, abroad = dice.random() < 0.03, dice.random() < 0.06
    span = (365 * 6, 365 * 13) if child else (365 * 15, 365 * 78)
    born = TODAY - timedelta(days=dice.randrange(*span))
    sex = dice.choice("男女")
    phone = mobile(dice)
    if abroad:
        country, city, street = dice.choice(words.ABROAD)
        name = f"{dice.choice(words.LATIN_GIVEN)} {dice.choice(words.LATIN_FAMILY)}"
        province, address, identity = "", street.format(n=dice.randrange(1, 200)), ""
    else:
        province, city, area, district, _ = dice.choice(words.PLACES)
        country = "中国"
        name = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN)
        road = f"{dice.choice(words.ROADS)}{dice.randrange(1, 900)}号{dice.randrange(1, 20)}幢{dice.randrange(101, 2602)}室"
        address = f"{province}{city if city != province else ''}{district}{road}"
        identity = _identity(dice, area, born, sex) if dice.random() < 0.82 else ""
    bank = dice.choice(words.BANKS) if dice.random() < 0.35 and not child else ""
    guardian = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN) if child else ""
    handle = f"u{dice.randrange(10**8):08d}"
    return Person(
        number, name, sex, born, phone, f"{handle}@example.{dice.choice(('com', 'cn', 'org'))}", f"wx_{handle}", identity,
        province, city, address, country, bank, card(dice) if bank else "", guardian, mobile(dice) if child else "",
        dice.random() < 0.02,
    )  # fmt: skip


def mobile(dice: random.Random) -> str:
    """A mainland mobile number."""
    return f"1{dice.choice(('38', '39', '58', '59', '77', '86', '87', '99'))}{dice.randrange(10**8):08d}"


def card(dice: random.Random) -> str:
    """A card number with a right check digit (Luhn)."""
    body = "622202" + f"{dice.randrange(10**12):012d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def _identity(dice: random.Random, area: str, born: date, sex: str) -> str:
    order = dice.randrange(500) * 2 + (1 if sex == "男" else 0)
    body = f"{area}{born:%Y%m%d}{order:03d}"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    check = "10X98765432"[sum(int(one) * weight for one, weight in zip(body, weights, strict=True)) % 11]
    if dice.random() < 0.01:
        check = "0" if check != "0" else "1"
    found = body + check
    if dice.random() < 0.01:
        return found[:6] + "********" + found[14:]
    return found
