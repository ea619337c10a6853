"""Whether a bare `name` is a person's, by its values and by what stands beside it (spec/datamap.md §4)."""

import re
from collections.abc import Sequence
from typing import Final

from custody.classify import vocabulary
from custody.classify.profile import ColumnProfile, TableProfile
from custody.classify.themes import Draft

NAMES: Final = frozenset(("name.full", "name.given", "name.family"))
_BORNE: Final = 0.2


def looks(column: ColumnProfile, least: float = 0.5) -> bool:
    """Whether so many of the values hold a common name of a person, Chinese or Latin."""
    sample = column.sample
    if not sample:
        return False
    han = sum(vocabulary.han_name(value) for value in sample) / len(sample)
    latin = [vocabulary.latin_names(value) for value in sample]
    return max(han, sum(given or family for given, family in latin) / len(sample)) >= least


def listed(profile: TableProfile, drafts: Sequence[Draft]) -> bool:
    """Whether a bare `name` stands beside where somebody lives or how old he is, and may be a person's: a list of people, however short.

    Names that are common are people's; others are unless they are known for places or organisations, or the row has a price or a position.
    """
    beside = {one.cls for one in drafts}
    if not beside & _OF_A_PERSON:
        return False
    things = bool(beside & _OF_A_THING)
    return any(
        one.header and one.cls in NAMES and (looks(column) or (not things and _may_be_named(column)))
        for one, column in zip(drafts, profile.columns, strict=True)
    )


_OF_A_PERSON: Final = frozenset((
    "contact.city", "contact.region", "contact.country", "contact.postal_code", "person.age", "account.loyalty", "job.title", "person.education",
    "person.nationality", "person.language",
))  # fmt: skip
_OF_A_THING: Final = frozenset(
    ("trade.amount", "trade.item", "location.position", "org.name", "org.cn_uscc", "record.code")
)


def _may_be_named(column: ColumnProfile) -> bool:
    """Whether the values have the form of names of people, each its own, and are not known for something else."""
    sample = column.sample
    known = max(
        (vocabulary.share(one, [vocabulary.fold(value) for value in sample]) for one in _KNOWN_FOR), default=0.0
    )
    other = max(known, column.wordy("han_org"), column.wordy("latin_org"), column.wordy("han_place"))
    formed = sum(bool(_FORM.match(value)) for value in sample)
    sights = sum(bool(_SIGHT.search(vocabulary.fold(value))) for value in sample)
    return (
        bool(sample)
        and other < _BORNE
        and sights < _BORNE * len(sample)
        and formed >= _NEARLY * len(sample)
        and column.uniqueness >= _NEARLY
    )


# Words in names of houses and sights; nobody is called so, and of such a list not all have one.
_SIGHT: Final = re.compile(
    r"\b(museu\w*|muse[eo]|galler\w*|galerie|hotel|park|church|cathedral|abbey|library|theat(re|er)|castle|palace|tower|zoo|garden|school|college|university|hospital|clinic|"
    r"airport|station|cafe|restaurant|bar|pub|farm|centre|center|hall|beach|lake|mount|bridge|stadium|market|mall|house of|institute|foundation)\b|"
    r"(馆|院|园|楼|寺|庙|塔|宫|城|站|场|店|湖|山|桥|厅|广场|大厦|中心|酒店|博物|美术|景区|故居|遗址)$"
)
_KNOWN_FOR: Final = (
    "contact.city",
    "contact.region",
    "contact.country",
    "status",
    "channel",
    "color",
    "month",
    "job.title",
)
_NEARLY: Final = 0.9
_FORM: Final = re.compile(
    r"[^\W\d_a-z][^\W\d_]*\.?(?:[\s'’\-]+(?:[^\W\d_][^\W\d_]*\.?)){0,3}$|[\u4e00-\u9fff]{2,4}$|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,12}$"
)
