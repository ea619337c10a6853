"""What a whole table is about, and what its unread columns then are (spec/datamap.md §4).

A table has a theme (illness, pay, debt, crime) when several of its columns, or its name and one of them, say so. In such a
table an unread column is taken for one more of the theme: unknown never becomes general by default.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from custody.classify import header_rules, headers, shapes
from custody.classify.profile import ColumnProfile, TableProfile

NOTHING: Final = "no evidence of any class"


@dataclass(frozen=True, slots=True)
class Draft:
    """A column before its neighbours have spoken; `header`: its name speaks for the class; `said`: with what weight it speaks at all."""

    cls: str
    confidence: int
    why: tuple[str, ...]
    header: bool
    said: float = 0.0


@dataclass(frozen=True, slots=True)
class Theme:
    """`cls` is what the table is about; `named` finds it in the table's name; `looks` says how values of it must look."""

    cls: str
    why: str
    named: re.Pattern[str]
    looks: Callable[[ColumnProfile], bool]


_KEYS: Final = ("digits", "date", "uuid", "epoch", "url")
_THEMES: Final = (
    Theme(
        "person.health", "stands among health data",
        re.compile(r"patient|clinic|medic|hospital|health|emr|ehr|(^|_)labs?(_|$)|vital|diagnos|encounter|(^|_)visits?(_|$)|bodyinfo|body_|fitness|therap|"
                   r"患者|病|癌|瘤|医|药|诊|体检|健康|体征|筛查|住院|护理|养老|老人|产|孕|疫苗|接种|牙|麻醉|体测|残疾|心理|カルテ|患者|健診|환자|진료|"
                   r"(^|_)(br|hz|mz|zy|bl|tj|jkda|ylzl)[b-df-hj-np-tv-z]{0,4}($|_(?![a-z_]*[aeiou]))"),
        lambda c: c.share(*_KEYS) < 0.5,
    ),
    Theme(
        "person.criminal", "stands among criminal records",
        re.compile(r"inmate|prison|jail|offender|crime|criminal|arrest|booking_charges|court|probation|convict|矫正|犯|监狱|案件|嫌疑|羁押|禁毒|涉案"),
        lambda c: c.share(*_KEYS) < 0.5,
    ),
    Theme(
        "finance.credit", "stands among credit data",
        re.compile(r"loan|credit_?(app|risk|data|score)|mortgage|debt|贷|征信|授信|借款|还款|催收"), lambda c: c.share("decimal", "digits") >= 0.6,
    ),
    Theme(
        "finance.income", "stands among what is paid to a person",
        re.compile(r"payroll|salar|wage|payslip|compensation|工资|薪|酬|gehalt|nomina|급여|給与"), lambda c: c.share("decimal", "digits") >= 0.6,
    ),
)  # fmt: skip
_MEASURES: Final = frozenset(
    (
        "height",
        "weight",
        "身高",
        "体重",
        "bmi",
        "peso",
        "altura",
        "estatura",
        "taille",
        "poids",
        "grosse",
        "gewicht",
        "身長",
        "体重",
        "키",
        "신장",
        "몸무게",
        "체중",
    )
)
_SURE: Final = 60
_ENOUGH: Final = 2  # columns, or one and the table's name
_SEVERAL: Final = 3
_WHOSE: Final = (
    "name.",
    "contact.",
    "id.",
    "account.",
    "person.gender",
    "person.birth_date",
    "person.age",
    "record.key",
)
_WEAK: Final = frozenset(
    ("taste.profile", "trade.amount", "account.loyalty", "record.code", "record.none", "trade.item")
)
_PLAIN_WORDS: Final = re.compile(
    r"^(score|level|total|rate|percent|count|grade|index|amount|amt|sum|value|jine|je|ze|betrag|montant|monto|importe|valor|"
    r"等级|级别|评分|分数|数量|率|指数|得分|情况|结果|金额|总额|合计|额|费|history|史)$"
)  # fmt: skip


def theme(drafts: Sequence[Draft], profile: TableProfile) -> tuple[Theme | None, bool]:
    """(what the table is about, whether mostly)."""
    counts = Counter(one.cls for one in drafts if one.confidence >= _SURE)
    if counts["person.health"] == sum(
        _measured(one, column) for one, column in zip(drafts, profile.columns, strict=True)
    ):
        counts["person.health"] = min(1, counts["person.health"])  # how tall and how heavy alone tell of no illness
    about = sum(not one.cls.startswith(_WHOSE) for one in drafts)
    name = f"{profile.head.name} {profile.head.comment}".lower()
    scored = [(counts[one.cls] + 2 * bool(one.named.search(name)) * bool(counts[one.cls]), one) for one in _THEMES]
    weight, best = max(scored, key=lambda pair: pair[0])
    mostly = weight > _SEVERAL and weight * 3 >= about
    if weight < _ENOUGH or not (mostly or best.named.search(name) or 2 * weight >= about):
        return None, False  # a few such columns in a table of other things say nothing of those
    return best, mostly


def _measured(one: Draft, column: ColumnProfile) -> bool:
    said = headers.judge(column.name)
    return one.cls == "person.health" and one.confidence >= _SURE and bool(said) and said[0].words in _MEASURES


_LODGING: Final = re.compile(
    r"hotel|stay|guest|lodg|check_?in|hostel|travel|trip|酒店|宾馆|旅馆|民宿|住宿|入住|宾客|旅客|旅行|出行|宿舍"
)


def named(profile: TableProfile) -> frozenset[str]:
    """What the name of the table alone says that its rows tell of."""
    name = f"{profile.head.name} {profile.head.comment}".lower()
    lodged = {"location.trace"} if _LODGING.search(name) else set()
    return frozenset(lodged | {one.cls for one in _THEMES if one.named.search(name)})


def among(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """What nobody could read in a row of illnesses is taken for one more."""
    found, mostly = theme(drafts, profile)
    if found is None:
        return drafts
    return [
        Draft(found.cls, 40, (*one.why, found.why), header=False)
        if not _year(one, column, found) and _joins(one, column, found, mostly=mostly)
        else one
        for one, column in zip(drafts, profile.columns, strict=True)
    ]


_YEARS: Final = 0.8


def _year(one: Draft, column: ColumnProfile, found: Theme) -> bool:
    """Whether the figures under an unread name are years: when it was paid, and not how much."""
    return found.cls.startswith("finance.") and not one.header and column.share("year") >= _YEARS


_MONEY_WORDS: Final = re.compile(r"^(amount|amt|sum|jine|je|betrag|montant|monto|importe|valor|金额|总额|合计|额|费)$")


def _joins(one: Draft, column: ColumnProfile, found: Theme, *, mostly: bool) -> bool:
    if one.cls == "record.other" and not one.header:
        return (bool(column.told) and (found.looks(column) or (mostly and _figure(column)))) or (
            mostly and not column.told
        )
    joined = _turned(one, column, found) or (mostly and _unread_sum(one, column, found))
    if joined or not mostly:
        return joined
    if found.cls == "person.criminal" and one.cls in _BOOKED:
        return _charged(column)
    if one.cls == "record.code" and (not one.header or _asked(column)):
        return found.cls in {"person.health", "person.criminal"}
    if found.cls == "person.health" and one.cls == "trade.amount" and _money(column):
        return False  # what is paid for a treatment tells of none
    return one.cls in _WEAK and _plainly(column) and found.cls in {"person.health", "finance.income", "finance.credit"}


def _unread_sum(one: Draft, column: ColumnProfile, found: Theme) -> bool:
    """Figures under an unread name among sums: taken for a key only because none comes twice."""
    unread = one.cls == "record.key" and not one.header and not one.said
    return unread and found.cls.startswith("finance.") and found.looks(column) and not shapes.counted(column)


# Nobody buys there: the day and the number of a booking are a prisoner's, a sum and a grade are a loan's.
_TURNED: Final = frozenset(
    (
        ("trade.time", "person.criminal"),
        ("trade.order_id", "person.criminal"),
        ("trade.amount", "finance.credit"),
        ("trade.amount", "finance.income"),
        ("account.loyalty", "finance.credit"),
    )
)
_BOOKED: Final = frozenset(("trade.amount", "text.free"))


def _turned(one: Draft, column: ColumnProfile, found: Theme) -> bool:
    """Whether what elsewhere tells of a purchase tells of the theme."""
    return (one.cls, found.cls) in _TURNED and (one.cls != "trade.amount" or _figures(column))


def _charged(column: ColumnProfile) -> bool:
    """Whether it is a charge or a sentence, and no sum."""
    return column.share("decimal", "digits") < _HALF


def _asked(column: ColumnProfile) -> bool:
    """Whether all that was read of the name is that it asks for a yes or a no."""
    return any(said.words == header_rules.ASKED for said in headers.judge(column.name)[:1])


def _money(column: ColumnProfile) -> bool:
    """Whether all that was read of the name is that it is a sum of money."""
    return any(_MONEY_WORDS.match(said.words) for said in headers.judge(column.name)[:1])


def _plainly(column: ColumnProfile) -> bool:
    """Whether the name's known word says no more than how much: then what it measures is unread."""
    said = headers.judge(column.name)
    return bool(said) and bool(_PLAIN_WORDS.match(said[0].words)) and headers.normal(column.name) != said[0].words


_HALF: Final = 0.5


def _figures(column: ColumnProfile) -> bool:
    return not column.told or column.share("decimal", "digits") >= _HALF


def _figure(column: ColumnProfile) -> bool:
    """Numbers that measure something, and number nothing."""
    return (
        column.share("decimal", "digits") >= 0.6
        and (column.uniqueness < 0.95 or column.share("decimal") >= 0.5)
        and column.share("epoch", "date_compact") < 0.3
    )
