"""Comments that people wrote into a data map, carried into the file that a new scan writes.

A comment on a line of its own belongs to the table or column below it. Comments that the file writes itself are not carried.
"""

import re
from collections.abc import Iterator
from typing import Final

_TABLE: Final = re.compile(r'^  - name: "((?:[^"\\]|\\.)*)"')
_COLUMN: Final = re.compile(r'^      - \{name: "((?:[^"\\]|\\.)*)"')
_OWN: Final = re.compile(r"^\s*# 没把握 / unsure: ")
_TOP: Final = "tables:"


def weave(old: str, new: str) -> str:
    """`new` with the comments that people left in `old`, each above what it stood above."""
    made = set(new.splitlines())
    kept: dict[tuple[str, str], list[str]] = {}
    for above, lines in _met(old):
        if theirs := [line for line in lines if line not in made and not _OWN.match(line)]:
            kept[above] = theirs
    out: list[str] = []
    table = ""
    for line in new.splitlines():
        place, table = _place(line, table)
        if place is not None:
            out += kept.pop(place, [])
        out.append(line)
    return "\n".join(out) + "\n"


def _met(text: str) -> Iterator[tuple[tuple[str, str], list[str]]]:
    waiting: list[str] = []
    table = ""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            waiting.append(line)
            continue
        place, table = _place(line, table)
        if place is not None and waiting:
            yield place, waiting
        waiting = []


def _place(line: str, table: str) -> tuple[tuple[str, str] | None, str]:
    """(what begins on this line, the table we are in)."""
    if match := _TABLE.match(line):
        return (match[1], ""), match[1]
    if match := _COLUMN.match(line):
        return (table, match[1]), table
    return (("", _TOP) if line == _TOP else None), table
