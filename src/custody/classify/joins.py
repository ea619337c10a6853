"""Which column refers to which: declared foreign keys, or like names (or classes) and values that are contained.

Short whole numbers are contained in each other by accident, so they need a name that says the same; long or lettered
values and values of one personal class (telephone, e-mail, identity number) may speak for themselves.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.classify.headers import normal
from custody.classify.profile import ColumnProfile, TableProfile

UNIQUE: Final = 0.9
CONTAINED: Final = 0.8
_SELF_SPEAKING: Final = frozenset(
    ("account.customer_id", "contact.phone", "contact.email", "id.cn_resident", "account.username", "trade.order_id",
     "contact.im", "id.passport")
)  # fmt: skip
_KEYS: Final = _SELF_SPEAKING | {"record.key", "record.other", "", "trade.item", "record.none", "name.alias"}
_PLURAL: Final = re.compile(r"(ies|es|s)$")
_TABLE: Final = re.compile(
    r"^(tbl|t|dim|fact|ods|dwd|ums|oms|sys|biz|crm|erp)_|(表|信息表|信息|资料|档案|_?info|_?list|_?data|_?table)$"
)
Classes = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Edge:
    """`table.column` refers to `to.key`; `held` is the share of its values that the key holds, `declared` by the source."""

    table: str
    column: str
    to: str
    key: str
    held: float
    declared: bool
    unique: bool


def edges(profiles: Sequence[TableProfile], classes: Classes) -> list[Edge]:
    """Every likely reference between two tables, the surest first. `unique` says that the key is one per row."""
    found = [
        edge
        for one in profiles
        for column in one.columns
        for other in profiles
        if other is not one
        for key in other.columns
        if (edge := _edge(one, column, other, key, classes)) is not None
    ]
    return sorted(found, key=lambda edge: (not edge.declared, -edge.held))


def spread(
    profiles: Sequence[TableProfile], classes: Classes, linked: Sequence[bool], found: Sequence[Edge]
) -> list[bool]:
    """Tables about people, with those added whose rows refer to an order (or a like document) of such a table."""
    known = {profile.head.name for profile, personal in zip(profiles, linked, strict=True) if personal}
    documents = [
        edge
        for edge in found
        if edge.unique and (edge.declared or classes[edge.table, edge.column] == "trade.order_id")
        and classes[edge.to, edge.key] in {"trade.order_id", "account.customer_id", "record.key", "record.other", ""}
        and (edge.declared or edge.held >= CONTAINED)
    ]  # fmt: skip
    trades = {
        table for table in known if any(cls.startswith("trade.") for (name, _), cls in classes.items() if name == table)
    }
    for _ in profiles:
        fresh = {edge.table for edge in documents if edge.to in trades and edge.table not in known}
        if not fresh:
            break
        known |= fresh
        trades |= fresh
    return [profile.head.name in known for profile in profiles]


def agreed(found: Sequence[Edge], classes: Classes) -> dict[tuple[str, str], str]:
    """{(table, column): class} of columns of one name that refer to each other and were read apart: a person's number is one wherever it stands."""
    told: dict[tuple[str, str], str] = {}
    for edge in found:
        pair = ((edge.table, edge.column), (edge.to, edge.key))
        kinds = {classes.get(one, "") for one in pair}
        named = normal(edge.column) == normal(edge.key)
        if named and _PERSONS in kinds and len(kinds) > 1 and kinds <= _NUMBERS and edge.held >= CONTAINED:
            told.update(dict.fromkeys(pair, _PERSONS))
    return told


_PERSONS: Final = "account.customer_id"
_NUMBERS: Final = frozenset((_PERSONS, "record.key", "record.other"))


def unique(column: ColumnProfile) -> bool:
    """Whether a column could be a key of its table: nearly each value once."""
    return column.joinable and column.uniqueness >= UNIQUE


def stem(table: str) -> str:
    """A table's noun in the singular: `shop.Customers` -> customer."""
    name = table.rpartition(".")[2].lower()
    name = _TABLE.sub("", re.sub(r"\d{2,}$", "", name)).strip("_ ")
    last = name.rpartition("_")[2]
    return re.sub(r"ie$", "y", _PLURAL.sub(lambda m: "ie" if m[0] == "ies" else "", last))


def _edge(
    one: TableProfile, column: ColumnProfile, other: TableProfile, key: ColumnProfile, classes: Classes
) -> Edge | None:
    if not (column.joinable and key.joinable):
        return None
    here, there = (one.head.name, column.name), (other.head.name, key.name)
    declared = any(
        (fk.column, fk.to_column) == (column.name, key.name)
        and fk.to_table.rpartition(".")[2] == there[0].rpartition(".")[2]
        for fk in one.head.foreign_keys
    )
    mine, theirs = classes[here], classes[there]
    named = _named(column, key, other, mine)
    speaking = mine == theirs and mine in _SELF_SPEAKING
    if not declared and not (mine in _KEYS and theirs in _KEYS and (named or speaking)):
        return None
    held, compared = column.sketch.contained(key.sketch)
    if named and not declared:  # either may hold the other: a file of few people, or of few orders
        held = max(held, key.sketch.contained(column.sketch)[0])
    if not declared and (not compared or held < CONTAINED):
        return None
    return Edge(*here, *there, held, declared, unique(key))


def _named(column: ColumnProfile, key: ColumnProfile, other: TableProfile, mine: str) -> bool:
    name, key_name = normal(column.name), normal(key.name)
    if name == key_name:
        return name not in {"id", "key", "no", "number", "序号", "编号"} or mine in _SELF_SPEAKING
    noun = stem(other.head.name)
    if not noun:
        return False
    return name in {noun + key_name, noun + "id", noun + "key", noun + "code", noun + "no", noun} or (
        len(key_name) > 3 and name.endswith(key_name)
    )
