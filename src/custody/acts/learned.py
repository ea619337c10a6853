"""What the rows that came say of each person, learnt at the buyer while they are sealed anew: the fact row of sealing (docs/architecture.md §4).

A table's `residence` came with the package (spec/package.md §2): it is what whoever signed the seller's map knew of its people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from custody.acts.derive import Deriver, PersonFacts
from custody.acts.rows import Value
from custody.base import canonical
from custody.base.canonical import Json
from custody.model.datamap import REFERENCE_COMPARTMENT, ColumnMap, TableMap
from custody.ports.store import Row, Transaction
from custody.vault.payload import unpack

_BIRTH: Final = "person.birth_date"


class _Layout(NamedTuple):
    """The columns of one record layout, as a table."""

    table: TableMap
    stated: bool


@dataclass(frozen=True, slots=True)
class Learner:
    """The layouts of a vault, by number."""

    layouts: Mapping[int, _Layout]

    def learn(self, records: Sequence[Row], payloads: Sequence[bytes]) -> dict[bytes, dict[str, Json]]:
        """{person: fact row}; own rows speak first, as at sealing."""
        read: dict[int, list[tuple[bytes, tuple[Value, ...]]]] = {}
        for row, payload in zip(records, payloads, strict=True):
            number = cast("int", row["schema"])
            if row["compartment"] != REFERENCE_COMPARTMENT and number in self.layouts:
                read.setdefault(number, []).append((cast("bytes", row["subject"]), unpack(payload)[1]))
        found: dict[bytes, PersonFacts] = {}
        for number in sorted(read, key=lambda one: (self.layouts[one].table.role != "subject", one)):
            self._learn(self.layouts[number], read[number], found)
        return {who: facts.to_json() for who, facts in found.items()}

    def _learn(
        self, layout: _Layout, rows: Sequence[tuple[bytes, tuple[Value, ...]]], found: dict[bytes, PersonFacts]
    ) -> None:
        deriver = Deriver(layout.table, births(layout.table, [values for _, values in rows]), stated=layout.stated)
        for who, values in rows:
            deriver.learn(found.setdefault(who, PersonFacts(layout.table.kind)), values)


def learner(tx: Transaction, vault: str) -> Learner:
    """Of the layouts in this vault those that say something of a person."""
    tables = {str(row["tbl"]): row for row in tx.find("tally", vault=vault)}
    told = {
        name: cast("dict[str, Json]", canonical.decode(cast("bytes", row["columns"]))) for name, row in tables.items()
    }
    stated = any(one.get("residence") for one in told.values())
    made = {}
    for row in tx.find("schema", order=("number",), vault=vault):
        name = str(row["tbl"])
        if name in tables and tables[name]["role"] != "reference":
            layout = _Layout(_table(tables[name], told[name], row), stated)
            if not Deriver(layout.table, {}, stated=stated).silent:
                made[cast("int", row["number"])] = layout
    return Learner(made)


def joined(before: Mapping[str, Json], learnt: Mapping[str, Json]) -> dict[str, Json]:
    """What an earlier release said stands; what it did not say is added."""
    kinds = {str(one) for facts in (before, learnt) for one in cast("list[Json]", facts.get("categories") or [])}
    days = [str(facts["last_activity"]) for facts in (before, learnt) if facts.get("last_activity")]
    made: dict[str, Json] = {**learnt, **before, "categories": list[Json](sorted(kinds))}
    return {**made, "last_activity": max(days)} if days else made


def table_map(tally: Row, residence: str, columns: Iterable[ColumnMap]) -> TableMap:
    """A table as facts are derived from it: what it is of, where its people live, its columns."""
    return TableMap(
        str(tally["tbl"]), "", "", "", {}, str(tally["role"]), str(tally["kind"]), 0, 0, "", (), "", "", tuple(columns), residence=residence
    )  # fmt: skip


def column_map(told: Sequence[str], compartment: int = 0) -> ColumnMap:
    """A column as the tally tells it: name, class, level, tier."""
    name, cls, level, tier = told[:4]
    return ColumnMap(name, cls, level, tier, (), compartment, 100)


def births(table: TableMap, rows: Sequence[Sequence[Value]]) -> dict[str, Iterable[str]]:
    """The dates of birth that came together: by them it is judged in what order their days stand."""
    return {column.name: [str(values[place]) for values in rows if values[place]]
            for place, column in enumerate(table.columns) if column.cls == _BIRTH}  # fmt: skip


def _table(tally: Row, told: Mapping[str, Json], schema: Row) -> TableMap:
    own = cast("dict[str, list[str]]", canonical.decode(cast("bytes", schema["columns"])))["columns"]
    classes = {str(one[0]): one for one in cast("list[list[str]]", told["columns"])}
    columns = (column_map(classes[name], cast("int", schema["compartment"])) for name in own)
    return table_map(tally, str(told.get("residence") or ""), columns)
