"""Rows in quarantine and what became of them: every one is open or dismissed, and none is ever dropped (spec/sources.md §9).

What was set aside is committed to by the entry that filled the vault and never changes; what becomes of it stands beside it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.expiring import QUARANTINED
from custody.acts.masking import shape
from custody.acts.reading import Reader
from custody.base import canonical
from custody.ports.store import Beside, Condition, Row, Transaction, Within
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


def in_state(state: str) -> Sequence[Condition]:
    """Which rows are in this state; all of them where none is said."""
    ended = Beside("quarantine_end", (("vault", "vault"), ("number", "number")), {}, there=state == DISMISSED)
    return (ended,) if state else ()


def ends(tx: Transaction, vault: str, numbers: Iterable[int]) -> Mapping[int, Row]:
    """{number: what became of the row}, of those of these that are not open."""
    names = ("number", "why", "principal", "at")
    rows = tx.among("quarantine_end", names, "number", numbers, vault=vault)
    return {cast("int", cells[0]): dict(zip(names, cells, strict=True)) for cells in rows}


class Bunch(NamedTuple):
    """Rows of one table, file and reason; of no row are those of what was never looked at (a file, a sheet)."""

    table: str
    file: str
    reason: str
    rows: int
    dismissed: int
    no_row: int
    no_row_dismissed: int

    @property
    def open(self) -> int:
        """Those that wait for somebody."""
        return self.rows - self.dismissed

    def of(self, state: str) -> int:
        """How many are in a state; all of them where none is said."""
        return {OPEN: self.open, DISMISSED: self.dismissed}.get(state, self.rows)


def bunches(tx: Transaction, vault: str) -> list[Bunch]:
    """Most rows first, counted by the store."""
    names, ended, no_row = ("tbl", "file", "reason"), in_state(DISMISSED), Within("row", None, 1)
    rows = tx.groups("quarantine", names, vault=vault)
    gone = tx.groups("quarantine", names, ended, vault=vault)
    unread = tx.groups("quarantine", names, (no_row,), vault=vault)
    unread_gone = tx.groups("quarantine", names, (no_row, *ended), vault=vault) if unread else {}
    return [
        Bunch(
            str(key[0]),
            str(key[1]),
            str(key[2]),
            rows[key],
            gone.get(key, 0),
            unread.get(key, 0),
            unread_gone.get(key, 0),
        )
        for key in sorted(rows, key=lambda key: (-rows[key], key))
    ]


def account(tx: Transaction, vault: str, found: Iterable[Bunch]) -> list[Table]:
    """Every table, by what lies there, held against what was met."""
    dismissed, opened = Counter[str](), Counter[str]()
    for one in found:
        dismissed[one.table] += one.dismissed - one.no_row_dismissed
        opened[one.table] += one.open - one.no_row + one.no_row_dismissed
    return [
        Table(name := str(row["tbl"]), str(row["source"]), str(row["role"]), cast("int", row["met"]), cast("int", row["sealed"]),
              dismissed[name], opened[name]) for row in tx.find("tally", order=("tbl",), vault=vault)
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
