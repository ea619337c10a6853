"""What a row says of its person for the law: birth date, residence, contract status, last activity (docs/architecture.md §4).

Dates in mixed formats are decided per column, never per cell: a column in which some value has a day above 12 in first
place is day-first. A value that stays ambiguous is no date, a word that is not known says nothing: unknown never clears.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

from stdnum.cn import ric

from custody.classify.vocabulary import fold, read, vocabulary

_YMD: Final = re.compile(r"^((?:18|19|20)\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号]?(?=\D|$)")
_XXY: Final = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.]((?:18|19|20)\d{2})(?=\D|$)")
_COMPACT: Final = re.compile(r"^((?:18|19|20)\d{2})(\d{2})(\d{2})(?=\D|$)")
_DAY_WORD: Final = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[ \-]+([a-z]{3,9})\.?,?[ \-]+((?:18|19|20)\d{2})")
_WORD_DAY: Final = re.compile(r"^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? +((?:18|19|20)\d{2})")
_CN_ID: Final = re.compile(r"^\d{6}((?:18|19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx]$")
_CN_ID15: Final = re.compile(r"^\d{6}(\d{2})(\d{2})(\d{2})\d{3}$")
_CN_MOBILE: Final = re.compile(r"^(?:\+?86|0086)?[- ]?1[3-9]\d[- ]?[\d*]{4}[- ]?[\d*]{4}$")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HAN: Final = frozenset(
    ("CN", "HK", "JP", "KR", "MO", "MY", "SG", "TW")
)  # where an address may be written in Chinese characters
_APART: Final = {"香港": "HK", "澳门": "MO", "台湾": "TW"}


def day_first(values: Iterable[str]) -> bool | None:
    """Whether `12-08-1965` in this column is day-first; None when its values do not tell, or contradict each other."""
    first = second = False
    for value in values:
        if match := _XXY.match(_plain(value)):
            first = first or int(match[1]) > 12
            second = second or int(match[2]) > 12
    return None if first == second else first


def birth_date(value: str, *, day_first: bool | None) -> date | None:
    """The date a cell states, or None. With `day_first` None, only what can be read one way is a date."""
    text = _plain(value)
    for rule in (_YMD, _COMPACT):
        if match := rule.match(text):
            return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _XXY.match(text):
        return _either(int(match[1]), int(match[2]), int(match[3]), first=day_first)
    if match := _DAY_WORD.match(text):
        return _named(match[2], int(match[1]), int(match[3]))
    if match := _WORD_DAY.match(text):
        return _named(match[1], int(match[2]), int(match[3]))
    return None


def birth_of_id(value: str) -> date | None:
    """The birth date in a resident identity number (GB 11643): 18 characters, or 15 digits of the last century.

    A number whose check character is wrong was mistyped or damaged somewhere, perhaps in the date: it tells none.
    """
    text = _plain(value).upper()
    if match := _CN_ID.match(text):
        if ric.calc_check_digit(text) != text[17]:
            return None
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _CN_ID15.match(text):
        return _date(1900 + int(match[1]), int(match[2]), int(match[3]))
    return None


def turns(born: date, years: int) -> date:
    """The day a person turns `years`; born on 29 February, the day after in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def country(value: str) -> str:
    """The place whose law a country cell points to; '' when it is not known."""
    return _places().get(fold(value), "")


def places() -> frozenset[str]:
    """Every place that a country cell can point to, by its code."""
    return frozenset(_places().values())


def may_live(place: str, address: str) -> bool:
    """Whether a written address may lie in `place`, as far as its beginning and its script tell."""
    here = address.strip().removeprefix("中国")
    for lead, apart in _APART.items():
        if here.startswith(lead):
            return place == apart
    if any("\u4e00" <= one <= "\u9fff" for one in here):
        return place in _HAN
    return place != "CN" or not any(one.isalpha() for one in here)


def residence(*, countries: Iterable[str] = (), regions: Iterable[str] = (), phones: Iterable[str] = (),
              identities: Iterable[str] = ()) -> str:  # fmt: skip
    """Where a person lives: what a country cell says, else a Chinese province or address, resident number or mobile.

    A country cell that is filled and not understood makes the answer unknown: a guess from elsewhere could be wrong.
    """
    told = [text for text in countries if fold(text) not in vocabulary()["blank"] and text.strip()]
    if told:
        found = {country(text) for text in told}
        return found.pop() if len(found) == 1 else ""
    for text in regions:
        here = text.strip()
        for lead, place in _APART.items():
            if here.removeprefix("中国").startswith(lead):
                return place
        if here.removeprefix("中国").startswith(provinces()):
            return "CN"
    if any(birth_of_id(text) is not None for text in identities):
        return "CN"
    return "CN" if any(_CN_MOBILE.match(_plain(text)) for text in phones) else ""


def contract_status(value: str) -> str:
    """`active`, `ended`, or '' for a word that is neither."""
    word = fold(value).replace(" ", "_")
    for text in (word, word.replace("_", ""), word.replace("_", "-")):
        if text in _statuses():
            return _statuses()[text]
    return ""


def month(value: str, *, day_first: bool | None = None) -> str:
    """`YYYY-MM` of an instant or date, '' when it cannot be read one way."""
    found = birth_date(value, day_first=day_first)
    return f"{found:%Y-%m}" if found else ""


def _plain(value: str) -> str:
    text = value.strip()
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()


def _either(one: int, two: int, year: int, *, first: bool | None) -> date | None:
    if one > 12 or two > 12 or one == two:
        return _date(year, *((two, one) if one > 12 else (one, two)))
    if first is None:
        return None
    return _date(year, *((two, one) if first else (one, two)))


def _named(word: str, day: int, year: int) -> date | None:
    return _date(year, _MONTHS.index(word[:3]) + 1, day) if word[:3] in _MONTHS else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _places() -> dict[str, str]:
    return {word: place for place, words in read("places.toml")["place"].items() for word in words.split("|")}


@cache
def _statuses() -> dict[str, str]:
    return {word: status for status, words in read("status.toml")["contract"].items() for word in words.split()}


@cache
def provinces() -> tuple[str, ...]:
    """How an address of the Chinese mainland begins."""
    return tuple(read("status.toml")["mainland"]["provinces"].split())
