"""What raises a column above its class's level: what its text holds, and what stands beside it (spec/datamap.md §11).

A level is only ever raised here. Children are not judged by column: every field of a child under 14 is sensitive, and
that is decided person by person (twin compartments).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from custody.classify import halfread, headers, likeness, shapes
from custody.classify.profile import ColumnProfile
from custody.classify.spans import sensitive_words
from custody.classify.taxonomy import classes, level

_WORDY: Final = frozenset(("text.free", "record.other", "taste.preference", "taste.profile"))
_SPECIAL: Final = (
    "person.health", "person.criminal", "person.religion", "person.politics", "person.ethnicity", "person.sexuality", "person.biometric",
    "person.guardian", "finance.income", "finance.credit", "finance.balance", "location.",
)  # fmt: skip
# What says little about a column: classes that an ending (`_no`, 时间) or the look of its values give.
_LITTLE: Final = frozenset((
    "record.other", "record.code", "record.key", "record.time", "trade.time", "trade.amount", "trade.item", "trade.order_id", "text.free",
    "taste.profile", "taste.preference", "account.loyalty", "account.customer_id", "org.name", "person.title",
))  # fmt: skip
# What a table of persons is sensitive by; a position or an origin stands in tables of orders and of tenants too.
_THEMES: Final = (
    "person.health", "person.criminal", "person.religion", "person.politics", "person.sexuality", "person.biometric", "person.guardian",
    "finance.income", "finance.credit", "finance.balance",
)  # fmt: skip
# One column of these is enough; a wage, a party or a parent stands in registers that are about nothing of the kind.
_ALONE: Final = ("person.health", "person.criminal", "person.religion", "person.sexuality", "person.biometric")
_SURE: Final = 60
_SEVERAL: Final = 2
_READ: Final = 5.0
_BY_ITS_END: Final = 3.0
_IN_FULL: Final = 4.4
_WHOLLY: Final = 5.0
_LIKELY: Final = 0.5
_NUMBERED: Final = frozenset(("record.key", "trade.order_id"))
_NUMBER: Final = frozenset(("number", "no", "num", "nr", "numero", "号", "编号", "号码", "证号"))
_KEYED: Final = (["id"], ["key"], ["主键"])
_LEAST: Final = 0.05  # of the sample; in text of its own one hit is enough
# class, raised by any of these in the same row, because
_BESIDE: Final = (
    ("account.username", ("account.password", "account.secret"), "a login beside its password"),
    (
        "person.photo",
        ("id.cn_resident", "id.passport", "id.national_other", "person.biometric"),
        "a picture beside an identity document",
    ),
    ("vehicle.plate", ("location.position", "location.trace"), "a vehicle beside where it was"),
    ("trade.item", ("person.health",), "a service or medicine beside an illness"),
    ("device.id", ("location.position",), "a device beside where it was"),
)


def held(cls: str, column: ColumnProfile) -> tuple[str, ...]:
    """Sensitive classes met inside the text of a column: in running text any cell of all rows is enough."""
    if cls not in _WORDY or not column.sample:
        return ()
    found = [set(sensitive_words(value)) for value in column.sample]
    text = _text(cls, column)
    least = 1 if text else max(2, _LEAST * len(found))
    some = {name for name in set().union(*found) if sum(name in one for one in found) >= least}
    return tuple(sorted(some | {kind for kind in column.tells if text and kind in classes()}))


def facts(cls: str, column: ColumnProfile) -> tuple[str, ...]:
    """What a reviewer hears of text that nobody shows him: how many cells are filled, and what kinds of words stand in how many."""
    if not _text(cls, column):
        return ()
    told = (f"words of {kind} in {_cells(number)}" for kind, number in sorted(column.tells.items()))
    return (f"free text in {column.told} of {_cells(column.rows)}", *told)


def _cells(number: int) -> str:
    return f"{number} cell{'' if number == 1 else 's'}"


def intimate(cls: str, column: ColumnProfile) -> bool:
    """Whether its text tells of a death or of somebody's family, which no class says."""
    return _text(cls, column) and any(kind not in classes() for kind in column.tells)


def _text(cls: str, column: ColumnProfile) -> bool:
    return cls == "text.free" or (cls in _WORDY and shapes.notes(column))


def themed(row: Iterable[tuple[str, int]]) -> bool:
    """Whether a row, its columns told by class and confidence, is surely about what is sensitive: by several columns, or one of what no register has."""
    surely = [cls for cls, sure in row if sure >= _SURE and cls.startswith(_THEMES)]
    return len(surely) >= _SEVERAL or any(cls.startswith(_ALONE) for cls in surely)


def doubted(cls: str, name: str, row: frozenset[str], *, said: float, among: bool) -> tuple[str, ...]:
    """Why a column of a person's row that was read badly is held for sensitive until somebody has looked, if it is.

    `said` is the weight of what its name says, `among` whether its row is about what is sensitive. A sensitive column
    missed is worse than a harmless one withheld.
    """
    if cls not in _LITTLE:
        return ()
    if said <= _BY_ITS_END and any(one.startswith(_SPECIAL) for one in row):
        return ("raised: unread beside sensitive data, until somebody looks",)
    if why := _called(name, said):
        return (why,)
    if cls in _NUMBERED and said < _WHOLLY and any(one.startswith("id.") for one in row) and _numbers(name):
        return ("raised: a number of unknown kind beside identity numbers, until somebody looks",)
    if among and said < _READ and not _keyed(name) and halfread.unread(name):
        return ("raised: half of its name is unread among sensitive data, until somebody looks",)
    return ()


def _called(name: str, said: float) -> str:
    """What the name alone raises a column by that was taken for little."""
    if any(one.cls.startswith("id.") for one in headers.judge(name)[:1]):
        return "raised: its name says an identity number, its values do not, until somebody looks"
    if said < _IN_FULL and likeness.sensitive(name) >= _LIKELY:
        return "raised: its name is like sensitive words, until somebody looks"
    return ""


def _numbers(name: str) -> bool:
    """Whether all that was read of the name is that it is a number."""
    return any(said.words in _NUMBER for said in headers.judge(name)[:1])


def _keyed(name: str) -> bool:
    """Whether the name ends as a key of the system does: of whatever it is, it tells no more than that there is one."""
    return headers.tokens(name)[-1:] in _KEYED


def raised(
    cls: str, holds: Sequence[str], row: frozenset[str], *, intimate: bool = False
) -> tuple[str, tuple[str, ...]]:
    """(level, why it is raised) of a column of class `cls` in a row that has the classes `row`; `intimate`: its text tells of a death or a family."""
    whys = [why for one, beside, why in _BESIDE if one == cls and row.intersection(beside)]
    if level(cls) == "sensitive":
        return "sensitive", ()
    if holds or whys or intimate:
        return "sensitive", tuple(f"raised: {why}" for why in whys)
    return level(cls), ()
