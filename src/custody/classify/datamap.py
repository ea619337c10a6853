"""The data map: proposed from findings and roles, digested for signing, compared with a later scan (spec/datamap.md)."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.base import canonical
from custody.base.canonical import Json
from custody.classify.columns import ColumnFinding, TableFinding
from custody.classify.compartments import number
from custody.classify.datamap_yaml import from_yaml, plain, to_yaml
from custody.classify.roles import Role
from custody.classify.taxonomy import classes
from custody.model.datamap import ColumnMap, DataMap, TableMap
from custody.model.source import TableHead

__all__ = ["UNSURE", "Change", "diff", "digest", "from_yaml", "number", "propose", "to_yaml"]

TAXONOMY: Final = "1"
_MARKETING: Final = frozenset(("taste.marketing", "taste.profile", "taste.preference"))
UNSURE: Final = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` is `table`, `column` or the name of a field; texts are classes and settings, no values."""

    table: str
    column: str
    what: str
    before: str
    after: str


def propose(
    heads: Mapping[str, TableHead],
    findings: Sequence[TableFinding],
    roles: Mapping[str, Role],
    quarantined: Mapping[str, int],
) -> DataMap:
    """A first map for people to review; compartments are computed from tier, purposes and retention."""
    tables = tuple(
        _table(heads[finding.name], finding, roles[finding.name], quarantined.get(finding.name, 0))
        for finding in findings
    )
    notes = [f"{finding.name}: {'; '.join(roles[finding.name].why)}" for finding in findings]
    return number(DataMap(TAXONOMY, tables, (), tuple(notes)))


def digest(datamap: DataMap) -> str:
    """`sha256:` over the canonical JSON of the whole map: what is signed."""
    return "sha256:" + hashlib.sha256(canonical.encode(plain(datamap))).hexdigest()


def diff(old: DataMap, new: DataMap) -> tuple[Change, ...]:
    """What a rescan changed, table by table; confidences and reasons are no changes."""
    before = {table.name: table for table in old.tables}
    after = {table.name: table for table in new.tables}
    found: list[Change] = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            found.append(Change(name, "", "table", "" if one is None else "there", "" if other is None else "there"))
        else:
            found += _changes(one, other)
    return tuple(found)


def unsure(table: TableMap) -> tuple[ColumnMap, ...]:
    """Columns that a person must look at first."""
    doubtful = (one for one in table.columns if one.confidence < UNSURE and not one.confirmed_by)
    return tuple(sorted(doubtful, key=lambda one: one.confidence))


def _changes(one: TableMap, other: TableMap) -> list[Change]:
    fields = (
        "role",
        "kind",
        "subject_key",
        "paths",
        "basis",
        "retention",
        "residence",
        "repeats",
        "encoding",
        "rows",
        "quarantined",
        "sha256",
    )
    found = [
        Change(one.name, "", field, _told(getattr(one, field)), _told(getattr(other, field)))
        for field in fields
        if getattr(one, field) != getattr(other, field)
    ]
    mine, theirs = {column.name: column for column in one.columns}, {column.name: column for column in other.columns}
    for name in [*mine, *(name for name in theirs if name not in mine)]:
        here, there = mine.get(name), theirs.get(name)
        if here is None or there is None:
            found.append(Change(one.name, name, "column", here.cls if here else "", there.cls if there else ""))
            continue
        found += [
            Change(one.name, name, field, _told(getattr(here, field)), _told(getattr(there, field)))
            for field in ("cls", "level", "tier", "purposes")
            if getattr(here, field) != getattr(there, field)
        ]
    return found


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return canonical.encode(_json(value)).decode()
    return str(value)


def _json(value: object) -> Json:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {key: _json(item) for key, item in dataclasses.asdict(value).items()}
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return str(value)


def _table(head: TableHead, finding: TableFinding, role: Role, quarantined: int) -> TableMap:
    trades = any(one.cls.startswith("trade.") for one in finding.columns) and (role.role == "about" or role.repeats)
    return TableMap(
        name=head.name,
        file=head.file,
        media=head.media,
        encoding=head.encoding,
        dialect=dict(head.dialect),
        role=role.role,
        kind=role.kind,
        rows=finding.rows,
        quarantined=quarantined,
        subject_key=role.subject_key,
        paths=role.paths,
        basis=_basis(role),
        retention=_retention(role, trades=trades),
        columns=tuple(_column(one, role, trades=trades) for one in finding.columns),
        sha256=head.sha256,
        repeats="yes" if role.repeats else "",
    )


def _basis(role: Role) -> str:
    return {"subject": "contract", "about": "contract", "other-people": "legitimate-internal"}.get(role.role, "")


def _retention(role: Role, *, trades: bool) -> str:
    if role.role == "reference":
        return "none"
    if role.kind == "employee":
        return "employment"
    return "cn-ecommerce-3y" if trades else "relation"


def _column(one: ColumnFinding, role: Role, *, trades: bool) -> ColumnMap:
    least = classes()[one.cls].level
    level = least if role.role == "reference" else one.level  # a table about nobody holds nobody's secrets
    tier = "sensitive" if level == "sensitive" else "general"
    purposes = _purposes(one.cls, role, trades=trades)
    counted = {why.split()[2] for why in one.why if why.startswith("words of ")}
    why = (*one.why, *(f"holds {cls}" for cls in one.holds if cls not in counted))
    return ColumnMap(one.name, one.cls, level, tier, purposes, 0, one.confidence, why)


def _purposes(cls: str, role: Role, *, trades: bool) -> tuple[str, ...]:
    if role.role == "reference" or role.kind in {"employee", "company"}:
        return ("internal",)
    if cls in _MARKETING or role.kind == "prospect":
        return ("marketing",)
    if role.role == "other-people":
        return ("internal",)
    return ("contract", "legal") if trades else ("contract", "service")
