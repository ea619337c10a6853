"""What a row says of its person for the law: birth date, residence, contract status, last activity (design §6).

Dates in mixed formats are decided per column, never per cell: a column in which some value has a day above 12 in first
place is day-first. A value that stays ambiguous is no date, a word that is not known says nothing: unknown never clears.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

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
_CHINESE: Final = frozenset(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 "
    "内蒙古 广西 西藏 宁夏 新疆".split()
)
_APART: Final = {"香港": "HK", "澳门": "MO", "台湾": "TW"}
_OPEN: Final = frozenset(
    "open paid shipped active processing pending trial trialing onhold on-hold past_due renewed live current in_progress new confirmed unfulfilled "
    "进行中 生效 生效中 有效 正常 待处理 处理中 未完成 待付款 待发货 已付款 已发货 待收货 待确认 已确认 服务中 使用中 履行中 续费 已续费 试用 试用中 未到期 已预约 "
    "在保 在读 在租 已签约 未核销 待安装 待回访 已受理 跟进中".split()
)
_ENDED: Final = frozenset(
    "completed complete refunded ended closed cancelled canceled expired inactive terminated delivered resolved churned unsubscribed failed voided "
    "fulfilled returned lapsed "
    "已结束 已关闭 已完成 完成 到期 已到期 已过期 过期 已退订 已取消 取消 已退款 交易成功 交易关闭 已签收 已解决 已终止 终止 失效 已失效 注销 已注销 停用 退会 已退会 "
    "已退保 已结业 毕业 已毕业 已退租 已核销 已退货 已流失 解约 已解约".split()
)


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
    """The birth date in a resident identity number (GB 11643): 18 characters, or 15 digits of the last century."""
    text = _plain(value).upper()
    if match := _CN_ID.match(text):
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
        if any(here.removeprefix("中国").startswith(name) for name in _CHINESE):
            return "CN"
    if any(birth_of_id(text) is not None for text in identities):
        return "CN"
    return "CN" if any(_CN_MOBILE.match(_plain(text)) for text in phones) else ""


def contract_status(value: str) -> str:
    """`active`, `ended`, or '' for a word that is neither."""
    word = fold(value).replace(" ", "_")
    for text in (word, word.replace("_", ""), word.replace("_", "-")):
        if text in _OPEN or text in _ENDED:
            return "active" if text in _OPEN else "ended"
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
