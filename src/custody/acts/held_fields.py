"""Which fields are held of one person, and in which compartments: names, classes and tiers alone, nothing is opened (spec/access.md §3)."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, cast

from custody.base import canonical
from custody.base.errors import Malformed
from custody.ports.store import Transaction

Column = tuple[str, str]
"""(table, column)."""


class HeldField(NamedTuple):
    """One column of the records that are held of somebody."""

    table: str
    column: str
    cls: str
    tier: str
    compartment: int

    @property
    def name(self) -> str:
        """How a field is called wherever one is asked for."""
        return f"{self.table}/{self.column}"


def held_fields(tx: Transaction, vault: str, subject: bytes) -> Iterator[HeldField]:
    """Every field, each once for each compartment it lies in, in the order in which their layouts were made."""
    held = {(row["schema"], cast("int", row["compartment"])) for row in tx.find("record", vault=vault, subject=subject)}
    told = columns(tx, vault)
    for row in tx.find("schema", order=("number",), vault=vault):
        table = str(row["tbl"])
        names = cast("dict[str, list[str]]", canonical.decode(cast("bytes", row["columns"])))["columns"]
        for place in sorted(place for number, place in held if number == row["number"]):
            yield from (HeldField(table, name, *told[table][name], place) for name in names)


def columns(tx: Transaction, vault: str) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """{table: {column: (class, tier)}}."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in tx.find("tally", order=("tbl",), vault=vault):
        told = cast("dict[str, list[list[str]]]", canonical.decode(cast("bytes", row["columns"])))
        found[str(row["tbl"])] = {name: (cls, tier) for name, cls, _, tier in told["columns"]}
    return found


def narrowed(tx: Transaction, vault: str, subject: bytes, wanted: Collection[str]) -> list[HeldField]:
    """The fields of these names. Raises Malformed `reveal.field` for one that is not held of this person."""
    held = [one for one in held_fields(tx, vault, subject) if one.name in wanted]
    if unknown := sorted(set(wanted) - {one.name for one in held}):
        raise Malformed(
            "reveal.field", f"No field of this person is called so: {', '.join(unknown)}.",
            next="custody customer SUBJECT names them; say TABLE/COLUMN.",
        )  # fmt: skip
    return held
