"""A source that changed is scanned again: what people decided stays where its reason stays, and only there (spec/datamap.md §9).

A table whose bytes are the same keeps everything. In any other, a column keeps its decision while the scan still finds
what it found before; where it finds something else, the new proposal stands and nobody has confirmed it.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Final

from custody.classify.datamap import Change, diff, number
from custody.model.datamap import ColumnMap, DataMap, TableMap

_FOUND: Final = re.compile(r"found (\S+), set by \S+$")
_UNSURE: Final = 60
_DECIDED: Final = ("role", "kind", "subject_key", "paths", "basis", "retention", "residence", "repeats")


def carry(old: DataMap, new: DataMap) -> DataMap:
    """The new map with what people decided in the old one. Equal sources give an equal map."""
    before = {table.name: table for table in old.tables}
    tables = tuple(_table(before[one.name], one) if one.name in before else one for one in new.tables)
    by_name = {one.name: one for one in tables}
    sound = tuple(one if _sound(one, by_name) else _proposed(one, new) for one in tables)
    return number(DataMap(new.taxonomy, sound, old.compartments, new.notes))


def changes(old: DataMap, new: DataMap) -> tuple[Change, ...]:
    """What differs, and whose confirmation no longer holds."""
    before = {(table.name, one.name): one.confirmed_by for table in old.tables for one in table.columns}
    void = [
        Change(table.name, one.name, "confirmed_by", before[table.name, one.name], one.confirmed_by)
        for table in new.tables
        for one in table.columns
        if before.get((table.name, one.name), one.confirmed_by) != one.confirmed_by
    ]
    named = (dataclasses.replace(one, what="class") if one.what == "cls" else one for one in diff(old, new))
    return (*named, *void)


def found(column: ColumnMap) -> str:
    """The class the scan proposed, whatever a person made of it."""
    told = (match[1] for why in column.why if (match := _FOUND.match(why)))
    return next(told, column.cls)


def _table(old: TableMap, new: TableMap) -> TableMap:
    if old.sha256 and old.sha256 == new.sha256 and _names(old) == _names(new):
        return dataclasses.replace(old, dialect=new.dialect, media=new.media, file=new.file)
    before = {one.name: one for one in old.columns}
    columns = tuple(_column(before[one.name], one) if one.name in before else one for one in new.columns)
    kept = {field: getattr(old, field) for field in _DECIDED}
    return dataclasses.replace(new, columns=columns, **kept)


def _column(old: ColumnMap, new: ColumnMap) -> ColumnMap:
    same = new.cls == found(old)
    unshaken = bool(old.confirmed_by) and new.confidence < _UNSURE
    return old if same or unshaken else new


def _sound(table: TableMap, by_name: Mapping[str, TableMap]) -> bool:
    """Whether what was decided about the table still fits its columns and those it reaches."""
    names = _names(table)
    reached = all(
        hop.table in by_name and hop.key in _names(by_name[hop.table]) for path in table.paths for hop in path
    )
    starts = all(path[0].column in names for path in table.paths)
    keyed = table.subject_key in names or (not table.subject_key and table.role in {"about", "reference"})
    quiet = table.role != "reference" or all(one.level != "sensitive" for one in table.columns)
    return reached and starts and keyed and quiet


def _proposed(table: TableMap, new: DataMap) -> TableMap:
    """The columns as they are carried, with the role and joins that the new scan proposes."""
    fresh = next(one for one in new.tables if one.name == table.name)
    return dataclasses.replace(table, **{field: getattr(fresh, field) for field in _DECIDED})


def _names(table: TableMap) -> tuple[str, ...]:
    return tuple(one.name for one in table.columns)
