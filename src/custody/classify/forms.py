"""Whether the values of a column contradict, by how many they are and how they are made, what its header alone says it is.

A form of address has a handful of values; eighty that differ are none. A name is somebody's own; three in a hundred rows are nobody's.
Where other values speak for themselves they win (columns.py); where none do, the column waits for somebody's look, whatever its header.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from custody.classify import named, shapes
from custody.classify.evidence import Evidence, dates
from custody.classify.profile import ColumnProfile
from custody.classify.taxonomy import level

WAITS: Final = 50  # per cent: below what is taken for sure (datamap.UNSURE)
DIFFERS: Final = "the values are more or other than this class has, until somebody looks"
# Taken from a short list: many values that differ are none of it.
_LISTED: Final = frozenset((
    "person.title", "person.gender", "person.marital_status", "person.nationality", "person.ethnicity", "person.religion",
    "person.politics", "person.language", "contact.country", "trade.payment_method", "taste.marketing", "finance.card_detail",
))  # fmt: skip
# Somebody's own: the same few in many rows are nobody's.
_OWN: Final = ("name.", "contact.email", "contact.phone", "contact.address", "contact.im", "id.", "finance.bank_account", "finance.card_number",
               "account.username", "account.password", "account.secret", "account.customer_id", "vehicle.", "device.mac", "device.id")  # fmt: skip
_CODED: Final = frozenset(("record.code", "record.none", "record.key", "record.time"))
_BY_NAME: Final = ("header: ", "comment: ")
_TOLD: Final = 12
_MANY: Final = 12
_OFTEN: Final = 0.6
_ROWS: Final = 40
_FEW: Final = 3
_SPEAK: Final = 3.0
_TITLED: Final = re.compile(
    r"(先生|女士|小姐|太太|夫人|老师|师傅|经理|老板|阿姨|叔叔|大哥|大姐|总|姐|哥|工|嫂|样|様|님)$|^(mr|mrs|ms|miss|dr|prof|herr|frau|mme|sr|sra)\b",
    re.IGNORECASE,
)
_HALF: Final = 0.5


def contradicted(cls: str, column: ColumnProfile) -> bool:
    """Whether so many or so few different values, or values so made, are seldom of the class. Few rows contradict nothing."""
    if column.told < _TOLD:
        return False
    if cls in _LISTED:
        return column.distinct >= _MANY and column.uniqueness >= _OFTEN and dates(column) < _HALF  # 入党时间, 结婚日期
    if cls.startswith(_OWN):
        few = column.told >= _ROWS and column.distinct <= _FEW
        return few and not (cls in named.NAMES and named.looks(column, _HALF))  # three doctors of all who came
    return cls in _CODED and column.uniqueness >= _OFTEN and shapes.remarks(column)


def overruled(cls: str, column: ColumnProfile, found: Sequence[Evidence]) -> bool:
    """Whether the values say surely that they are of another class than the header's, which they contradict. No sensitive class is lost by it."""
    if level(cls) == "sensitive" or not contradicted(cls, column) or _titled(cls, column):
        return False
    return any(one.cls != cls and one.weight >= _SPEAK for one in found) and all(one.cls != cls for one in found)


def doubted(cls: str, why: Iterable[str], column: ColumnProfile) -> bool:
    """Whether the name of the column alone speaks for a class that its values contradict."""
    return all(one.startswith(_BY_NAME) for one in why) and contradicted(cls, column)


def _titled(cls: str, column: ColumnProfile) -> bool:
    """`王先生`: a form of address with a family name before it is one still, as many as there are."""
    values = column.sample
    return cls == "person.title" and sum(bool(_TITLED.search(one)) for one in values) >= _HALF * len(values)
