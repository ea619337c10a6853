"""Numbers of facts and rules, exactly as they were written: never a float (spec/law.md §2)."""

import re
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Final

_EXACT: Final = re.compile(r"\d{1,15}(\.\d{1,15}|/0*[1-9]\d{0,14})")


def amount(value: object) -> Fraction:
    """What a number says: a float is what a person typed, so 0.1 is a tenth. Raises ValueError for what is no number."""
    if isinstance(value, float):
        return Fraction(repr(value))
    if isinstance(value, int | str):
        return Fraction(value)
    raise ValueError("not a number")


def written(number: Fraction) -> int | str:
    """The one form in which it is kept: whole as it is, else `2.5` where that is exact, else `5/3`."""
    whole, below = number.numerator, number.denominator
    if below == 1:
        return whole
    decimal = format(Decimal(whole) / Decimal(below), "f").rstrip("0")
    return decimal if Fraction(decimal) == number else f"{whole}/{below}"


def is_number(value: object) -> bool:
    """Whether it is a number of a size that is kept; a yes or no is none, nor is a whole number as text."""
    if isinstance(value, bool) or (isinstance(value, float) and not isfinite(value)):
        return False
    if isinstance(value, float):
        return value >= 0 and is_number(written(amount(value)))
    return isinstance(value, int) or (isinstance(value, str) and _EXACT.fullmatch(value) is not None)


def is_whole(value: object) -> bool:
    """Whether it is a whole number: JSON knows one kind of number, so 5.0 and 1e6 are whole; as text none is."""
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
