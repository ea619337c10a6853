"""Which record of a subject holds which column of which row (the vault's schema list, spec/vault.md §4-5)."""

from typing import NamedTuple, cast

from custody.base import canonical
from custody.ports.store import Transaction


class Cell(NamedTuple):
    """One value of one subject: its record, compartment, source row, its place in the payload, its class."""

    record: int
    compartment: int
    row: int
    place: int
    cls: str


def cells(tx: Transaction, vault: str, subject: bytes, table: str, column: str) -> list[Cell]:
    """Every row of the subject's in `table` that has `column`, in row order."""
    found = []
    classes = class_of(tx, vault, table)
    for layout in tx.find("schema", order=("number",), vault=vault, tbl=table):
        names = cast(
            "list[str]", cast("dict[str, object]", canonical.decode(cast("bytes", layout["columns"])))["columns"]
        )
        if column not in names:
            continue
        for row in tx.find("record", order=("row",), vault=vault, subject=subject, schema=layout["number"]):
            place = names.index(column)
            numbers = (cast("int", row["record"]), cast("int", row["compartment"]), cast("int", row["row"]))
            found.append(Cell(*numbers, place, classes.get(column, "")))
    return found


def class_of(tx: Transaction, vault: str, table: str) -> dict[str, str]:
    """{column: class} of one table, as it was signed."""
    rows = tx.find("tally", vault=vault, tbl=table)
    if not rows:
        return {}
    told = cast("dict[str, list[list[str]]]", canonical.decode(cast("bytes", rows[0]["columns"])))
    return {one[0]: one[1] for one in told["columns"]}


def schemas_of(tx: Transaction, vault: str, table: str) -> set[int]:
    """The numbers of the layouts of one table."""
    return {cast("int", row["number"]) for row in tx.find("schema", vault=vault, tbl=table)}
