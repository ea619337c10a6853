"""The class of each column from all its evidence: header, values, check digits, dictionaries, neighbours (A2).

A finding carries a confidence in per cent and reasons a person can read. Values decide where they are certain (an
e-mail is one under any header); a header decides where values cannot (a date is a birth date only by its name).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custody.classify import headers
from custody.classify.patterns import Shape
from custody.classify.profile import ColumnProfile, TableProfile
from custody.classify.taxonomy import level

_DATES: Final = frozenset(("person.birth_date", "trade.time", "record.time"))
_WORDS: Final = frozenset(
    ("contact.address", "name.full", "name.given", "name.family", "contact.city", "contact.region")
)
_NUMERIC: Final = frozenset(("trade.amount", "finance.income", "finance.balance", "finance.credit", "person.age"))
_IDENTITY: Final = frozenset(
    ("name.given", "name.family", "contact.email", "contact.phone", "contact.address", "contact.im",
     "person.birth_date", "id.cn_resident", "id.passport", "id.national_other", "id.us_ssn", "finance.card_number",
     "person.gender", "person.guardian")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """What a column is taken for, how sure (per cent) and why."""

    name: str
    cls: str
    level: str
    confidence: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableFinding:
    """The findings of one table, column by column; `personal` is true when it is about people."""

    name: str
    rows: int
    columns: tuple[ColumnFinding, ...]
    personal: bool


def classify(profiles: Sequence[TableProfile]) -> list[TableFinding]:
    """Findings for every table, in the same order."""
    return [_table(profile) for profile in profiles]


def _table(profile: TableProfile) -> TableFinding:
    found = [_column(column) for column in profile.columns]
    strong = _IDENTITY | {"account.customer_id"}
    personal = any(one.cls in strong and one.confidence >= 60 for one in found) or any(
        one.cls == "name.full" and _named(column) for one, column in zip(found, profile.columns, strict=True)
    )
    settled = tuple(_settle(one, column, personal=personal) for one, column in zip(found, profile.columns, strict=True))
    return TableFinding(profile.head.name, profile.rows, settled, personal)


def _column(column: ColumnProfile) -> ColumnFinding:
    shape, said = column.shape, headers.judge(column.name)
    certain = _certain(shape)
    if certain is not None:
        cls, sure, why = certain
        if said is not None and _same_family(said[0], cls):
            return _finding(
                column, said[0] if said[0] != "record.key" else cls, min(99, sure + 4), (f"header {column.name}", why)
            )
        if said is None or said[1] < headers.WHOLE or cls in {"contact.email", "id.cn_resident"}:
            return _finding(column, cls, sure, (why,))
    if said is not None and said[0] == "person.title" and shape.mean_length > 6:
        return _finding(column, "job.title", 75, (f"header {column.name}", "values are longer than forms of address"))
    if said is not None and _fits(said[0], shape):
        return _finding(column, said[0], said[1], (f"header {column.name}", _values(shape)))
    likely = _likely(column)
    if likely is not None:
        return _finding(column, *likely)
    return _finding(column, _rest(column), 30, (_values(shape),))


def _named(column: ColumnProfile) -> bool:
    return 100 * (column.shape.surname + column.shape.given) // max(1, column.sampled) >= 30


def _certain(shape: Shape) -> tuple[str, int, str] | None:
    if not shape.filled:
        return None
    checks = (
        ("email", 60, "contact.email", "values are e-mail addresses"),
        ("cn_id", 60, "id.cn_resident", "values have the form of a resident identity number"),
        ("cn_mobile", 60, "contact.phone", "values are mainland mobile numbers"),
        ("ip", 80, "device.ip", "values are IP addresses"),
        ("mac", 80, "device.mac", "values are MAC addresses"),
        ("url", 80, "contact.url", "values are web addresses"),
        ("plate", 70, "vehicle.plate", "values are registration plates"),
        ("uuid", 80, "record.key", "values are UUIDs"),
    )
    for name, least, cls, why in checks:
        share = shape.share(name)
        if share >= least:
            return cls, 80 + share // 6, f"{why} ({share} %)"
    if shape.share("card") >= 80 and 100 * shape.luhn // shape.filled >= 60:
        return "finance.card_number", 92, "values are card numbers with right check digits"
    return None


def _likely(column: ColumnProfile) -> tuple[str, int, tuple[str, ...]] | None:
    shape = column.shape
    if not shape.filled:
        return None
    seen, varied = max(1, column.sampled), column.distinct_share > 20
    western = 100 * shape.given // seen >= 45 and shape.share("digits") == 0 and shape.mean_length < 40
    whole = shape.share("two_words") >= 60
    chinese = 100 * shape.surname // seen >= 60 and shape.share("cn_name") >= 60
    phones = shape.share("phone") >= 70 and shape.share("phone_shape") >= 50 and _plain(shape) < 20
    running = varied and (
        (shape.mean_length >= 12 and shape.share("han") >= 50)
        or (shape.mean_length >= 30 and shape.share("two_words") >= 70)
    )
    checks = (
        (chinese and varied, "name.full", 80, "values begin with Chinese surnames"),
        (western, "name.full" if whole else "name.given", 66, "values are common personal names"),
        (phones, "contact.phone", 70, "values have the form of telephone numbers"),
        (shape.share("cn_address") >= 50, "contact.address", 78, "values have the form of Chinese addresses"),
        (shape.share("street") >= 50 and whole, "contact.address", 70, "values have the form of street addresses"),
        (running, "text.free", 55, "values are running text"),
    )
    return next(((cls, sure, (why,)) for holds, cls, sure, why in checks if holds), None)


def _plain(shape: Shape) -> int:
    return max(shape.share("date"), shape.share("number"))


def _fits(cls: str, shape: Shape) -> bool:
    if not shape.filled:
        return True
    least = {
        "contact.phone": max(shape.share("phone"), shape.share("digits") // 2),
        "contact.email": 2 * shape.share("email"),
        "finance.card_number": max(shape.share("digits"), shape.share("card"), 40 * (shape.mean_length > 8)),
    }
    if cls in least:
        return least[cls] >= 15
    if cls in _DATES:
        return shape.share("date") >= 30 or shape.share("digits") >= 60 or cls == "record.time"
    if cls in _NUMERIC:
        return shape.share("number") >= 40 or shape.share("digits") >= 40
    if cls in _WORDS:
        return _plain(shape) < 60
    return True


def _settle(one: ColumnFinding, column: ColumnProfile, *, personal: bool) -> ColumnFinding:
    if one.cls == "name.full" and not personal:
        return _finding(column, "record.none", 60, ("no other personal column stands beside it",))
    if personal and one.cls == "record.none":
        return _finding(column, "record.other", 40, (*one.why, "stands in a person's row"))
    return one


def _rest(column: ColumnProfile) -> str:
    text = headers.normal(column.name)
    shape = column.shape
    if text.endswith(("id", "key", "guid", "编号", "no")) and (
        shape.share("digits") >= 80 or column.distinct_share >= 80
    ):
        return "record.key"
    if text.endswith(("date", "time", "日期", "时间")) and shape.share("date") >= 50:
        return "record.time"
    return "record.none"


def _same_family(one: str, other: str) -> bool:
    if one.split(".", maxsplit=1)[0] == other.split(".", maxsplit=1)[0] and one.split(".", maxsplit=1)[0] not in {
        "contact",
        "record",
    }:
        return True
    return one == other or (one, other) in {("person.guardian", "contact.phone"), ("account.username", "contact.email")}


def _values(shape: Shape) -> str:
    if not shape.filled:
        return "no values"
    top = sorted(
        ((shape.share(name), name) for name in ("date", "digits", "number", "han", "latin_name")), reverse=True
    )
    return f"values: {top[0][1].replace('_', ' ')} {top[0][0]} %"


def _finding(column: ColumnProfile, cls: str, confidence: int, why: tuple[str, ...]) -> ColumnFinding:
    return ColumnFinding(column.name, cls, level(cls), confidence, why)
