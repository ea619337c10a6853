"""Compartments: columns that law judges together get one key (spec/datamap.md §6).

Numbers are never reused for something else: a map that already has compartments keeps them, new groups take the next
free number. 0 is the reference slot, 14 and 15 are the vault's own (quarantine, audit), so a map has 13 to give, and
each general one needs a twin for children under 14, whose every field is sensitive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from custody.base.errors import Malformed
from custody.model.datamap import MAX_COMPARTMENTS, REFERENCE_COMPARTMENT, ColumnMap, Compartment, DataMap, TableMap

RESERVED: Final = 2  # quarantine (14) and audit (15)
LAST: Final = MAX_COMPARTMENTS - RESERVED - 1
RETENTIONS: Final = (
    "until-withdrawn",
    "relation",
    "employment",
    "cn-ecommerce-3y",
    "cn-accounting-30y",
)  # short to long
_REFERENCE: Final = Compartment(REFERENCE_COMPARTMENT, "general", ("internal",), "none")


@dataclass(frozen=True, slots=True)
class _Group:
    tier: str
    purposes: tuple[str, ...]
    retention: str


def number(datamap: DataMap) -> DataMap:
    """Every column pointed at its compartment, computed from tier, purposes and retention."""
    wanted = _wanted(datamap.tables)
    merged = _merge(list(dict.fromkeys(wanted.values())))
    places, made = _numbered(list(dict.fromkeys(merged[group] for group in wanted.values())), datamap.compartments)
    tables = tuple(_pointed(table, wanted, merged, places) for table in datamap.tables)
    return replace(datamap, tables=tables, compartments=tuple(made))


def retention_of(table: TableMap, column: ColumnMap) -> str:
    """A column's retention: its table's, unless it serves marketing alone, which ends when permission does."""
    return "until-withdrawn" if column.purposes == ("marketing",) else table.retention


def _wanted(tables: Iterable[TableMap]) -> dict[tuple[str, str], _Group]:
    return {
        (table.name, column.name): _Group(column.tier, column.purposes, retention_of(table, column))
        for table in tables
        if table.role != "reference"
        for column in table.columns
    }


def _merge(groups: list[_Group]) -> dict[_Group, _Group]:
    """Groups joined, when there are too many, only into stricter ones: longer kept, more purposes to be allowed."""
    into = {group: group for group in groups}
    while _size(set(into.values())) > LAST:
        one, other, joined = _closest(sorted(set(into.values()), key=_order))
        into = {group: joined if target in {one, other} else target for group, target in into.items()}
    return into


def _closest(groups: list[_Group]) -> tuple[_Group, _Group, _Group]:
    pairs = [(one, other) for place, one in enumerate(groups) for other in groups[place + 1 :]]
    if not pairs:
        raise Malformed("datamap.compartments", f"One compartment does not fit into {LAST}.")
    one, other = min(pairs, key=lambda pair: (_distance(*pair), _order(pair[0]), _order(pair[1])))
    return one, other, _join(one, other)


def _distance(one: _Group, other: _Group) -> int:
    return (
        100 * (one.tier != other.tier)
        + 10 * len(set(one.purposes) ^ set(other.purposes))
        + (one.retention != other.retention)
    )


def _join(one: _Group, other: _Group) -> _Group:
    tier = "sensitive" if "sensitive" in {one.tier, other.tier} else "general"
    purposes = tuple(dict.fromkeys((*one.purposes, *other.purposes)))
    return _Group(tier, purposes, max(one.retention, other.retention, key=_length))


def _length(retention: str) -> tuple[int, str]:
    return (RETENTIONS.index(retention) if retention in RETENTIONS else len(RETENTIONS), retention)


def _order(group: _Group) -> tuple[str, tuple[str, ...], str]:
    return group.tier, group.purposes, group.retention


def _size(groups: set[_Group]) -> int:
    return len(groups) + sum(group.tier == "general" for group in groups)


def _numbered(order: Sequence[_Group], kept: Sequence[Compartment]) -> tuple[dict[_Group, int], list[Compartment]]:
    old = {
        _Group(one.tier, one.purposes, one.retention): one.number for one in kept if one.child_of is None and one.number
    }
    twins = {one.child_of: one.number for one in kept if one.child_of is not None}
    places = {group: old[group] for group in order if group in old}
    taken = {REFERENCE_COMPARTMENT, *places.values(), *(twins[place] for place in places.values() if place in twins)}
    for group in order:
        if group not in places:
            places[group] = _free(taken)
    made = [_REFERENCE]
    made += [Compartment(places[group], group.tier, group.purposes, group.retention) for group in order]
    for group in order:
        if group.tier == "general":
            twin = twins.get(places[group]) or _free(taken)
            made.append(Compartment(twin, "sensitive", group.purposes, group.retention, places[group]))
    return places, sorted(made, key=lambda one: one.number)


def _free(taken: set[int]) -> int:
    place = next(number for number in range(1, LAST + 1) if number not in taken)
    taken.add(place)
    return place


def _pointed(
    table: TableMap, wanted: dict[tuple[str, str], _Group], merged: dict[_Group, _Group], places: dict[_Group, int]
) -> TableMap:
    if table.role == "reference":
        return replace(table, columns=tuple(replace(one, compartment=REFERENCE_COMPARTMENT) for one in table.columns))
    columns = (replace(one, compartment=places[merged[wanted[table.name, one.name]]]) for one in table.columns)
    return replace(table, columns=tuple(columns))
