"""One person's facts, derived anew from all that is held of them, as sealing derived them (docs/architecture.md §4).

A correction changes a value and not what else is on file: the rest of the person's rows says what the facts are now. Only what
no row says any more is unknown, and never clears.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.derive import Deriver, PersonFacts
from custody.acts.desk import Desk
from custody.acts.learned import births, column_map, table_map
from custody.acts.papers import residences
from custody.acts.reading import Reader, RowAgain
from custody.acts.shared_rows import shared_with
from custody.acts.vaults import AUDIT, QUARANTINE
from custody.base import canonical
from custody.base.canonical import Json
from custody.model.datamap import REFERENCE_COMPARTMENT, TableMap
from custody.ports.store import Row, Transaction, one

_NOBODYS: Final = frozenset((AUDIT, QUARANTINE, REFERENCE_COMPARTMENT))


def derived_anew(desk: Desk, tx: Transaction, vault: str, subject: bytes) -> dict[str, Json]:
    """The fact row as the rows that are held now say it; own rows speak first."""
    tables = _tables(desk, tx, vault)
    row = one(tx, "subject", vault=vault, id=subject)
    assert row is not None
    person, stated = PersonFacts(str(row["kind"])), any(table.residence for table in tables.values())
    shared = [cast("bytes", each["id"]) for each in shared_with(tx, vault, [subject])]
    found = _rows(desk, tx, vault, [subject, *shared])
    for table in sorted(tables.values(), key=lambda each: each.role != "subject"):
        name = table.name
        if name not in found:
            continue
        lines = [
            [held.values.get(place) for place in range(len(table.columns))] for _, held in sorted(found[name].items())
        ]
        deriver = Deriver(table, births(table, lines), stated=stated)
        for values in lines:
            deriver.learn(person, values)
    return person.to_json()


def _rows(desk: Desk, tx: Transaction, vault: str, whose: list[bytes]) -> dict[str, dict[int, RowAgain]]:
    found: dict[str, dict[int, RowAgain]] = {}
    with Reader(desk, tx, vault, only=set(whose)) as reader:
        for who in whose:
            for record in tx.find("record", order=("record",), vault=vault, subject=who):
                if record["compartment"] not in _NOBODYS and record["schema"] in reader.layouts:
                    reader.put(record, found)
    return found


def _tables(desk: Desk, tx: Transaction, vault: str) -> dict[str, TableMap]:
    """The tables of a vault with the classes they were sealed under, in the order of the map that was signed; it, or what came, says where their people live."""
    lives = residences(desk, cast("Row", one(tx, "vault", id=vault)))
    rows = {str(row["tbl"]): row for row in tx.find("tally", order=("tbl",), vault=vault) if row["role"] != "reference"}
    return {name: _table(rows[name], lives) for name in dict.fromkeys([*lives, *rows]) if name in rows}


def _table(row: Row, lives: Mapping[str, str]) -> TableMap:
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["columns"])))
    residence = lives.get(str(row["tbl"])) or str(told.get("residence") or "")
    return table_map(row, residence, map(column_map, cast("list[list[str]]", told["columns"])))
