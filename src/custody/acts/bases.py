"""On what legal basis each compartment of a vault is kept, by the data map that was signed (spec/retention.md §1)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.papers import datamap_of
from custody.ports.store import Row, Transaction

CONSENT: Final = "consent"
UNTOLD: Final = ""
"""No map says it: the vault came with a hand-over, whose map the seller keeps."""


def by_table(desk: Desk, vault: Row) -> Mapping[str, str]:
    """{table: its basis}. Raises Broken `datamap.altered`."""
    mapped = datamap_of(desk, vault)
    return {table.name: table.basis for table in mapped.tables} if mapped else {}


def by_compartment(desk: Desk, tx: Transaction, vault: Row) -> Mapping[int, frozenset[str]]:
    """{compartment: every basis that something in it rests on}, `UNTOLD` among them where one is not known."""
    tables, name = by_table(desk, vault), str(vault["id"])
    found: dict[int, frozenset[str]] = {}
    for row in tx.find("compartment", order=("number",), vault=name):
        layouts = tx.find("schema", order=("number",), vault=name, compartment=row["number"])
        own = {basis_of(purposes(row), tables.get(str(one["tbl"]), UNTOLD)) for one in layouts}
        found[cast("int", row["number"])] = frozenset(own)
    return found


def basis_of(serves: tuple[str, ...], table: str) -> str:
    """What serves marketing alone rests on consent, whatever its table does."""
    return CONSENT if serves == ("marketing",) else table


def purposes(compartment: Row) -> tuple[str, ...]:
    """What a compartment serves."""
    return tuple(one for one in str(compartment["purposes"]).split(",") if one)
