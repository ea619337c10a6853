"""The class of each column from all its evidence: header, values, check digits, dictionaries, neighbours (A2).

A finding carries a confidence in per cent and reasons a person can read. Header and values meet on one scale; values
that cannot be what the header says overrule it; a person's row turns what is unknown into `record.other`, and a table
about nobody turns prices, places and names of things into `record.*`.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from custody.classify import (
    comments,
    context,
    evidence,
    figures,
    forms,
    header_rules,
    headers,
    joins,
    levels,
    prefixes,
    shapes,
    themes,
)
from custody.classify.profile import ColumnProfile, TableProfile

_CARRIES: Final = {  # a header that says whose or what for, over values that only say what
    "person.guardian": (
        "contact.phone",
        "name.full",
        "contact.email",
        "id.cn_resident",
        "contact.address",
        "org.name",
        "job.title",
        "person.education",
        "person.age",
    ),
    "contact.im": ("contact.phone", "contact.email", "account.username"),
    "location.trace": ("contact.city", "contact.address", "record.time", "org.name"),
    "finance.bank_account": ("finance.card_number", "contact.email"),  # what one pays to may be an address
    "account.customer_id": ("record.key",),
    "account.secret": ("account.password",),
    "device.id": ("finance.card_number",),  # a telephone's number has the check digit of cards
    "id.driver_license": ("id.cn_resident",),  # a licence has its holder's number
    "trade.order_id": ("record.key",),
    "job.employer": ("org.name",),
    "person.education": ("org.name",),
}
_FIRST: Final = 10  # per cent: what is held for sensitive only by prudence heads the list for review
_MISFIT: Final = 7.0
_AGREE: Final = 1.8


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """What a column is taken for, how sure (per cent) and why; `holds`: sensitive classes met inside its free text."""

    name: str
    cls: str
    level: str
    confidence: int
    why: tuple[str, ...]
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFinding:
    """The findings of one table, column by column; `personal` is true when it is about people."""

    name: str
    rows: int
    columns: tuple[ColumnFinding, ...]
    personal: bool


@dataclass(slots=True)
class _Scores:
    total: dict[str, float]
    why: dict[str, list[str]]

    def add(self, cls: str, weight: float, why: str) -> None:
        self.total[cls] = self.total.get(cls, 0.0) + weight
        self.why.setdefault(cls, []).append(why)


def classify(profiles: Sequence[TableProfile]) -> list[TableFinding]:
    """Findings for every table, in the same order. Tables whose rows hang on a person's order are about people too."""
    notes = comments.gather(profiles)
    drafts = [_drafts(profile, notes) for profile in profiles]
    linked = [context.personal(profile, found) for profile, found in zip(profiles, drafts, strict=True)]
    for place, profile in enumerate(profiles):
        if not linked[place] and (found := context.told(profile, drafts[place])) is not None:
            linked[place], drafts[place] = True, found
    classes = {
        (profile.head.name, column.name): one.cls
        for profile, found in zip(profiles, drafts, strict=True)
        for column, one in zip(profile.columns, found, strict=True)
    }
    edges = joins.edges(profiles, classes)
    linked = joins.spread(profiles, classes, linked, edges)
    settled = [
        context.settle(profile, found, linked=personal)
        for profile, found, personal in zip(profiles, drafts, linked, strict=True)
    ]
    return [
        _table(profile, found, personal=personal)
        for profile, found, personal in zip(profiles, _agreed(profiles, settled, linked, edges), linked, strict=True)
    ]


def _agreed(
    profiles: Sequence[TableProfile],
    settled: Sequence[list[themes.Draft]],
    linked: Sequence[bool],
    edges: Sequence[joins.Edge],
) -> list[list[themes.Draft]]:
    """Columns of tables about people that refer to each other, of one class."""
    people = [place for place, personal in enumerate(linked) if personal]
    classes = {
        (profiles[place].head.name, column.name): one.cls
        for place in people
        for column, one in zip(profiles[place].columns, settled[place], strict=True)
    }
    told = joins.agreed(edges, classes)
    return [
        [
            replace(one, cls=cls, why=(*one.why, "refers to a person's number"))
            if (cls := told.get((profile.head.name, column.name), one.cls)) != one.cls
            else one
            for column, one in zip(profile.columns, found, strict=True)
        ]
        for profile, found in zip(profiles, settled, strict=True)
    ]


def unsure_first(finding: TableFinding) -> list[ColumnFinding]:
    """The columns in the order a reviewer should meet them."""
    return sorted(finding.columns, key=lambda one: one.confidence)


def _table(profile: TableProfile, settled: Sequence[themes.Draft], *, personal: bool) -> TableFinding:
    row = frozenset(one.cls for one in settled)
    among = levels.themed((one.cls, one.confidence) for one in settled)
    columns = tuple(
        _finding(column, one, row, personal=personal, among=among)
        for column, one in zip(profile.columns, settled, strict=True)
    )
    return TableFinding(profile.head.name, profile.rows, columns, personal)


def _finding(
    column: ColumnProfile, one: themes.Draft, row: frozenset[str], *, personal: bool, among: bool
) -> ColumnFinding:
    holds, intimate = levels.held(one.cls, column), levels.intimate(one.cls, column)
    level, why = levels.raised(one.cls, holds, row, intimate=personal and intimate)
    why, confidence = (*levels.facts(one.cls, column), *why), one.confidence
    if forms.doubted(one.cls, one.why, column):
        why, confidence = (*why, forms.DIFFERS), min(confidence, forms.WAITS)
    if personal and (doubt := levels.doubted(one.cls, column.name, row, said=one.said, among=among)):
        level, why, confidence = "sensitive", (*why, *doubt), min(confidence, _FIRST)
    return ColumnFinding(column.name, one.cls, level, confidence, (*one.why, *why), holds)


def _drafts(profile: TableProfile, notes: Mapping[tuple[str, str], str]) -> list[themes.Draft]:
    bare = prefixes.rests([column.name for column in profile.columns])
    return [
        _draft(column, told)
        if (told := notes.get((profile.head.name, column.name), "")) or column.name not in bare
        else _marked(column, bare[column.name])
        for column in profile.columns
    ]


def _marked(column: ColumnProfile, rest: str) -> themes.Draft:
    """By what follows the table's mark; how well the name was read is still told by the whole of it (spec/datamap.md §11)."""
    own = max((one.weight for one in headers.judge(column.name)), default=0.0)
    return replace(_draft(column, rest), said=own)


def _draft(column: ColumnProfile, note: str = "") -> themes.Draft:
    """`note`: what the source says of the column, or its name without the table's mark."""
    scores = _scores(column, note)
    ranked = sorted(scores.total.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or ranked[0][1] < 1.0:
        return themes.Draft("", 30, (themes.NOTHING,), header=False)
    cls, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    readings = (*headers.judge(column.name), *comments.readings(note))
    told = any(said.cls == cls for said in readings)
    said = max((one.weight for one in readings), default=0.0)
    return themes.Draft(cls, confidence(best, second, seen=bool(column.told)), tuple(scores.why[cls]), told, said)


def confidence(best: float, second: float, *, seen: bool) -> int:
    """Per cent, from the weight of the best class and its lead over the next."""
    sure = 1 / (1 + math.exp(-0.7 * (best - 2.2)))
    sure *= 1 - 0.35 * math.exp(-max(0.0, best - second) / 1.2)
    return max(20, min(99 if seen else 75, round(100 * sure)))


def _scores(column: ColumnProfile, note: str) -> _Scores:
    scores = _Scores({}, {})
    found = [one for one in evidence.weigh(column) if one.cls != "person.birth_date" or not _dates_a_deed(column.name)]
    if column.told >= _MANY and column.distinct <= _REPEATED * column.told:  # numbers of people do not repeat
        found = [one for one in found if not one.cls.startswith("id.") or one.weight >= _OWN_FORM]
    veiled = headers.veiled(column.name)
    if veiled:
        found = [one for one in found if one.cls != "account.password" or one.weight > _SALTED]
    if _KEYS.search(column.name.lower()) or headers.tokens(column.name)[-1:] in _KEY_WORDS:
        found = [one for one in found if one.cls != "account.password" or one.weight > _SALTED]  # a digest may be a key
    classes = {one.cls for one in found}
    for said in headers.judge(column.name):
        cls, weight, why = (said.cls, said.weight, said.words) if veiled else _reread(said, column, classes)
        if (not veiled and forms.overruled(cls, column, found)) or (
            not veiled and not evidence.fits(cls, column) and not (column.told <= _TWO and weight >= headers.WHOLE)
        ):
            weight -= _MISFIT
            why = f"header says {why}, values do not look like it"
        scores.add(cls, weight, f"header: {why}")
    for said in comments.readings(note):
        cls, weight, why = _reread(said, column, classes)
        if evidence.fits(cls, column):
            more = max(_AGREE, weight - scores.total[cls]) if scores.total.get(cls, 0.0) > 0 else weight
            scores.add(cls, more + comments.MORE, f"comment: {why}")
    seen: set[str] = set()
    for one in found:
        cls = next((said for said in scores.total if one.cls in _CARRIES.get(said, ())), one.cls)
        if cls in seen:
            continue
        seen.add(cls)
        both = cls in scores.total and scores.total[cls] > 0
        scores.add(cls, max(_AGREE, 0.5 * one.weight) if both else one.weight, one.why)
    return scores


_KEYS: Final = re.compile(r"(?<![a-z])(id|key|guid|uuid)$|(public|open|union|object)_?id$|编号$")
_KEY_WORDS: Final = (["id"], ["key"], ["guid"], ["uuid"])
_SALTED: Final = 5.0  # digests of a form that only passwords have weigh more than bare ones
_READ: Final = 3.0
_MANY: Final = 20
_REPEATED: Final = 0.1
_OWN_FORM: Final = 6.2  # nothing else is of a form that weighs so much
_BORN: Final = frozenset(("person.birth_date", "person.age", "record.none"))
_BARE: Final = frozenset(("date", "time", "datetime", "日期", "时间", "年月日", "rq", "sj", "datum", "fecha", "data"))


def _dates_a_deed(header: str) -> bool:
    """Whether the header names what was dated (毕业时间, hire_date): then old dates are no births."""
    said = headers.judge(header)
    read = bool(said) and said[0].weight >= _READ and said[0].cls not in _BORN
    deed = _INITIALS.match(header.lower()) or _AGAIN.search(header)
    return (read and headers.normal(header) not in _BARE) or bool(deed)


# What happens more than once is no birth: 末次汇缴月, 最近随访.
_AGAIN: Final = re.compile(r"^(末次|首次|上次|下次|最近|最后|最近一次)")
# Initials of a deed and when it was done (gzsj, tjrq), not of a birth (csrq).
_INITIALS: Final = re.compile(r"(?!.*cs(rq|sj|ny|nyr)$)[b-df-hj-np-tv-z_]{2,}(sj|rq)$")


_TITLES: Final = ("title", "titel", "job")
_CARD: Final = 12  # digits; a shorter number on a card is a member's
_CARDS: Final = ("卡号", "cardno", "cardnumber")  # a member's card or a bank's: the digits decide
_NAMED: Final = frozenset(("name.full", "name.alias"))
_NAMED_FOUND: Final = frozenset(("name.full", "name.given", "name.family"))
_TWO: Final = 2  # cells so few say nothing against a name read in full
_OFTEN_KEYS: Final = frozenset(("contact.region", "contact.city", "contact.country"))


def _reread(said: headers.Said, column: ColumnProfile, found: set[str]) -> tuple[str, float, str]:
    """Words that mean one thing over these values and another over those: (class, weight, words)."""
    cls, weight = said.cls, said.weight
    digits = column.share("digits")
    if cls == "person.title" and said.words in _TITLES and column.told and "person.title" not in found:
        cls = "text.free" if "job.title" not in found and evidence.running(column) else "job.title"
        weight -= 0 if cls in found else 2.2
    elif cls == "name.full" and column.share("phone_shape", "cn_mobile", "cn_landline") >= 0.5:
        cls, weight = "contact.phone", weight - 1
    elif cls == "name.full" and column.share("some_digit") >= 0.8 and not shapes.reached(column):
        cls, weight = "account.customer_id" if header_rules.PEOPLE.search(said.words) else "record.key", weight - 1
    elif cls in _NAMED and weight <= headers.EXACT and column.sample and not found & _NAMED_FOUND:
        weight -= 1.6
    elif cls == "account.customer_id" and "finance.card_number" in found and said.words.endswith(_CARDS):
        cls = "finance.card_number"
    elif cls == "finance.card_number" and digits >= 0.8 and column.mean_length < _CARD and not _identified(found):
        cls, weight = (
            ("finance.bank_account", weight) if _BANKS.search(said.words) else ("account.customer_id", weight - 1)
        )
    elif cls == "id.cn_resident" and column.name.isascii() and _foreign(column):
        cls = "id.national_other"
    elif cls in _OFTEN_KEYS and digits >= 0.8 and column.told > _TWO and not evidence.divisions(column):
        cls, weight = "record.key", 3.0
    else:
        cls = _renamed(said, column, found)
    return cls, weight, said.words


_ORDERED: Final = frozenset(("ordernumber", "orderno", "order", "序号", "ordernum", "orderindex"))
_NEARLY_ALL: Final = 0.9
_PLACES: Final = 3.5  # digits; an order's number has more


def _foreign(column: ColumnProfile) -> bool:
    """Whether numbers that a Latin header calls somebody's are too short for a resident identity number, masked or whole."""
    return (
        bool(column.told)
        and column.share("cn_id", "cn_id15", "cn_id_masked") < _SOME
        and column.mean_length < _SHORT_ID
    )


_SOME: Final = 0.1
_SHORT_ID: Final = 13.5  # characters; a resident number has 15 or 18


def _identified(found: set[str]) -> bool:
    """Whether the values are numbers of people."""
    return any(one.startswith("id.") for one in found)


# A short number under such a name is a bank's all the same, of an account.
_BANKS: Final = re.compile(r"银行|工资|信用|储蓄|借记|credit|debit|bank|visa")


_PROVIDERS: Final = frozenset(("provider", "providername"))


def _renamed(said: headers.Said, column: ColumnProfile, found: set[str]) -> str:
    if said.words in {"账号", "帐号"} and column.share("digits") >= 0.7 and column.mean_length >= 12:
        return "finance.bank_account"
    if said.words == "有效期" and evidence.dates(column) >= 0.6:
        return "trade.time"
    if (other := figures.meant(said, column)) is not None:
        return other
    if said.cls in {"contact.region", "trade.order_id"}:
        return _place_or_state(said, column, found)
    if said.words == "accountname" and column.wordy("handle") >= 0.7 and column.wordy("two_words") < 0.2:
        return "account.username"
    return _by_values(said, column, found)


def _by_values(said: headers.Said, column: ColumnProfile, found: set[str]) -> str:
    """`nation`: a country or a people; `provider`: a practice, or who treats there."""
    if said.words in _PROVIDERS and "name.full" in found and "org.name" not in found:
        return "name.full"
    if said.words == "username" and "name.full" in found and column.wordy("han") >= _NEARLY_ALL:
        return "name.full"  # nobody logs in by a Chinese name
    if (other := _by_company(said, found)) is not None:
        return other
    if said.words == "national" and found & {"person.nationality", "contact.country"}:
        return "person.nationality"
    return "person.ethnicity" if said.words in _NATIONS and "person.ethnicity" in found else said.cls


_CALLED: Final = frozenset(("displayname", "雇主"))


def _by_company(said: headers.Said, found: set[str]) -> str | None:
    """A customer may be a company, a name that is shown a real one, a kind of card a member's."""
    if said.cls == "name.full" and "org.name" in found and not found & _NAMED_FOUND:
        return "org.name"
    if (said.words in _CALLED) and "name.full" in found and "org.name" not in found:
        return "name.full"
    if said.cls == "finance.card_detail" and "account.loyalty" in found and "finance.card_detail" not in found:
        return "account.loyalty"
    return None


_NATIONS: Final = frozenset(("nation", "nationality", "national"))


def _place_or_state(said: headers.Said, column: ColumnProfile, found: set[str]) -> str:
    """`estado`: where somebody lives, or how far something has come; `county`: in China below a city; `order_num`: in which order a list is shown."""
    if said.cls == "trade.order_id":
        return "record.code" if said.words in _ORDERED and _small(column) else said.cls
    if said.words == "county" and column.wordy("han") >= 0.5:
        return "contact.city"
    return "record.code" if "record.code" in found and not found & _OFTEN_KEYS else said.cls


def _small(column: ColumnProfile) -> bool:
    """Whether the values are whole numbers of no more than a few digits."""
    return column.share("digits") >= _NEARLY_ALL and column.mean_length < _PLACES
