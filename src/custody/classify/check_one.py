"""The check digits of checks.py for one value at a time, as running text needs them; equal to those (held so by property tests)."""

from typing import Final

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC: Final = {one: worth for worth, one in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_DAYS: Final = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR, _FIRST_YEAR = slice(6, 10), 1800


def luhn(value: str) -> bool:
    """Digits whose last one is right."""
    turned = [int(one) for one in reversed(value)]
    return (sum(turned[::2]) + sum(_DOUBLED[one] for one in turned[1::2])) % 10 == 0


def resident(value: str) -> bool:
    """18 characters, a possible birth date, the right check character (X in either case)."""
    if not value[:17].isdecimal() or not _born(int(value[_YEAR]), int(value[10:12]), int(value[12:14])):
        return False
    total = sum(int(one) * weight for one, weight in zip(value[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == value[17].upper()


def _born(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if year < _FIRST_YEAR or not 0 < month < len(_DAYS) or not 0 < day <= _DAYS[month]:
        return False
    return leap or (month, day) != (2, 29)


def uscc(value: str) -> bool:
    """18 characters of the code's alphabet with the right last one."""
    worths = [_USCC.get(one, -1) for one in value.upper()]
    total = sum(worth * weight for worth, weight in zip(worths[:17], _USCC_WEIGHTS, strict=True))
    return min(worths) >= 0 and (31 - total % 31) % 31 == worths[17]


def iban(value: str) -> bool:
    """Country, two check digits and the account: the number they form is 1 modulo 97."""
    return int("".join(str(int(one, 36)) for one in value[4:] + value[:4])) % 97 == 1
