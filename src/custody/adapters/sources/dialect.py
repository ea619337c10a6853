"""How a text table is written (spec/sources.md §3): its delimiter, its quoting, and where its header stands below titles."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_DELIMITERS: Final = (",", "\t", ";", "|")
_RECORDS: Final = 200
_TITLES: Final = 10
# A telephone, identity or card number or an e-mail address is a value, never the name of a column.
_VALUE: Final = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?$|\d{5,}$|\d+\.\d+$")
_PERSONAL: Final = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}$|[1-9]\d{14,18}[\dXx]?$|[^@\s]+@[^@\s]+\.[^@\s]+$")
# The same inside a sentence, and what makes a sentence of a cell.
_INSIDE: Final = re.compile(r"(?<!\d)(1[3-9]\d{9}|[1-9]\d{14,17}[\dXx])(?![\dXx])|[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
_SENTENCE: Final = re.compile(r"[，。；！？]|^(?=.{24})[^\n]*[,;!?.] \S")
_LONG: Final = 60


@dataclass(frozen=True, slots=True)
class Dialect:
    """`skip` records of title stand above the header, which ends on physical line `lines`.

    `spare` empty cells follow the named ones in the header: rows may or may not have them too. A file that begins with
    its rows is `bare`: its columns have numbers for names.
    """

    delimiter: str
    skip: int = 0
    lines: int = 1
    spare: int = 0
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    delimiter: str
    rows: list[list[str]]
    width: int
    lead: int
    value: float


def detect(head: str, *, tabs: bool = False) -> tuple[Dialect, tuple[str, ...]]:
    """(dialect, column names) from the first lines of a file."""
    readings = [_reading(head, one) for one in (("\t",) if tabs else _DELIMITERS)]
    best = max(readings, key=lambda one: (one.value, one.width))
    cells = best.rows[best.lead] if best.rows else []
    named = _named(cells, best.rows[best.lead + 1 :])
    if bare(cells, best.rows[best.lead + 1 :]):
        above = _lines(head, best.delimiter, best.lead - 1) if best.lead else 0
        numbered = headers([""] * len(cells))
        return Dialect(best.delimiter, best.lead, above, 0, bare=True), numbered
    lines = _lines(head, best.delimiter, best.lead)
    return Dialect(best.delimiter, best.lead, lines, len(cells) - named), headers(cells[:named])


def bare(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the would-be header is a row: it holds what only a value can be, or two of its cells look like those below."""
    if any(_PERSONAL.match(cell.strip()) for cell in cells) or _told(cells, rows):
        return True
    below = [row for row in rows if list(row) != list(cells)]  # a header that is repeated is still one
    return (
        sum(_alike(cell.strip(), [row[place] for row in below if place < len(row)]) for place, cell in enumerate(cells))
        >= 2
    )


def _told(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell tells of somebody in a sentence, as those below do; a lone column begins with a sentence or a name for it."""
    if len(cells) == 1 and rows and (_SENTENCE.search(cells[0]) or len(cells[0]) > _LONG):
        return True
    for place, cell in enumerate(cells):
        if not _INSIDE.search(cell):
            continue
        values = [row[place].strip() for row in rows if place < len(row)]
        if sum(1 for value in values if _INSIDE.search(value) and not _PERSONAL.match(value)) * 2 > len(values):
            return True
    return False


def _alike(cell: str, values: Sequence[str]) -> bool:
    """Whether a cell is met again among the values below it, or is a date or a long number as they are."""
    if not cell:
        return False
    if sum(1 for value in values if value.strip() == cell) >= 2:
        return True
    same = sum(1 for value in values if _VALUE.match(value.strip()))
    return _VALUE.match(cell) is not None and bool(values) and same * 2 > len(values)


def _reading(head: str, delimiter: str) -> _Reading:
    rows = _records(head, delimiter)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return _Reading(delimiter, rows, 1, 0, 0.0)
    width, times = Counter(len(row) for row in filled).most_common(1)[0]
    if width == 1:
        return _Reading(delimiter, rows, 1, rows.index(filled[0]), 0.01)
    share = times / len(filled)
    # Where every row ends with a delimiter and the header does not, the header is as wide as what the rows fill.
    needed = max(_filled(row) for row in filled if len(row) == width)
    lead = _lead(rows, needed)
    names = rows[lead]
    good = sum(1 for cell in names if cell.strip() and not _numeric(cell)) / len(names)
    bare = sum(1 for row in rows[:lead] if len(row) == 1)
    # A header that this delimiter does not split speaks against it more than a title line does.
    value = share * (0.4 + 0.6 * good) * (0.9 if bare else 1.0) * (1 - 0.5**width)
    return _Reading(delimiter, rows, width, lead, value)


def _records(head: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == _RECORDS:
                break
    except csv.Error:  # a field of more than 128 KiB: what came before it tells enough
        pass
    return rows


def _filled(row: Sequence[str]) -> int:
    """How many cells there are up to the last that says something."""
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _lead(rows: Sequence[Sequence[str]], width: int) -> int:
    """The first record as wide as the most with more than one cell filled: the header, below any titles."""
    for place, row in enumerate(rows[:_TITLES]):
        if len(row) >= width and sum(1 for cell in row if cell.strip()) > 1:
            return place
    return next((place for place, row in enumerate(rows) if row), 0)


def _named(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many cells of the header are columns: empty ones at its end are not, unless rows fill them."""
    named = len(cells)
    while named > 1 and not cells[named - 1].strip():
        named -= 1
    filled = [place for row in rows for place, cell in enumerate(row[: len(cells)]) if place >= named and cell.strip()]
    return max([named, *(place + 1 for place in filled)])


def _lines(head: str, delimiter: str, lead: int) -> int:
    """The physical line on which the header ends."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    for _ in range(lead + 1):
        next(reader, None)
    return reader.line_num


def _numeric(cell: str) -> bool:
    return cell.strip().lstrip("+-").replace(".", "").replace(",", "").isdigit()


def headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names: empty ones become `column_<n>`, repeated ones get `_2`, `_3` and so on."""
    taken: set[str] = set()
    names = []
    for number, cell in enumerate(cells, start=1):
        name = stem = cell.strip().removeprefix("\ufeff") or f"column_{number}"
        again = 1
        while name in taken:
            again += 1
            name = f"{stem}_{again}"
        taken.add(name)
        names.append(name)
    return tuple(names)
