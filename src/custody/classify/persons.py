"""What a row says of its person for the law: birth date, residence, contract status, last activity (design §6).

Dates in mixed formats are decided per column, never per cell: a column in which some value has a day above 12 in first
place is day-first. A value that stays ambiguous is no date: unknown never clears.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

_YMD: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_XXY: Final = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_COMPACT: Final = re.compile(r"^(19|20)(\d{2})(\d{2})(\d{2})$")
_CN_ID: Final = re.compile(r"^\d{6}((?:19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx]$")
_COUNTRIES: Final = {
    "cn": "CN", "中国": "CN", "china": "CN", "chn": "CN", "prc": "CN", "中华人民共和国": "CN", "中国大陆": "CN",
    "de": "DE", "germany": "DE", "deutschland": "DE", "德国": "DE", "fr": "FR", "france": "FR", "法国": "FR",
    "uk": "UK", "gb": "UK", "united kingdom": "UK", "great britain": "UK", "england": "UK", "英国": "UK",
    "us": "US", "usa": "US", "united states": "US", "美国": "US", "ca": "CA", "canada": "CA", "加拿大": "CA",
    "au": "AU", "australia": "AU", "澳大利亚": "AU", "jp": "JP", "japan": "JP", "日本": "JP", "kr": "KR", "韩国": "KR",
    "south korea": "KR", "hk": "HK", "hong kong": "HK", "香港": "HK", "中国香港": "HK", "sg": "SG", "singapore": "SG",
    "新加坡": "SG", "tw": "TW", "台湾": "TW", "taiwan": "TW", "ch": "CH", "switzerland": "CH", "瑞士": "CH",
    "in": "IN", "india": "IN", "印度": "IN", "br": "BR", "brazil": "BR", "巴西": "BR", "it": "EU", "italy": "EU",
    "es": "EU", "spain": "EU", "nl": "EU", "netherlands": "EU", "austria": "EU", "belgium": "EU", "portugal": "EU",
    "poland": "EU", "sweden": "EU", "denmark": "EU", "finland": "EU", "ireland": "EU", "czech republic": "EU", "hungary": "EU",
}  # fmt: skip
_OPEN: Final = frozenset(
    ("open", "paid", "shipped", "active", "processing", "pending", "进行中", "生效", "待处理", "处理中", "未完成")
)
_ENDED: Final = frozenset(("ended", "terminated", "deregistered", "已结束", "已到期", "已退订", "已注销", "已终止"))


def day_first(values: Iterable[str]) -> bool | None:
    """Whether `12-08-1965` in this column is day-first; None when its values do not tell."""
    first = second = False
    for value in values:
        match = _XXY.match(value)
        if match:
            first = first or int(match[1]) > 12
            second = second or int(match[2]) > 12
    return None if first == second else first


def birth_date(value: str, *, day_first: bool | None) -> date | None:
    """The date a cell states, or None."""
    text = value.strip()
    if match := _YMD.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _COMPACT.match(text):
        return _date(int(match[1] + match[2]), int(match[3]), int(match[4]))
    if match := _XXY.match(text):
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        if one == two or one > 12 or two > 12:
            month, day = (two, one) if one > 12 else (one, two)
            return _date(year, month, day)
        if day_first is None:
            return None
        return _date(year, *((two, one) if day_first else (one, two)))
    return None


def birth_of_id(value: str) -> date | None:
    """The birth date in a resident identity number (GB 11643)."""
    match = _CN_ID.match(value.strip())
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def turns(born: date, years: int) -> date:
    """The day a person turns `years`; on 29 February, the day after in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def country(value: str) -> str:
    """A regime's place for what a country cell says; '' when it is not known."""
    return _COUNTRIES.get(value.strip().lower(), "")


def contract_status(value: str) -> str:
    """`active`, `ended`, or '' for a word that is neither."""
    word = value.strip().lower()
    return "active" if word in _OPEN else "ended" if word in _ENDED else ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
