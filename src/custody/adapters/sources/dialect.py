"""How a text table is written: delimiter, and where its header stands below title rows."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """`skip` lines of title stand above the header."""

    delimiter: str
    skip: int = 0


def detect(head: str, *, tabs: bool = False) -> Dialect:
    """From the first lines of a file."""
    lines = [line for line in head.splitlines()[:60] if line.strip()]
    if tabs:
        return Dialect("\t", 0)
    best, widest = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)]
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        value = (width - 1) * times / len(widths)
        if value > widest:
            best, widest = delimiter, value
    return Dialect(best, _titles(head, best))


def _titles(head: str, delimiter: str) -> int:
    rows = list(csv.reader(io.StringIO("\n".join(head.splitlines()[:12])), delimiter=delimiter))
    if len(rows) < 3:
        return 0
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    for place, row in enumerate(rows[:5]):
        if len(row) == width and sum(1 for cell in row if cell.strip()) > 1:
            return place if width > 1 else 0
    return 0


def headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names: empty ones become `column_<n>`, repeated ones get `_2`, `_3` and so on."""
    seen: Counter[str] = Counter()
    names = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column_{number}"
        seen[name] += 1
        while seen[name] > 1 and f"{name}_{seen[name]}" in seen:
            seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(names)
