"""Exports of well-known shops and customer systems: their published column names say what a column is (conventions.toml).

In a Shopify order export `Name` is the order's number and nobody's name. A convention decides only over a weaker finding:
values that speak for themselves (check digits, forms) are believed before a header is.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from custody.classify.columns import ColumnFinding, TableFinding
from custody.classify.taxonomy import classes, level

_FEWEST: Final = 4
_TELLING: Final = 2
_SHARE: Final = 0.4
_SURE: Final = 96


@dataclass(frozen=True, slots=True)
class Convention:
    """One kind of export: its columns by name without case, and those that nobody else has."""

    title: str
    columns: Mapping[str, str]
    telling: frozenset[str]


@cache
def conventions() -> tuple[Convention, ...]:
    """All that are known."""
    found = tomllib.loads(Path(__file__).with_name("conventions.toml").read_text(encoding="utf-8"))
    return tuple(
        Convention(
            one["title"],
            {_key(name): cls for name, cls in one["columns"].items()},
            frozenset(map(_key, one["telling"])),
        )
        for one in found.values()
    )


def recognise(names: Sequence[str]) -> Convention | None:
    """The convention that a table's columns follow best."""
    keys = {_key(name) for name in names}
    best, most = None, 0
    for one in conventions():
        met = len(keys & one.columns.keys())
        telling = len(keys & one.telling)
        if met >= _FEWEST and telling >= _TELLING and met >= _SHARE * len(keys) and met > most:
            best, most = one, met
    return best


def follow(table: TableFinding) -> TableFinding:
    """The findings in the light of the convention that the table follows; as they are when it follows none."""
    one = recognise([column.name for column in table.columns])
    if one is None:
        return table
    columns = tuple(_told(column, one) for column in table.columns)
    personal = table.personal or any(column.level != "none" for column in columns)
    return replace(table, columns=columns, personal=personal)


def _told(column: ColumnFinding, one: Convention) -> ColumnFinding:
    cls = one.columns.get(_key(column.name))
    if cls is None:
        return column
    why = f"{one.title} export: {column.name}"
    if column.cls == cls:
        return replace(column, confidence=max(column.confidence, _SURE), why=(*column.why, why))
    if _speaks(column):
        return column
    strict = "sensitive" if column.holds and level(cls) != "none" else level(cls)  # raised by what its text holds
    return ColumnFinding(column.name, cls, strict, _SURE, (why, *column.why), column.holds)


def _speaks(column: ColumnFinding) -> bool:
    """Whether the values themselves say something stricter than a convention could."""
    sure = column.confidence >= _SURE and any("% of the values" in why for why in column.why)
    return sure and classes()[column.cls].level == "sensitive"


def _key(name: str) -> str:
    return name.strip().casefold()
