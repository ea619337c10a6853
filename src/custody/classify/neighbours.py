"""What the columns beside an unclear one say it is: a class among schools, a number among people or beside a street."""

import re
from dataclasses import replace
from typing import Final

from custody.classify import headers, shapes
from custody.classify.profile import TableProfile
from custody.classify.themes import Draft


def schooled(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """Among schools, subjects and numbers of pupils a grade is a class, and an admission no illness."""
    taught = any(_PUPILS.search(headers.normal(column.name)) for column in profile.columns)
    if not taught and not any(one.cls == "person.education" and one.header for one in drafts):
        return drafts
    return [
        replace(one, cls="person.education", confidence=min(one.confidence, 70), why=(*one.why, "stands among schools"))
        if (said := headers.judge(column.name))
        and said[0].words in _SCHOOL
        and one.cls in {"account.loyalty", "person.health", "record.time", "trade.item", "job.title"}
        else one
        for one, column in zip(drafts, profile.columns, strict=True)
    ]


def studied(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """Names of schools under a name that nobody read: where a person went to school, and no organisation that may be cleared."""
    return [
        _instead(one, "person.education", "names of schools")
        if one.cls == "org.name" and not one.header and shapes.schools(column)
        else one
        for one, column in zip(drafts, profile.columns, strict=True)
    ]


def repaired(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """Among prices and faults a kind of device is what was brought in, and nobody's browser, where no address, login or other device stands."""
    row = {one.cls for one in drafts}
    if not row & _PRICED or row & _ONLINE:
        return drafts
    return [
        _instead(one, "trade.item", "stands among purchases")
        if one.cls == "device.agent" and one.header and shapes.kinds(column) and not column.share("agent")
        else one
        for one, column in zip(drafts, profile.columns, strict=True)
    ]


_PRICED: Final = frozenset(("trade.amount", "trade.item", "trade.order_id"))
_ONLINE: Final = frozenset(("device.ip", "device.mac", "device.id", "account.username", "account.password", "account.secret", "contact.im"))  # fmt: skip


def numbered(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """A bare number beside an address is a house's; one of its own for each of the people listed is theirs, if they have no other."""
    bare = [
        one.cls == "record.key" and headers.normal(column.name) in _BARE_NUMBERS
        for one, column in zip(drafts, profile.columns, strict=True)
    ]
    listed = not any(one.cls == "account.customer_id" for one in drafts) and any(
        one.cls.startswith("name.") for one in drafts
    )
    found = list(drafts)
    for place, column in enumerate(profile.columns):
        beside = any(one.cls == "contact.address" for one in drafts[max(0, place - 1) : place + 2])
        if not bare[place]:
            continue
        if beside and column.uniqueness < _OWN and 0 < column.mean_length <= _HOUSE:
            found[place] = _instead(drafts[place], "contact.address", "stands beside an address")
        elif listed and column.told and column.uniqueness >= _OWN and not shapes.counted(column):
            found[place] = _instead(drafts[place], "account.customer_id", "one for each of the people listed")
    return found


def posted(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """Unread figures of one length as postal codes have them, beside a city, a region or a street."""
    if any(one.cls == "contact.postal_code" for one in drafts):
        return drafts
    found = list(drafts)
    for place, column in enumerate(profile.columns):
        beside = {one.cls for one in drafts[max(0, place - 1) : place + 2]}
        unread = drafts[place].cls in {"record.key", "record.other"} and not drafts[place].header
        if unread and beside & _WHERE and column.share("zip") >= _OWN and column.mean_length in {5, 6}:
            found[place] = _instead(drafts[place], "contact.postal_code", "stands beside a place")
    return found


_WHERE: Final = frozenset(("contact.city", "contact.region", "contact.address"))


def _instead(one: Draft, cls: str, why: str) -> Draft:
    return replace(one, cls=cls, confidence=min(one.confidence, 60), why=(*one.why, why))


def carded(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """Until when something holds, beside the number of a card: it is the card that expires."""
    return _beside(
        drafts, profile, _EXPIRES, "finance.card_number", ("finance.card_detail", "stands beside a card's number")
    )


def branded(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """A brand beside what was bought or brought in tells more of that: whose organisation it is would clear it."""
    return _beside(drafts, profile, _BRANDS, "trade.item", ("trade.item", "stands beside what was bought"))


def _beside(
    drafts: list[Draft], profile: TableProfile, names: frozenset[str], beside: str, then: tuple[str, str]
) -> list[Draft]:
    """The columns so called that have one of that class within two places, taken for what they then are."""
    found = list(drafts)
    for place, column in enumerate(profile.columns):
        near = drafts[max(0, place - _NEAR) : place] + drafts[place + 1 : place + 1 + _NEAR]
        called = any(said.words in names for said in headers.judge(column.name)[:1])
        if called and any(one.cls == beside for one in near):
            found[place] = _instead(drafts[place], *then)
    return found


_NEAR: Final = 2
_EXPIRES: Final = frozenset(
    (
        "expirydate",
        "expiry",
        "expirationdate",
        "expdate",
        "validthru",
        "validto",
        "有效期",
        "有效期至",
        "到期日",
        "到期日期",
    )
)
_BRANDS: Final = frozenset(("品牌", "brand", "brandname", "品牌名称"))
_BARE_NUMBERS: Final = frozenset(
    ("number", "no", "num", "nr", "nbr", "numero", "nummer", "番号", "번호", "号码", "编号")
)
_OWN: Final = 0.95
_HOUSE: Final = 5
# How pupils are numbered; a studio has students too, but no numbers of theirs.
_PUPILS: Final = re.compile(r"^(student|pupil)s?(no|number|num|code|name)$|^(学号|学籍号|学生证号|xuehao)$")
_SCHOOL: Final = frozenset(
    (
        "grade",
        "admissiontime",
        "admissiondate",
        "dateofadmission",
        "年级",
        "班级",
        "班级名称",
        "bjmc",
        "bj",
        "zydm",
        "zymc",
        "class",
        "classname",
    )
)
