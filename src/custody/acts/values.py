"""Every value of one person with the place where it stands: what a review looks at and a correction changes."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from custody.acts.accuracy import Value
from custody.acts.layouts import class_of
from custody.acts.reading import Layout, Reader
from custody.acts.vaults import AUDIT, QUARANTINE
from custody.ports.store import Transaction
from custody.vault.payload import unpack


class Shelf(NamedTuple):
    """The layouts of a vault with the class of each of their columns."""

    layouts: Mapping[int, Layout]
    classes: Mapping[str, Mapping[str, str]]


def shelf(tx: Transaction, vault: str, reader: Reader) -> Shelf:
    """What `values_of` needs of a vault, looked up once."""
    tables = {str(row["tbl"]) for row in tx.find("tally", vault=vault)}
    return Shelf(reader.layouts, {table: class_of(tx, vault, table) for table in tables})


def values_of(
    tx: Transaction, vault: str, reader: Reader, shelf: Shelf, subject: bytes, *, passing: bool = False
) -> Iterator[Value]:
    """What is on file of this person, but for what is quarantined; blanks are left out. `passing` over what nobody can read, which the reader counts."""
    for record in tx.find("record", order=("record",), vault=vault, subject=subject):
        if record["compartment"] in {AUDIT, QUARANTINE}:
            continue
        layout = shelf.layouts[cast("int", record["schema"])]
        classes = shelf.classes.get(layout.table, {})
        payload = reader.opened(record) if passing else reader.open(record)
        if payload is None:
            continue
        row, cells = unpack(payload)
        for column, cell in zip(layout.columns, cells, strict=True):
            if cell not in (None, ""):
                yield Value(layout.table, row, column, classes.get(column, "record.other"), cast("int", record["record"]),
                            cast("int", record["revision"]), str(cell))  # fmt: skip
