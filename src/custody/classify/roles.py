"""Which tables are about whom: roles, kinds, subject keys and join paths, proposed for a person to confirm (design §4).

A join runs from a column to a nearly unique column of another table when the source declares it, or when both carry
the same name or both are customer numbers, and the values of one are contained in the other.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custody.classify.columns import TableFinding
from custody.classify.headers import normal
from custody.classify.profile import ColumnProfile, TableProfile
from custody.model.datamap import Hop

_UNIQUE: Final = 80
_CONTAINED: Final = 0.8
_TAIL: Final = r"s?(表|信息|资料|档案|名单|列表|数据|库|_?(list|info|data|master|table))?\d*$"
_KINDS: Final = (
    ("prospect", r"prospect|(^|[_ ])leads?$|潜在|潜客|意向|线索"),
    ("employee", r"(employee|staff|员工|职员|雇员|导购|personnel)" + _TAIL),
    ("company", r"(supplier|vendor|供应商|shipper|store|partner|供货商)" + _TAIL),
    ("contact", r"(contact|联系人)" + _TAIL),
    (
        "customer",
        r"(customer|client|member|user|会员|客户|用户|顾客|买家|buyer|patient|student|subscriber|people|person)"
        + _TAIL,
    ),
)
_ORDER: Final = ("customer", "contact", "prospect", "employee", "company")


@dataclass(frozen=True, slots=True)
class Role:
    """What a table is: role, kind of person, subject key, join paths."""

    role: str
    kind: str
    subject_key: str = ""
    paths: tuple[tuple[Hop, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    table: str
    column: str
    to: str
    key: str


def propose(profiles: Sequence[TableProfile], findings: Sequence[TableFinding]) -> dict[str, Role]:
    """A role for every table by name."""
    classes = {(f.name, c.name): c.cls for f in findings for c in f.columns}
    edges = _edges(profiles, classes)
    subjects = _subjects(profiles, findings, edges)
    roles: dict[str, Role] = {}
    for finding in findings:
        kind = kind_of(finding.name)
        if finding.name in subjects:
            role = "subject" if kind in {"customer", ""} else "other-people"
            roles[finding.name] = Role(role, kind or "customer", subjects[finding.name])
            continue
        paths = _paths(finding.name, edges, subjects)
        if paths:
            roles[finding.name] = Role("about", "customer", "", paths)
        elif finding.personal and kind != "company":
            roles[finding.name] = Role("other-people", kind or "contact", _any_key(finding, profiles))
        else:
            roles[finding.name] = Role("reference", "")
    return roles


def kind_of(table: str) -> str:
    """The kind of people a table's name speaks of; '' when it says nothing."""
    name = table.rpartition(".")[2].lower()
    for kind, words in _KINDS:
        if re.search(words, name):
            return kind
    return ""


def _subjects(
    profiles: Sequence[TableProfile], findings: Sequence[TableFinding], edges: Sequence[_Edge]
) -> dict[str, str]:
    chosen: dict[str, str] = {}
    known = any(kind_of(one.name) == "customer" and one.personal for one in findings)
    for profile, finding in zip(profiles, findings, strict=True):
        kind = kind_of(finding.name)
        direct = sum(1 for one in finding.columns if one.cls.split(".")[0] in {"name", "id"} or one.cls in _STRONG)
        named = kind in {"customer", "employee", "prospect"}
        if not finding.personal or not (direct >= 2 or (named and _customer_ids(finding))) or _trades(finding):
            continue
        if not named and (known or direct < 3):
            continue
        key = _key(profile, finding, edges)
        if key:
            chosen[finding.name] = key
    return chosen


def _key(profile: TableProfile, finding: TableFinding, edges: Sequence[_Edge]) -> str:
    best, most = "", -1
    for place, (column, found) in enumerate(zip(profile.columns, finding.columns, strict=True)):
        ids = found.cls in {"account.customer_id", "record.key"} or (
            place == 0 and found.cls in {"record.other", "account.username"}
        )
        if not ids or column.distinct_share < _UNIQUE or not column.shape.filled:
            continue
        uses = sum(1 for edge in edges if edge.to == finding.name and edge.key == column.name)
        score = 1000 * uses + (100 if found.cls == "account.customer_id" else 0) - place
        if column.shape.share("uuid") >= 80:
            score -= 50
        if score > most:
            best, most = column.name, score
    return best


def _edges(profiles: Sequence[TableProfile], classes: dict[tuple[str, str], str]) -> list[_Edge]:
    found = []
    for one in profiles:
        declared = {(key.column, key.to_table, key.to_column) for key in one.head.foreign_keys}
        for column in one.columns:
            for other in profiles:
                if other is one:
                    continue
                for key in other.columns:
                    says = (column.name, other.head.name, key.name) in declared
                    if says or _joins(
                        column, key, classes[one.head.name, column.name], classes[other.head.name, key.name]
                    ):
                        found.append(_Edge(one.head.name, column.name, other.head.name, key.name))
    return found


def _joins(column: ColumnProfile, key: ColumnProfile, cls: str, key_cls: str) -> bool:
    if key.distinct_share < _UNIQUE or not column.values or not key.values:
        return False
    ids = cls == key_cls and cls in {"account.customer_id", "trade.order_id"}
    same = normal(column.name) == normal(key.name) and cls in {
        "record.key",
        "account.customer_id",
        "trade.order_id",
        "record.other",
    }
    if not (ids or same) or len(key.values) < 2:
        return False
    common = len(column.values & key.values)
    return common >= _CONTAINED * min(len(column.values), len(key.values))


def _paths(table: str, edges: Sequence[_Edge], subjects: dict[str, str]) -> tuple[tuple[Hop, ...], ...]:
    found: list[tuple[Hop, ...]] = []
    queue: deque[tuple[str, tuple[Hop, ...]]] = deque([(table, ())])
    while queue:
        here, path = queue.popleft()
        for edge in edges:
            if edge.table != here or edge.to == table or any(hop.table == edge.to for hop in path):
                continue
            hops = (*path, Hop(edge.column, edge.to, edge.key))
            if edge.to in subjects:
                if subjects[edge.to] == edge.key:
                    found.append(hops)
            elif len(hops) < 3:
                queue.append((edge.to, hops))
    shortest = min((len(path) for path in found), default=0)
    unique = {path[-1].table: path for path in reversed(found) if len(path) == shortest}
    customers = [path for path in unique.values() if (kind_of(path[-1].table) or "customer") == "customer"]
    own = customers[0][0].column if customers else ""
    kept = [path for path in unique.values() if not own or path[0].column == own]
    return tuple(sorted(kept, key=lambda path: _ORDER.index(kind_of(path[-1].table) or "customer")))


def _any_key(finding: TableFinding, profiles: Sequence[TableProfile]) -> str:
    profile = next(one for one in profiles if one.head.name == finding.name)
    for column in profile.columns:
        if column.distinct_share >= _UNIQUE and column.shape.filled:
            return column.name
    return ""


def _customer_ids(finding: TableFinding) -> bool:
    return any(one.cls == "account.customer_id" for one in finding.columns)


def _trades(finding: TableFinding) -> bool:
    names = {one.cls for one in finding.columns}
    return "trade.order_id" in names and bool(names & {"trade.time", "trade.amount", "trade.item"})


_STRONG: Final = frozenset(
    ("contact.email", "contact.phone", "contact.address", "person.birth_date", "finance.card_number")
)
