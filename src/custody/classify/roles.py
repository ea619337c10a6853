"""Which tables are about whom: roles, kinds, subject keys and join paths, proposed for a person to confirm (spec/datamap.md).

A *file of people* has a key and says who each row is (names, identity numbers, several ways to reach them). Tables that
refer to one are *about* it; personal tables that refer to none are files of people of their own; the rest is reference.
"""

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.classify import joins
from custody.classify.columns import TableFinding
from custody.classify.joins import Edge
from custody.classify.profile import TableProfile
from custody.classify.taxonomy import NAMES
from custody.model.datamap import Hop

_HOPS: Final = 3
_TAIL: Final = r"s?(表|信息|资料|档案|名单|名册|花名册|列表|数据|库|明细|导出|_?(list|info|data|master|table|export|detail|profile|base)s?)*[\d_\-]*$"
_KINDS: Final = (
    ("prospect", r"prospect|(^|[_\- .])leads?" + _TAIL + r"|潜在|潜客|意向|线索|商机|试听|咨询登记"),
    ("employee", r"(employee|staff|personnel|salesperson|sales_?rep|worker|teacher|doctor|instructor|员工|职员|雇员|导购|店员|教练|老师|教师|医生|技师|人事|工资|考勤|业务员|salary|payroll)" + _TAIL),
    ("company", r"(supplier|vendor|manufacturer|shipper|store|shop|partner|compan(y|ie)|organi[sz]ation|merchant|供应商|供货商|厂商|门店|店铺|商户|经销商|合作方|企业)" + _TAIL),
    ("contact", r"(contact|联系人|emergency)" + _TAIL),
    ("customer", r"(customer|client|member|user|subscriber|buyer|patient|student|guest|passenger|people|person|consumer|shopper|donor|tenant|borrower|policyholder|account|会员|客户|用户|顾客|买家|患者|病人|学员|学生|业主|车主|租客|住户|粉丝|读者|投保人|客人|旅客|家长|宝宝)" + _TAIL),
)  # fmt: skip
_CLIENTS: Final = frozenset(("customer", "contact"))
_PREFERENCE: Final = ("customer", "contact", "prospect", "employee", "company")
_NAMES: Final = frozenset((*NAMES, "name.alias"))
_WHO: Final = frozenset((
    "contact.email", "contact.phone", "contact.address", "person.birth_date", "person.gender", "person.age", "contact.im",
    "id.cn_resident", "id.passport", "id.national_other", "id.us_ssn", "account.username", "person.marital_status",
    "job.title", "account.password", "finance.income", "account.loyalty", "person.education", "contact.city",
    "contact.region",
))  # fmt: skip
_IDENTITY: Final = frozenset(("id.cn_resident", "id.passport", "id.national_other", "id.us_ssn"))
_STAFF: Final = re.compile(r"hire|入职|离职|工号|底薪|基本工资|部门|salaried|job_?title|department|emp_?no")
# A small business names the export of its customers after itself: birthdays and cards are people's, and no branch has any.
_OURS: Final = re.compile(r"(store|shop|门店|店铺)" + _TAIL)
_ONES: Final = frozenset(("person.birth_date", "person.gender", "account.loyalty"))
_LEAD: Final = re.compile(r"lead_?(status|source|score)|意向|线索|跟进阶段|converted")


@dataclass(frozen=True, slots=True)
class Role:
    """What a table is: role, kind of person, subject key, join paths, and why."""

    role: str
    kind: str
    subject_key: str = ""
    paths: tuple[tuple[Hop, ...], ...] = ()
    why: tuple[str, ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    profile: TableProfile
    finding: TableFinding

    @property
    def name(self) -> str:
        return self.finding.name

    @property
    def classes(self) -> set[str]:
        return {one.cls for one in self.finding.columns}


def propose(profiles: Sequence[TableProfile], findings: Sequence[TableFinding]) -> dict[str, Role]:
    """A role for every table by name."""
    tables = {f.name: _Table(p, f) for p, f in zip(profiles, findings, strict=True)}
    classes = {(f.name, c.name): c.cls for f in findings for c in f.columns}
    edges = joins.edges(profiles, classes)
    people = _people(tables, edges)
    if not any(kind in _CLIENTS for _, kind in people.values()):
        people |= _deeds(tables, people)
    several = {name: _tells_who(tables[name]) for name, (key, _) in people.items() if not _is_unique(tables[name], key)}
    roles = {name: _role(table, edges, people, several) for name, table in tables.items()}
    return _stranded(tables, roles)


def kind_of(table: str) -> str:
    """The kind of people a table's name speaks of; '' when it says nothing."""
    name = table.rpartition(".")[2].lower()
    return next((kind for kind, words in _KINDS if re.search(words, name)), "")


def _kind(table: _Table) -> str:
    said = kind_of(table.name)
    named_after = (
        _OURS.search(table.name.rpartition(".")[2].lower()) and table.classes & _NAMES and table.classes & _ONES
    )
    if said and not named_after:
        return said
    headers = " ".join(one.name.lower() for one in table.finding.columns)
    return "employee" if len(_STAFF.findall(headers)) >= 2 else "prospect" if len(_LEAD.findall(headers)) >= 2 else ""


def _people(tables: Mapping[str, _Table], edges: Sequence[Edge]) -> dict[str, tuple[str, str]]:
    """{table: (subject key, kind)} of the files of people."""
    likely = {name: kind for name, table in tables.items() if (kind := _likely(table)) is not None}
    keys = {name: _key(tables[name], edges, set(likely)) for name in likely}
    chosen = {name: (key, kind or "customer") for name, kind in likely.items() if (key := keys[name])}
    ranked = sorted(chosen, key=lambda name: _weight(tables[name]))
    for name in ranked:
        kind = chosen[name][1]
        main = [
            edge for edge in edges
            if edge.table == name and edge.column == chosen[name][0] and edge.to in chosen
            and chosen[edge.to][0] == edge.key and chosen[edge.to][1] == kind and edge.held >= joins.CONTAINED
            and _weight(tables[edge.to]) > _weight(tables[name])
        ]  # fmt: skip
        if main and kind not in {"employee", "prospect"}:
            del chosen[name]
    return chosen


def _likely(table: _Table) -> str | None:
    """The kind if this is a file of people ('' for unsaid), None when it is not one."""
    if not table.finding.personal:
        return None
    kind, classes = _kind(table), table.classes
    named = bool(classes & _NAMES)
    who = len(classes & _WHO)
    if _trades(classes) and kind not in {"customer", "prospect", "employee"}:
        return None
    if kind == "company":
        return kind if named or who >= 2 else None
    if kind:
        return kind if named or who >= 2 or "account.customer_id" in classes else None
    return "" if (named and who >= 2) or (classes & _IDENTITY and who >= 2) else None


def _weight(table: _Table) -> tuple[int, int, int]:
    classes = table.classes
    return (
        int(kind_of(table.name) == "customer") + int(bool(classes & _NAMES)),
        len(classes & (_WHO | _NAMES)),
        table.profile.rows,
    )


def _trades(classes: set[str]) -> bool:
    return "trade.order_id" in classes and bool(
        classes & {"trade.time", "trade.amount", "trade.item", "trade.tracking"}
    )


def _key(table: _Table, edges: Sequence[Edge], files: set[str]) -> str:
    best, most = "", -1.0
    for place, (column, found) in enumerate(zip(table.profile.columns, table.finding.columns, strict=True)):
        if not joins.unique(column) or column.told < 0.5 * table.profile.rows:
            continue
        base = _KEY_CLASSES.get(found.cls, 0.0)
        if column.name in table.profile.head.primary_key and len(table.profile.head.primary_key) == 1:
            base += 40
        uses = {edge.table: edge for edge in edges if edge.to == table.name and edge.key == column.name}
        base += sum((60 if edge.declared else 50 * edge.held) for edge in uses.values() if edge.table not in files)
        if not base:
            continue
        score = base + 8 * column.uniqueness - 0.5 * place - (30 if column.share("uuid") >= 0.8 and not uses else 0)
        if score > most:
            best, most = column.name, score
    return best


_KEY_CLASSES: Final = {
    "account.customer_id": 34.0, "record.key": 26.0, "account.username": 12.0, "id.cn_resident": 10.0, "contact.phone": 9.0,
    "contact.email": 9.0, "contact.im": 8.0, "id.national_other": 8.0, "id.passport": 7.0, "record.other": 2.0,
}  # fmt: skip


def _role(
    table: _Table, edges: Sequence[Edge], people: Mapping[str, tuple[str, str]], several: Mapping[str, frozenset[str]]
) -> Role:
    """`several`: tables of people who may have more than one row, with the columns that name a person: one row found is who it is."""
    name = table.name
    if name in people:
        key, kind = people[name]
        contacts_only = kind == "contact" and not any(other == "customer" for _, other in people.values())
        role = "subject" if kind == "customer" or contacts_only else "other-people"
        if name in several:
            return Role(role, kind, key, (), ("refers to no file of people", f"a person's rows by {key}"), repeats=True)
        return Role(role, kind, key, (), ("each row is one person", f"key {key}"))
    forward = _paths(
        name, [edge for edge in edges if edge.unique or edge.declared or edge.key in several.get(edge.to, ())], people
    )
    found = forward or (_paths(name, _turned(name, table, edges), people) if table.finding.personal else ())
    about = [path for path in found if people[path[-1].table][1] in {"customer", "contact"}]
    if found and (about or table.finding.personal):
        kind = people[found[0][-1].table][1]
        return Role("about", kind, "", found, (f"its rows refer to {found[0][-1].table}",))
    return Role("reference", "", why=("about nobody",))


def _turned(name: str, table: _Table, edges: Sequence[Edge]) -> list[Edge]:
    """References read backwards from this table's key, for tables that others point at (an address, a card)."""
    own = {column.name for column in table.profile.columns if joins.unique(column)}
    return [
        edge for edge in edges if (edge.table == name and edge.column in own) or (edge.table != name and edge.unique)
    ]


def _paths(start: str, edges: Sequence[Edge], people: Mapping[str, tuple[str, str]]) -> tuple[tuple[Hop, ...], ...]:
    """The shortest path to each file of people, customers' first."""
    leaving: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[edge.table].append(edge)
    best: dict[str, tuple[tuple[Hop, ...], float]] = {}
    queue: deque[tuple[str, tuple[Hop, ...], float]] = deque([(start, (), 1.0)])
    while queue:
        here, path, sure = queue.popleft()
        for edge in leaving[here]:
            if edge.to == start or any(hop.table == edge.to for hop in path):
                continue
            hops = (*path, Hop(edge.column, edge.to, edge.key))
            if edge.to in people:
                key = people[edge.to][0]
                # A telephone or card number finds the row of the person, and that row the person's key.
                whole = hops if key == edge.key else (*hops, Hop(key, edge.to, key))
                _keep(best, edge.to, whole, sure * edge.held)
            elif len(hops) < _HOPS:
                queue.append((edge.to, hops, sure * edge.held))
    ranked = sorted(best, key=lambda to: (_PREFERENCE.index(people[to][1]), len(best[to][0]), -best[to][1]))
    shortest = min((len(path) for path, _ in best.values()), default=0)
    return tuple(best[to][0] for to in ranked if len(best[to][0]) == shortest)


def _keep(best: dict[str, tuple[tuple[Hop, ...], float]], to: str, hops: tuple[Hop, ...], sure: float) -> None:
    known = best.get(to)
    if known is None or (len(hops), -sure) < (len(known[0]), -known[1]):
        best[to] = (hops, sure)


def _stranded(tables: Mapping[str, _Table], roles: dict[str, Role]) -> dict[str, Role]:
    """Personal tables that reach nobody: people by their own key, or, without one, rows for quarantine. Never reference."""
    some = any(role.role == "subject" for role in roles.values())
    for name, role in roles.items():
        table = tables[name]
        if role.role != "reference" or not table.finding.personal:
            continue
        repeated = _repeated(table)
        key, kind = repeated or _any_key(table), _kind(table) or "customer"
        if key and (_says_who(table) or not some):
            part = "other-people" if some or kind not in _CLIENTS else "subject"
            by = f"a person's rows by {key}" if repeated else f"each row by its own {key}"
            roles[name] = Role(part, kind, key, (), ("refers to no file of people", by), bool(repeated))
        else:
            roles[name] = Role("about", kind, "", (), ("refers to nobody known: its rows will be quarantined",))
    return roles


def _deeds(tables: Mapping[str, _Table], people: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Where no table is a file of customers: the list of deeds (orders, visits) that says most of who they are."""
    lists = {
        name: (key, "customer")
        for name, table in tables.items()
        if name not in people and table.finding.personal and _says_who(table) and (_kind(table) or "customer") in _CLIENTS
        and (key := _repeated(table) or _any_key(table))
    }  # fmt: skip
    first = max(lists, key=lambda name: _weight(tables[name]), default="")
    return {first: lists[first]} if first else {}


def _tells_who(table: _Table) -> frozenset[str]:
    return frozenset(one.name for one in table.finding.columns if one.cls in _REPEATED)


def _says_who(table: _Table) -> bool:
    return bool(table.classes & (_WHO | _NAMES | _IDENTITY | {"finance.card_number", "finance.bank_account"}))


def _is_unique(table: _Table, name: str) -> bool:
    return joins.unique(next(one for one in table.profile.columns if one.name == name))


def _any_key(table: _Table) -> str:
    keys = [
        (_KEY_CLASSES.get(found.cls, 0.0) + column.uniqueness, -place, column.name)
        for place, (column, found) in enumerate(zip(table.profile.columns, table.finding.columns, strict=True))
        if joins.unique(column) and column.told >= 0.5 * table.profile.rows
    ]
    return max(keys)[2] if keys else ""


def _repeated(table: _Table) -> str:
    """What names the person in a list of deeds (orders, visits), where one person may have several rows; '' when nothing does.

    Each row would be somebody of their own by the number of the deed, and whoever objects would be asked again for the next.
    """
    columns = {
        found.cls: column
        for column, found in reversed(list(zip(table.profile.columns, table.finding.columns, strict=True)))
    }
    called = max((columns[cls].distinct for cls in NAMES if cls in columns), default=0)
    for cls in _REPEATED:
        one = columns.get(cls)
        if one is None or joins.unique(one) or not one.joinable or one.told < _TOLD * table.profile.rows:
            continue
        if one.distinct > 1 and called <= one.distinct * _NAMESAKES:
            return one.name
    return ""


_REPEATED: Final = (
    "account.customer_id", "id.cn_resident", "id.passport", "id.national_other", "contact.phone", "contact.email",
    "account.username", "contact.im",
)  # fmt: skip
_TOLD: Final = 0.9
_NAMESAKES: Final = 1.02
"""More names than keys: the key is of a household, a shop or whoever entered the row, not of a person."""
