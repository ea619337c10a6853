"""Rows in quarantine and what became of them: every one is open or dismissed, and none is ever dropped (spec/sources.md §9).

What was set aside is committed to by the entry that filled the vault and never changes; what becomes of it stands beside it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.expiring import QUARANTINED
from custody.acts.masking import shape
from custody.acts.reading import Reader
from custody.base import canonical
from custody.ports.store import Row, Transaction
from custody.vault.payload import unpack

OPEN: Final = "open"
DISMISSED: Final = "dismissed"
STATES: Final = (OPEN, DISMISSED)
WHYS: Final = ("duplicate", "not-a-person", "test-data", "not-needed", "cannot-be-mended")
HANDLERS: Final = ("owner", "privacy", "data")
LOOKERS: Final = (*HANDLERS, "lawyer", "auditor", "advisor")
_LINE: Final = 120
_PLACE: Final = ("subject", "record", "compartment", "schema", "revision", "segment", "position", "length")
Cells = Sequence[tuple[str, str]]


class Table(NamedTuple):
    """The account of one table: rows met = sealed + dismissed + open, always."""

    name: str
    file: str
    role: str
    rows: int
    sealed: int
    dismissed: int
    open: int

    @property
    def difference(self) -> int:
        """0, or something was dropped."""
        return self.rows - self.sealed - self.dismissed - self.open


def ends(tx: Transaction, vault: str) -> Mapping[int, Row]:
    """{number: what became of the row}, of those that are not open."""
    return {cast("int", row["number"]): row for row in tx.find("quarantine_end", vault=vault)}


def account(tx: Transaction, vault: str, ended: Collection[int]) -> list[Table]:
    """Every table, counted row by row from what lies there and held against what was met."""
    counts: Counter[tuple[str, str]] = Counter()
    for number, name, row in tx.columns("quarantine", ("number", "tbl", "row"), vault=vault):
        if row:
            counts[str(name), DISMISSED if number in ended else OPEN] += 1
    return [
        Table(name := str(row["tbl"]), str(row["source"]), str(row["role"]), cast("int", row["met"]), cast("int", row["sealed"]),
              counts[name, DISMISSED], counts[name, OPEN]) for row in tx.find("tally", order=("tbl",), vault=vault)
    ]  # fmt: skip


def masked(desk: Desk, tx: Transaction, vault: str, numbers: Sequence[int]) -> Mapping[int, Cells]:
    """{number: (column, shape of its value)} of rows whose content is still held; of a line that was never taken apart the whole, without a column."""
    aside = [cast("bytes", row["id"]) for row in tx.find("subject", vault=vault, kind=QUARANTINED, state=LIVE)]
    names, found = _columns(tx, vault), dict[int, Cells]()
    with closing(Reader(desk, tx, vault, only=aside)) as reader:
        for who in aside:
            # Records of a quarantine are numbered from 1, what was set aside from 0.
            for told in tx.among("record", _PLACE, "record", [one + 1 for one in numbers], vault=vault, subject=who):
                number, values = unpack(reader.open(dict(zip(_PLACE, told, strict=True))))
                found[number] = list(_cells(values, names))
    return found


def _columns(tx: Transaction, vault: str) -> Mapping[str, Sequence[str]]:
    rows = tx.columns("tally", ("tbl", "columns"), vault=vault)
    return {str(name): [one[0] for one in _told(told)] for name, told in rows}


def _told(columns: object) -> Sequence[Sequence[str]]:
    told = cast("dict[str, list[list[str]]]", canonical.decode(cast("bytes", columns)))
    return told["columns"]


def _cells(values: Sequence[object], names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    table, line, _, _, raw = values
    held = cast("bytes", raw or b"")
    if line is not None:
        yield "", shape(_text(held), _LINE)
    elif held:
        told = ("" if value is None else str(value) for value in unpack(held)[1])
        yield from zip(names.get(str(table), ()), map(shape, told), strict=False)


def _text(raw: bytes) -> str:
    try:
        return raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace").rstrip("\r\n")
