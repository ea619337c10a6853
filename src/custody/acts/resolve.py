"""Whose row is it: from the key in a row to the subject, along the join paths of the signed data map (spec/datamap.md).

Rules: a key that two rows of a subject table claim belongs to nobody (both rows and all that hang on them are
quarantined: guessing would hand one person's data over as another's); paths are tried in order and the first that
reaches anybody wins; a row that reaches several people belongs to all of them together.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from custody.acts.rows import Value, key_text
from custody.model.datamap import DataMap, Hop, TableMap

AMBIGUOUS: Final = -1


@dataclass(slots=True)
class Person:
    """A subject before it has an id: the table and row it comes from."""

    number: int
    table: str
    kind: str
    row: int


@dataclass(slots=True)
class Resolver:
    """Built by reading key columns only, before any row is sealed."""

    datamap: DataMap
    persons: list[Person] = field(default_factory=list)
    _keys: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    _bridges: dict[tuple[str, str, str], dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    _tables: dict[str, TableMap] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tables = {table.name: table for table in self.datamap.tables}

    def needed(self, table: TableMap) -> tuple[str, ...]:
        """The columns of `table` that `learn` must see; empty when none."""
        wanted = {table.subject_key} if table.subject_key else set()
        for _, key, column in self._steps(table.name):
            wanted |= {key, column}
        return tuple(column.name for column in table.columns if column.name in wanted)

    def learn(self, table: TableMap, ordinals: Sequence[int], cells: Mapping[str, Sequence[Value]]) -> None:
        """Take in the key columns of some rows of `table`."""
        if table.subject_key:
            self._people(table, ordinals, cells[table.subject_key])
        for step in self._steps(table.name):
            _, key, column = step
            bridge = self._bridges[step]
            for here, there in zip(cells[key], cells[column], strict=True):
                bridge.setdefault(key_text(here), []).append(key_text(there))

    def of_subject_row(self, table: TableMap, key: Value) -> int | None:
        """The person a row of a subject table is; AMBIGUOUS when its key was claimed twice; None without a key."""
        text = key_text(key)
        return self._keys[table.name].get(text) if text else None

    def of_row(self, table: TableMap, cells: Mapping[str, Value]) -> tuple[int, ...]:
        """The people a row of an `about` table reaches, in ascending order; (AMBIGUOUS,) taints the whole row."""
        for path in table.paths:
            found = self._walk(path, key_text(cells[path[0].column]))
            if AMBIGUOUS in found:
                return (AMBIGUOUS,)
            if found:
                return tuple(sorted(found))
        return ()

    def _people(self, table: TableMap, ordinals: Sequence[int], keys: Iterable[Value]) -> None:
        known = self._keys[table.name]
        for row, key in zip(ordinals, keys, strict=True):
            text = key_text(key)
            if not text:
                continue
            if text in known:
                known[text] = AMBIGUOUS
                continue
            known[text] = len(self.persons)
            self.persons.append(Person(len(self.persons), table.name, table.kind, row))

    def _walk(self, path: tuple[Hop, ...], start: str) -> set[int]:
        values = {start} - {""}
        for hop, following in zip(path, (*path[1:], None), strict=True):
            if following is None:
                known = self._keys[hop.table]
                return {known[value] for value in values if value in known}
            bridge = self._bridges[hop.table, hop.key, following.column]
            values = {there for value in values for there in bridge.get(value, ())} - {""}
        return set()

    def _steps(self, table: str) -> set[tuple[str, str, str]]:
        """(table, key, column) triples that paths use to pass through `table`."""
        pairs = (
            (hop, after) for one in self.datamap.tables for path in one.paths for hop, after in itertools.pairwise(path)
        )
        return {(hop.table, hop.key, after.column) for hop, after in pairs if hop.table == table}
