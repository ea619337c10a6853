"""Forms of a whole column's sample that no single pattern tells: a name and a telephone in one cell, numbers of papers, amounts."""

import re
from typing import Final

from custody.classify import vocabulary
from custody.classify.profile import ColumnProfile

_LOOKED_AT: Final = 64
_HALF: Final = 0.5
# Two characters or a capitalised word, a sign or none, then a number as long as a telephone's; codes (AB1234567) have capitals alone.
_REACHED: Final = re.compile(r"(?:[\u4e00-\u9fff]{2}|[A-Z][a-z'’]+)[\s,，:：/、(（;；-]*\+?\(?\d[\d\s()*-]{6,}")
_PAPER: Final = re.compile(r"[〔\[(（【](19|20)\d\d[〕\])）】].{0,8}\d+\s*号?$")
_NUMBERS: Final = re.compile(r"(id|no|nr|num|number|key|code|号|编号|编码|码|番号)$")
_WIDEST: Final = 20


def reached(column: ColumnProfile) -> bool:
    """Whether most cells hold somebody and how to reach him: `张三 138…`, `Ann Lee 0117…`."""
    return _share(column, _REACHED) >= _HALF


def papers(column: ColumnProfile) -> bool:
    """Whether most cells are numbers of official papers: 市监许〔2024〕18号."""
    return _share(column, _PAPER) >= _HALF


def remarks(column: ColumnProfile) -> bool:
    """Whether the cells are words put together, some of them with a comma: short remarks under a name that says nothing."""
    values = column.sample[:_LOOKED_AT]
    if len(values) < _REMARKS or column.share("some_digit") > _HALF:
        return False
    spoken = sum(one.count(" ") >= _BLANKS or (not one.isascii() and len(one) >= _HAN) for one in values)
    return spoken >= _HALF * len(values) and any(mark in one for one in values for mark in ",，。;；")


def notes(column: ColumnProfile) -> bool:
    """Whether somebody wrote into it what he liked: words put together in one value of five, and few numbers, days or addresses of the net."""
    values = column.sample
    if not values or column.share("number", "code_number", "date", "email", "url") > _HALF:
        return False
    spoken = sum(one.count(" ") >= _TWICE or (not one.isascii() and len(one) >= _HAN) for one in values)
    return spoken >= _FIFTH * len(values)


_FIFTH: Final = 0.2
_REMARKS: Final = 4
_BLANKS: Final = 3
_HAN: Final = 5


def terms(column: ColumnProfile) -> bool:
    """Whether most cells say from when to when: 2010-01-01 至 2020-01-01. Nobody is born over years."""
    return _share(column, _TERM) >= _HALF


_TERM: Final = re.compile(r"[12]\d{3}\D.{0,12}?(?:至|到|~|–|—|-|to)\s*[12]\d{3}(?:\D|$)")


def schools(column: ColumnProfile) -> bool:
    """Whether most cells are names of schools and universities."""
    return _share(column, _SCHOOL) >= _HALF


_SCHOOL: Final = re.compile(
    r"(大学|学院|学校|中学|小学|高中|职高|技校|大學|學院|高校)([(（].*)?$|\b(University|College|School|Academy)\b"
)


def counted(column: ColumnProfile) -> bool:
    """Whether the values only count the rows: one, two, three and so on."""
    figures = [int(one) for one in column.sample if one.isdecimal() and len(one) < _COUNTED]
    return len(figures) == len(column.sample) and bool(figures) and max(figures) <= 2 * column.rows


_COUNTED: Final = 10


def kinds(column: ColumnProfile) -> bool:
    """Whether the cells are a few words without figures that repeat: kinds of something, whatever number the header promises."""
    return bool(column.told) and column.share("some_digit") < _SELDOM and _TWICE * column.distinct <= column.told


_SELDOM: Final = 0.1
_TWICE: Final = 2


def answers(column: ColumnProfile) -> bool:
    """Whether the cells are yes and no."""
    said = [vocabulary.fold(one) for one in column.sample]
    return bool(said) and column.distinct <= _ANSWERS and vocabulary.share("flag", said) == 1


_ANSWERS: Final = 3


def amounts(column: ColumnProfile) -> bool:
    """Whether whole numbers are of several lengths and far apart: sums, that number nothing."""
    if _NUMBERS.search(column.name.lower()):
        return False
    figures = [int(one) for one in column.sample if one.isdecimal()]
    if len(figures) < _WIDEST or len({len(str(one)) for one in figures}) == 1:
        return False
    return max(figures) - min(figures) > _WIDEST * column.rows


def _share(column: ColumnProfile, rule: re.Pattern[str]) -> float:
    values = column.sample[:_LOOKED_AT]
    return sum(bool(rule.search(one)) for one in values) / len(values) if values else 0.0
