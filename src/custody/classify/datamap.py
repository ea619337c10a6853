"""The data map: proposed from findings, written for people, read back, digested for signing (spec/datamap.md)."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from custody.base import canonical
from custody.base.errors import Malformed
from custody.classify.columns import ColumnFinding, TableFinding
from custody.classify.roles import Role
from custody.classify.taxonomy import classes
from custody.model.datamap import (
    KINDS,
    MAX_COMPARTMENTS,
    PURPOSES,
    REFERENCE_COMPARTMENT,
    ROLES,
    ColumnMap,
    Compartment,
    DataMap,
    Hop,
    TableMap,
)
from custody.ports.source import TableHead

QUARANTINE: Final = 14
AUDIT: Final = 15
_MARKETING: Final = frozenset(("taste.marketing", "taste.profile", "taste.preference"))
_HEAD: Final = """\
# 数据地图 / data map. 请逐表核对：角色、主体键、关联路径、类别、级别、目的、保存期限；改好后由隐私官签署。
# Check each table: role, subject key, join paths, classes, levels, purposes, retention; then the privacy officer signs.
# role: subject 主体 | about 关于主体 | reference 参照 | other-people 其他人    unsure columns stand first / 没把握的列排在前面
"""


def propose(
    heads: Mapping[str, TableHead],
    findings: Sequence[TableFinding],
    roles: Mapping[str, Role],
    quarantined: Mapping[str, int],
) -> DataMap:
    """A first map; every compartment is computed from tier, purposes and retention."""
    drafts = [  # one per table, in the order found
        _table(heads[finding.name], finding, roles[finding.name], quarantined.get(finding.name, 0))
        for finding in findings
    ]
    return number(DataMap("1", tuple(drafts), ()))


def number(datamap: DataMap) -> DataMap:
    """Compute the compartments and point every column at its own. Raises Malformed `datamap.compartments`."""
    groups: dict[tuple[str, tuple[str, ...], str], int] = {}
    tables = []
    for table in datamap.tables:
        columns = []
        for column in table.columns:
            if table.role == "reference":
                columns.append(dataclasses.replace(column, compartment=REFERENCE_COMPARTMENT))
                continue
            group = (column.tier, column.purposes, _retention(table, column))
            place = groups.setdefault(group, len(groups) + 1)
            columns.append(dataclasses.replace(column, compartment=place))
        tables.append(dataclasses.replace(table, columns=tuple(columns)))
    made = [Compartment(REFERENCE_COMPARTMENT, "general", ("internal",), "none")]
    made += [Compartment(place, tier, purposes, kept) for (tier, purposes, kept), place in groups.items()]
    twins = [one for one in made if one.tier == "general" and one.number != REFERENCE_COMPARTMENT]
    start = len(made)
    made += [
        Compartment(start + i, "sensitive", one.purposes, one.retention, one.number) for i, one in enumerate(twins)
    ]
    if len(made) > MAX_COMPARTMENTS - 2:
        raise Malformed(
            "datamap.compartments",
            f"The map needs {len(made)} compartments; a vault holds {MAX_COMPARTMENTS - 2}.",
            next="Give columns that serve the same end the same purposes and retention.",
        )
    return dataclasses.replace(datamap, tables=tuple(tables), compartments=tuple(made))


def to_yaml(datamap: DataMap) -> str:
    """The map as a file for people."""
    body = yaml.safe_dump(_plain(datamap), allow_unicode=True, sort_keys=False, width=120)
    return _HEAD + body


def from_yaml(text: str) -> DataMap:
    """Read a reviewed file. Raises Malformed `datamap.form` naming every fault at once."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Malformed(
            "datamap.form", "The data map is not YAML.", next="Undo the last change to the file."
        ) from error
    faults: list[str] = []
    try:
        datamap = _parse(value)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed("datamap.form", f"The data map lacks or misspells {error}.") from error
    known = classes()
    for table in datamap.tables:
        if table.role not in ROLES:
            faults.append(f"{table.name}: role {table.role}")
        if table.kind and table.kind not in KINDS:
            faults.append(f"{table.name}: kind {table.kind}")
        names = {column.name for column in table.columns}
        if table.subject_key and table.subject_key not in names:
            faults.append(f"{table.name}: subject key {table.subject_key}")
        if table.role == "subject" and not table.subject_key:
            faults.append(f"{table.name}: a subject table needs a subject key")
        for column in table.columns:
            if column.cls not in known or not set(column.purposes) <= set(PURPOSES):
                faults.append(f"{table.name}.{column.name}: class or purposes")
            elif _rank(column.level) < _rank(known[column.cls].level):
                faults.append(f"{table.name}.{column.name}: a level may be raised, never lowered")
    if faults:
        raise Malformed("datamap.form", "; ".join(faults[:20]), next="Correct these in the file and sign again.")
    return number(datamap)


def digest(datamap: DataMap) -> str:
    """`sha256:` over the canonical form: what is signed."""
    return "sha256:" + hashlib.sha256(canonical.encode(_plain(datamap))).hexdigest()


def _table(head: TableHead, finding: TableFinding, role: Role, quarantined: int) -> TableMap:
    trade = any(one.cls.startswith("trade.") for one in finding.columns)
    columns = tuple(_map(one, role, trade=trade) for one in finding.columns)
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
        basis="contract" if role.role in {"subject", "about"} else "",
        retention="cn-ecommerce-3y" if trade and role.role == "about" else "relation",
        columns=columns,
        sha256=head.sha256,
    )


def _map(one: ColumnFinding, role: Role, *, trade: bool) -> ColumnMap:
    cls = one.cls
    if role.role == "reference" and one.level != "none":
        cls = "record.none"
    level = classes()[cls].level
    tier = "sensitive" if level == "sensitive" else "general"
    purposes: tuple[str, ...] = ("contract", "service")
    if role.role == "other-people":
        purposes = ("internal",)
    elif cls in _MARKETING:
        purposes = ("marketing",)
    elif role.role == "about" and trade:
        purposes = ("contract", "legal")
    return ColumnMap(one.name, cls, level, tier, purposes, 0, one.confidence, one.why)


def _retention(table: TableMap, column: ColumnMap) -> str:
    return "until-withdrawn" if column.purposes == ("marketing",) else table.retention


def _rank(level: str) -> int:
    return ("none", "general", "sensitive").index(level)


def _plain(datamap: DataMap) -> dict[str, Any]:
    value = dataclasses.asdict(datamap)
    plain: dict[str, Any] = canonical.decode(canonical.encode(_lists(value)))  # type: ignore[assignment]
    return plain


def _lists(value: object) -> object:
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _parse(value: dict[str, Any]) -> DataMap:
    tables = []
    for row in value["tables"]:
        columns = tuple(
            ColumnMap(**{**one, "purposes": tuple(one["purposes"]), "why": tuple(one["why"])}) for one in row["columns"]
        )
        paths = tuple(tuple(Hop(**hop) for hop in path) for path in row["paths"])
        tables.append(TableMap(**{**row, "columns": columns, "paths": paths}))
    kept = tuple(Compartment(**{**one, "purposes": tuple(one["purposes"])}) for one in value["compartments"])
    return DataMap(str(value["taxonomy"]), tuple(tables), kept, tuple(value.get("notes", ())))
