"""Numbers with check digits, and telephone numbers. All invented.

Where a country keeps numbers for fiction (United Kingdom, 555-01xx in North America, Germany, France, Australia) those are used. China,
Hong Kong, Japan and Singapore keep none: those numbers only have the right form, and may by chance be somebody's. Do not call.
"""

from datetime import date
from random import Random
from typing import Final

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_BANKS: Final = (
    ("中国工商银行", "622202", 19),
    ("中国农业银行", "622848", 19),
    ("中国建设银行", "621700", 19),
    ("中国银行", "621661", 19),
    ("交通银行", "622262", 19),
    ("招商银行", "622588", 16),
    ("中国邮政储蓄银行", "622188", 19),
)
_MOBILE: Final = (
    *("130", "131", "132", "133", "135", "136", "137", "138", "139", "147", "150", "151", "152", "153", "155", "156"),
    *("157", "158", "159", "166", "173", "175", "176", "177", "178", "180", "181", "182", "183", "185", "186", "187"),
    *("188", "189", "191", "198", "199"),
)
_SEVEN: Final = frozenset(("0871", "0898", "0931", "0991"))
"""Area codes of four digits in the sample whose numbers have seven, not eight."""


def resident_id(rng: Random, area: str, born: date, *, male: bool) -> str:
    """A resident identity number (GB 11643-1999): area, birth date, order (odd for men), check character."""
    order = rng.randrange(1, 499) * 2 + male
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + check_of_id(body)


def check_of_id(body: str) -> str:
    """The 18th character for the first 17 (ISO 7064 mod 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def luhn_digit(body: str) -> str:
    """The last digit of a card for those before it (ISO/IEC 7812-1 annex B)."""
    odd, even = body[-1::-2], body[-2::-2]
    total = sum(sum(divmod(2 * int(digit), 10)) for digit in odd) + sum(int(digit) for digit in even)
    return str(-total % 10)


def card(rng: Random) -> tuple[str, str]:
    """(bank, card number with the right last digit)."""
    bank, prefix, length = rng.choice(_BANKS)
    width = length - 1 - len(prefix)
    body = f"{prefix}{rng.randrange(10**width):0{width}d}"
    return bank, body + luhn_digit(body)


def isbn(number: int) -> str:
    """An ISBN-13 of a publisher that does not exist, as the shop's article number."""
    body = f"9787999{number:05d}"
    return body + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def mobile(rng: Random) -> str:
    """Eleven digits in the form of a Chinese mobile number."""
    return f"{rng.choice(_MOBILE)}{rng.randrange(10**8):08d}"


def landline(rng: Random, code: str) -> str:
    """Area code, hyphen, subscriber number."""
    width = 6 if code in _SEVEN else 7
    return f"{code}-{rng.randrange(2, 9)}{rng.randrange(10**width):0{width}d}"


def phone_abroad(rng: Random, country: str) -> str:
    """A number in the country's usual international notation."""
    tail = rng.randrange(10**4)
    form, codes = _ABROAD[country]
    return form.format(code=rng.choice(codes), two=tail % 100, left=tail // 100, three=tail % 1000, four=tail)


_ABROAD: Final = {
    "DE": ("+49 30 23125 {three:03d}", ("",)),
    "FR": ("+33 1 99 00 {left:02d} {two:02d}", ("",)),
    "GB": ("+44 20 7946 0{three:03d}", ("",)),
    "US": ("+1 {code} 555 01{two:02d}", ("212", "415", "206", "617")),
    "CA": ("+1 {code} 555 01{two:02d}", ("416", "604", "514")),
    "AU": ("+61 2 5550 {four:04d}", ("",)),
    "HK": ("+852 5{code} {four:04d}", ("123", "311", "606")),
    "JP": ("+81 3 5{code} {four:04d}", ("210", "318", "777")),
    "SG": ("+65 8{code} {four:04d}", ("123", "450", "900")),
}
