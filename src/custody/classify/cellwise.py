"""Personal data in every cell of a table, with the help of what its columns are: what `scan --values` lists.

A column that says what it holds needs no word in the cell to say it again: a name in a column of names is one, a date
in a column of birth dates too, and an order number that happens to pass a check is none. Free text and columns of
unknown meaning are searched as text. Only places are reported, never values.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.classify.cells import Bools
from custody.classify.columns import TableFinding
from custody.classify.profile import as_text
from custody.classify.spans import Span, find
from custody.classify.vocabulary import blank, fold, vocabulary
from custody.model.source import Batch

_TECHNICAL: Final = frozenset((
    "record.key", "record.time", "record.code", "trade.order_id", "trade.tracking", "trade.time", "trade.amount",
    "trade.payment_method", "account.loyalty", "finance.card_detail",
))  # fmt: skip
_TEXT: Final = frozenset(("text.free", "record.other", "record.none", "trade.item", "org.name", "taste.preference", "job.title",
                          "job.employer", "taste.profile", "person.health", "location.trace", "account.secret", "device.agent"))  # fmt: skip
_SKIPPED: Final = frozenset(
    ("account.customer_id", "person.language", "contact.country", "contact.region", "taste.marketing")
)
_NO_DIGIT: Final = frozenset(("name.full", "name.given", "name.family"))
_EMAIL: Final = re.compile(r"^[^\s@,;]+(@|\(at\))[^\s@,;]+\.[A-Za-z]{2,}$", re.IGNORECASE)
_IP: Final = re.compile(r"^\d{1,3}(\.[\d*]{1,3}){3}$|^[0-9A-Fa-f:]{5,39}$")
_RESIDENT: Final = re.compile(
    r"^[1-9]\d{5}(\d{2})?\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]?$|^\d{1,10}\*{4,14}[\dXx]{0,5}$"
)
_USCC: Final = re.compile(r"^[1-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}$")
_PROOF: Final[dict[str, Callable[[str], bool]]] = {
    "contact.email": lambda v: bool(_EMAIL.match(v)),
    "device.ip": lambda v: bool(_IP.match(v)),
    "device.mac": lambda v: len(v) == 17,
    "id.us_ssn": lambda v: sum(one.isdigit() for one in v) >= 4,
    "contact.phone": lambda v: 7 <= sum(one.isdigit() or one == "*" for one in v) <= 20,
    "id.cn_resident": lambda v: bool(_RESIDENT.match(v)),
    "finance.card_number": lambda v: 12 <= sum(one.isdigit() or one == "*" for one in v) <= 23,
    "finance.bank_account": lambda v: sum(one.isdigit() for one in v) >= 6,
    "org.cn_uscc": lambda v: bool(_USCC.match(v)),
    "person.birth_date": lambda v: sum(one.isdigit() for one in v) >= 4,
    "contact.address": lambda v: len(v) >= 4,
    "id.passport": lambda v: 5 <= len(v) <= 12 and any(one.isdigit() for one in v),
    "vehicle.plate": lambda v: 5 <= len(v) <= 10 and any(one.isdigit() for one in v),
}


# The same tests as expressions over a column; each accepts no more than its twin above.
_PLAIN: Final = {
    "contact.email": r"^[^\s@,;]+@[^\s@,;]+\.[A-Za-z]{2,}$",
    "device.ip": r"^\d{1,3}(\.[\d*]{1,3}){3}$",
    "device.mac": r"^[0-9A-Fa-f:-]{17}$",
    "id.us_ssn": r"^[^0-9]*([0-9][^0-9]*){4,}$",
    "contact.phone": r"^[^0-9*]*([0-9*][^0-9*]*){7,20}$",
    "id.cn_resident": r"^[1-9]\d{5}(\d{2})?\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]?$",
    "finance.card_number": r"^[^0-9*]*([0-9*][^0-9*]*){12,23}$",
    "finance.bank_account": r"^[^0-9]*([0-9][^0-9]*){6,}$",
    "org.cn_uscc": r"^[1-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}$",
    "person.birth_date": r"^[^0-9]*([0-9][^0-9]*){4,}$",
    "contact.address": r"^.{4,}$",
    "id.passport": r"^[A-Za-z0-9]{4,11}[0-9]$",
    "vehicle.plate": r"^.{4,9}[0-9]$",
    "name.full": r"^[^\p{N}]{2,}$",
    "name.given": r"^[^\p{N}]{2,}$",
    "name.family": r"^[^\p{N}]{2,}$",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: data row counted from 1, column, class, start and end in code points."""

    row: int
    column: str
    cls: str
    start: int
    end: int


class CellFinder:
    """Made from a table's finding; feed it the table's batches."""

    def __init__(self, finding: TableFinding) -> None:
        self._classes = [(column.name, column.cls) for column in finding.columns]

    def find(self, batch: Batch) -> Iterator[Found]:
        """Findings of one batch, column by column."""
        for place, (name, cls) in enumerate(self._classes):
            cells = as_text(batch.data.schema.field(place), batch.data.column(place))
            if cls not in _TECHNICAL and cells is not None:
                yield from _column(name, cls, batch.rows, cells)


def find_in(cls: str, text: str) -> list[Span]:
    """Spans in a cell of a column of class `cls`: the whole value where the column says what it is, else what is found."""
    if cls in _TECHNICAL or cls in _SKIPPED:
        return []
    if cls in _TEXT or cls == "":
        return find(text)
    start, end = _bare(text)
    value = text[start:end]
    if not value or blank(value) or fold(value) == "0" or len(set(value)) == 1:
        return []
    proof = _PROOF.get(cls)
    if cls in _NO_DIGIT and any(one.isdigit() for one in value):
        return find(text)
    if proof is not None and not proof(_folded(value)):
        return find(text)
    return [Span(cls, start, end)]


def _column(name: str, cls: str, rows: Sequence[int], cells: pa.Array) -> Iterator[Found]:
    if cls in _SKIPPED:
        return
    text = cls in _TEXT or cls == ""
    searched = _worth(cells, text=text)
    if not text:
        plain = _plain(cls, cells)
        yield from _whole(name, cls, rows, cells, plain & searched)
        searched &= ~plain
    places = np.flatnonzero(searched)
    for place, value in zip(places.tolist(), cells.take(pa.array(places)).to_pylist(), strict=True):
        for span in find_in(cls, value):
            yield Found(rows[place], name, span.cls, span.start, span.end)


def _whole(name: str, cls: str, rows: Sequence[int], cells: pa.Array, plain: Bools) -> Iterator[Found]:
    """Findings of cells that are wholly a value of their column's class, blanks around it apart."""
    places = np.flatnonzero(plain)
    found = cells.take(pa.array(places))
    starts = pc.subtract(pc.utf8_length(found), pc.utf8_length(pc.utf8_ltrim_whitespace(found)))
    ends = pc.utf8_length(pc.utf8_rtrim_whitespace(found))
    for place, start, end in zip(places.tolist(), starts.to_pylist(), ends.to_pylist(), strict=True):
        yield Found(rows[place], name, cls, start, end)


def _plain(cls: str, cells: pa.Array) -> Bools:
    """Cells that `find_in` would take whole: told for the column at once. Any doubt leaves the cell to it."""
    values = pc.utf8_trim_whitespace(cells)
    plain = pc.match_substring_regex(values, _PLAIN.get(cls, r"^[^\x{ff10}-\x{ff19}]+$"))
    stands_in = pc.is_in(pc.utf8_lower(values), value_set=_blanks())
    repeated = pc.equal(pc.binary_repeat(pc.utf8_slice_codeunits(values, 0, 1), pc.utf8_length(values)), values)
    kept = pc.and_not(pc.and_not(plain, stands_in), repeated)
    mask: Bools = pc.fill_null(kept, fill_value=False).to_numpy(zero_copy_only=False)
    return mask


@cache
def _blanks() -> pa.Array:
    return pa.array(sorted({*vocabulary()["blank"], "0"}), pa.string())


def _worth(cells: pa.Array, *, text: bool) -> Bools:
    """Cells that may hold anything: not empty, and in text at least five characters."""
    long = pc.fill_null(pc.greater_equal(pc.utf8_length(cells), 5 if text else 1), fill_value=False)
    worth: Bools = long.to_numpy(zero_copy_only=False)
    return worth


def _bare(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))


def _folded(value: str) -> str:
    if value.isascii():
        return value
    return value.translate({0xFF10 + place: 0x30 + place for place in range(10)})
