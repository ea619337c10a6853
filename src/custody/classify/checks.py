"""Check digits over many values at once, equal to python-stdnum (held so by property tests).

Resident identity number: GB 11643-1999 (ISO 7064 mod 11-2). Cards: ISO/IEC 7812-1 annex B (Luhn). USCC: GB 32100-2015
(mod 31). IBAN: ISO 13616 (ISO 7064 mod 97-10). VIN: 49 CFR 565.15. Input is plain ASCII without separators.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custody.classify.cells import Bools

Matrix = npt.NDArray[np.uint8]
Values: TypeAlias = "Sequence[str] | pa.Array"

_ID_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int32)
_ID_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_USCC_WEIGHTS: Final = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], np.int32)
_VIN_WEIGHTS: Final = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2], np.int32)
_NOTHING: Final = pa.scalar("", pa.large_string())
_DIGITS: Final = 32
_IBAN: Final = 34
_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)


def matrix(text: pa.Array, width: int) -> Matrix:
    """A column of ASCII values of `width` bytes each as rows of bytes, without copying a value."""
    text = text.cast(pa.large_string())
    _, offsets, data = text.buffers()
    bounds = np.frombuffer(offsets, np.int64, len(text) + 1, text.offset * 8)
    return np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]].reshape(len(text), width)


def luhn(values: Values) -> Bools:
    """Digits, at most 32, whose last one is right."""
    rows = matrix(pc.utf8_lpad(_array(values), _DIGITS, padding="0"), _DIGITS).astype(np.int32) - 48
    doubled = rows[:, -2::-2] * 2
    total = rows[:, -1::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    right: Bools = total % 10 == 0
    return right


def resident(values: Values) -> Bools:
    """18 characters, a possible birth date, the right check character (X in either case)."""
    rows = matrix(pc.ascii_upper(_array(values)), 18)
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


def uscc(values: Values) -> Bools:
    """18 characters of the code's alphabet with the right last one."""
    rows = _USCC_VALUES[matrix(pc.ascii_upper(_array(values)), 18)]
    check = (31 - (rows[:, :17] * _USCC_WEIGHTS).sum(axis=1) % 31) % 31
    right: Bools = (rows >= 0).all(axis=1) & (check == rows[:, 17])
    return right


def iban(values: Values) -> Bools:
    """Country, two check digits, at most 30 characters: the number they form is 1 modulo 97."""
    text = pc.ascii_upper(_array(values))
    moved = pc.binary_join_element_wise(pc.utf8_slice_codeunits(text, 4), pc.utf8_slice_codeunits(text, 0, 4), _NOTHING)
    rows = matrix(pc.utf8_rpad(moved, _IBAN), _IBAN)
    total = np.zeros(len(rows), np.int32)
    for place in range(_IBAN):
        worth = _IBAN_VALUES[rows[:, place]]
        total = np.where(worth < 0, total, (total * np.where(worth > 9, 100, 10) + worth) % 97)
    right: Bools = total == 1
    return right


def vin(values: Values) -> Bools:
    """17 characters; the ninth is the check character (North American numbers; others need not carry one)."""
    rows = matrix(pc.ascii_upper(_array(values)), 17)
    found = _VIN_WORTH[rows]
    check = (found * _VIN_WEIGHTS).sum(axis=1) % 11
    expected = np.where(check == 10, ord("X"), check + 48)
    right: Bools = (found >= 0).all(axis=1) & (rows[:, 8] == expected)
    return right


def _array(values: Values) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, pa.large_string())


def _worth(characters: str, values: Iterable[int]) -> npt.NDArray[np.int32]:
    table = np.full(256, -1, np.int32)
    for character, value in zip(characters, values, strict=True):
        table[ord(character)] = value
    return table


_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC_VALUES: Final = _worth("0123456789ABCDEFGHJKLMNPQRTUWXY", range(31))
_IBAN_VALUES: Final = _worth(_ALPHABET, range(36))
_VIN_WORTH: Final = _worth(
    "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
    (*range(10), 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
)
CHECKS: Final[dict[str, Callable[[Values], Bools]]] = {
    "luhn": luhn,
    "resident": resident,
    "uscc": uscc,
    "iban": iban,
    "vin": vin,
}
