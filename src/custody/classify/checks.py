"""Check digits over many values at once, equal to python-stdnum (held so by property tests).

Resident identity number: GB 11643-1999 (ISO 7064 mod 11-2). Cards: ISO/IEC 7812-1 annex B (Luhn). USCC: GB 32100-2015
(mod 31). IBAN: ISO 13616 (ISO 7064 mod 97-10). VIN: 49 CFR 565.15. Input is plain ASCII without separators.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from custody.classify.cells import Bools

Matrix = npt.NDArray[np.uint8]

_ID_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int32)
_ID_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_USCC_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], np.int32)
_VIN_WEIGHTS: Final = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2], np.int32)
_VIN_VALUES: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))  # fmt: skip
_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)


def matrix(values: Sequence[str], width: int) -> Matrix:
    """The values as rows of `width` bytes, padded with NUL on the right. Values are ASCII."""
    packed = np.array([value.encode() for value in values], f"S{width}")
    return packed.view(np.uint8).reshape(len(values), width)


def luhn(values: Sequence[str]) -> Bools:
    """Digits of any length up to 32 whose last digit is right."""
    rows = matrix([value.rjust(32, "0") for value in values], 32).astype(np.int32) - 48
    doubled = rows[:, -2::-2] * 2
    total = rows[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    right: Bools = total % 10 == 0
    return right


def resident(values: Sequence[str]) -> Bools:
    """18 characters, a possible birth date, the right check character (X in either case)."""
    rows = matrix([value.upper() for value in values], 18)
    digits = rows[:, :17].astype(np.int32) - 48
    expected = _ID_CHECKS[(digits * _ID_WEIGHTS).sum(axis=1) % 11]
    month = digits[:, 10] * 10 + digits[:, 11]
    day = digits[:, 12] * 10 + digits[:, 13]
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1], np.int32)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    possible = (month >= 1) & (month <= 12) & (day >= 1) & (day <= _DAYS[np.clip(month, 0, 12)])
    possible &= ~((month == 2) & (day == 29) & ~leap) & (year >= 1800)
    right: Bools = possible & (rows[:, 17] == expected) & (digits >= 0).all(axis=1) & (digits <= 9).all(axis=1)
    return right


def uscc(values: Sequence[str]) -> Bools:
    """18 characters of the code's alphabet with the right last one."""
    values31 = np.full(256, -1, np.int32)
    values31[np.frombuffer(_USCC_LETTERS.encode(), np.uint8)] = np.arange(31)
    rows = values31[matrix([value.upper() for value in values], 18)]
    check = (31 - (rows[:, :17] * _USCC_WEIGHTS).sum(axis=1) % 31) % 31
    right: Bools = (rows >= 0).all(axis=1) & (check == rows[:, 17])
    return right


def iban(values: Sequence[str]) -> Bools:
    """Country, two check digits, up to 30 characters: the number formed is 1 modulo 97."""
    moved = [(value[4:] + value[:4]).upper() for value in values]
    rows = matrix(moved, 34)
    total = np.zeros(len(values), np.int64)
    for place in range(rows.shape[1]):
        here = rows[:, place].astype(np.int64)
        digit, letter = (here >= 48) & (here <= 57), (here >= 65) & (here <= 90)
        total = np.where(digit, (total * 10 + here - 48) % 97, total)
        total = np.where(letter, (total * 100 + here - 55) % 97, total)
    right: Bools = total == 1
    return right


def vin(values: Sequence[str]) -> Bools:
    """17 characters; the ninth is the check character (North American numbers; others need not carry one)."""
    worth = np.full(256, -1, np.int32)
    worth[48:58] = np.arange(10)
    for letter, value in _VIN_VALUES.items():
        worth[ord(letter)] = value
    rows = matrix([value.upper() for value in values], 17)
    found = worth[rows]
    check = (found * _VIN_WEIGHTS).sum(axis=1) % 11
    expected = np.where(check == 10, ord("X"), check + 48)
    right: Bools = (found >= 0).all(axis=1) & (rows[:, 8] == expected)
    return right


CHECKS: Final[dict[str, Callable[[Sequence[str]], Bools]]] = {
    "luhn": luhn,
    "resident": resident,
    "uscc": uscc,
    "iban": iban,
    "vin": vin,
}
