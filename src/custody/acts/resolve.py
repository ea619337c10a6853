"""Whose row is it: from the key in a row to the subject, along the join paths of the signed data map (spec/datamap.md).

Rules: a key that two rows of a subject table claim belongs to nobody (both rows and all that hang on them are
quarantined: guessing would hand one person's data over as another's), unless the rows are the same in every column;
where the map says that people repeat, rows of one key are one person's, and what claims it again is a second name; paths
are tried in order and the first that reaches anybody wins; a row that reaches several people belongs to all of them together.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from custody.acts.rows import Value, key_text
from custody.classify.taxonomy import NAMES
from custody.model.datamap import DataMap, Hop, TableMap
from custody.ports.spill import Entry, Spill
from custody.vault.payload import pack

AMBIGUOUS: Final = -1
_HELD: Final = 50_000
"""Keys in memory before they go aside, in the order in which they lie there."""
_JOINT: Final = 0


@dataclass(slots=True)
class Resolver:
    """Built by reading key columns only, before any row is sealed. `newcomer` gives a person of that kind a number."""

    datamap: DataMap
    spill: Spill
    newcomer: Callable[[str], int]
    _spaces: dict[tuple[str, ...], int] = field(default_factory=dict)
    _fresh: dict[str, list[Entry]] = field(default_factory=lambda: {"key": [], "link": []})
    _asked: dict[tuple[int, bytes], list[Entry]] = field(default_factory=dict)
    _alike: dict[int, int] = field(default_factory=dict)
    """{space of keys: that of those which rows claim that are the same in every column}."""

    def needed(self, table: TableMap) -> tuple[str, ...]:
        """The columns of `table` that `learn` must see; empty when none."""
        wanted = {table.subject_key, *(_names(table) if table.repeats else ())} if table.subject_key else set()
        for _, key, column in self._steps(table.name):
            wanted |= {key, column}
        return tuple(column.name for column in table.columns if column.name in wanted)

    def learn(self, table: TableMap, cells: Mapping[str, Sequence[Value]]) -> None:
        """Take in the key columns of some rows of `table`."""
        if table.subject_key:
            (self._repeated if table.repeats else self._people)(table, cells)
        for step in self._steps(table.name):
            _, key, column = step
            space = self._space(*step)
            for here, there in zip(map(key_text, cells[key]), map(key_text, cells[column]), strict=True):
                if here and there:
                    self._keep("link", (space, self.spill.tag(here), self.spill.tag(there)))

    def settle(self) -> None:
        """Everything was learned; now it may be asked."""
        for table in self._fresh:
            self._flush(table)

    def claimed_twice(self, table: TableMap) -> bool:
        """Whether two rows of a table of people, whose keys were all learned, claim one key."""
        return bool(table.subject_key) and not table.repeats and self.spill.clashed(self._space(table.name))

    def compare(self, table: TableMap, rows: Iterable[Sequence[Value]]) -> None:
        """Take in whole rows of such a table: where all rows of a key are the same, they are one person's."""
        space, alike = self._space(table.name), self._space(table.name, "", "")
        self._alike[space] = alike
        place = table.key_place
        told: dict[bytes, set[bytes]] = defaultdict(set)
        for values in rows:
            text = key_text(values[place])
            if text and self._claimed(space, tag := self.spill.tag(text)):
                told[tag].add(self.spill.tag(pack(0, values).hex()))
        self._met(table.kind, (alike, self._space(table.name, "", "", "")), told)

    def of_subject_row(self, table: TableMap, key: Value) -> int | None:
        """The person a row of a subject table is; AMBIGUOUS when its key was claimed twice; None without a key."""
        text = key_text(key)
        return self._number(self._space(table.name), self.spill.tag(text)) if text else None

    def together(self, members: tuple[int, ...], made: Callable[[], int]) -> int:
        """Who stands for these people together; `made` gives them a number at first."""
        tag = self.spill.tag(",".join(map(str, members)))
        found = self._number(_JOINT, tag)
        if found is None:
            found = made()
            self._asked.pop((_JOINT, tag), None)
            self.spill.put("key", [(_JOINT, tag, found)])
        return found

    def of_row(self, table: TableMap, cells: Mapping[str, Value]) -> tuple[int, ...]:
        """The people a row of an `about` table reaches, in ascending order; (AMBIGUOUS,) taints the whole row."""
        for path in table.paths:
            found = self._walk(path, key_text(cells[path[0].column]))
            if AMBIGUOUS in found:
                return (AMBIGUOUS,)
            if found:
                return tuple(sorted(found))
        return ()

    def _people(self, table: TableMap, cells: Mapping[str, Sequence[Value]]) -> None:
        space = self._space(table.name)
        for text in filter(None, map(key_text, cells[table.subject_key])):
            self._keep("key", (space, self.spill.tag(text), self.newcomer(table.kind)))

    def _repeated(self, table: TableMap, cells: Mapping[str, Sequence[Value]]) -> None:
        """A second name under a key claims it again."""
        self._met(table.kind, (self._space(table.name), self._space(table.name, "")), self._called(table, cells))

    def _met(self, kind: str, spaces: tuple[int, int], told: Mapping[bytes, set[bytes]]) -> None:
        """A person at the first row of a key, nobody else at the next ones, unless two things are told of it; `spaces` are of keys and of what is told."""
        (space, called), keys, links = spaces, [], []
        for key, says in told.items():
            said = {there for _, _, there in self.spill.get("link", called, key)}
            if not self.spill.get("key", space, key):
                keys.append((space, key, self.newcomer(kind)))
            if len(said | says) > 1:
                keys.append((space, key, AMBIGUOUS))
            links += [(called, key, one) for one in says - said]
        self.spill.put("key", keys)
        self.spill.put("link", links)

    def _called(self, table: TableMap, cells: Mapping[str, Sequence[Value]]) -> dict[bytes, set[bytes]]:
        """{key: the names that these rows give whoever has it}; a row without a name says nothing against anybody."""
        found: dict[bytes, set[bytes]] = defaultdict(set)
        for key, *told in zip(*(cells[one] for one in (table.subject_key, *_names(table))), strict=True):
            if text := key_text(key):
                name = " ".join(filter(None, map(key_text, told))).casefold()
                found[self.spill.tag(text)] |= {self.spill.tag(name)} if name else set()
        return found

    def _walk(self, path: tuple[Hop, ...], start: str) -> set[int]:
        tags = {self.spill.tag(start)} if start else set()
        for hop, following in zip(path, (*path[1:], None), strict=True):
            if following is None:
                space = self._space(hop.table)
                return {number for tag in tags if (number := self._number(space, tag)) is not None}
            space = self._space(hop.table, hop.key, following.column)
            tags = {there for tag in tags for _, _, there in self._ask("link", space, tag)}
        return set()

    def _number(self, space: int, tag: bytes) -> int | None:
        found = self._ask("key", space, tag)
        if found and found[0][2] == AMBIGUOUS and space in self._alike:
            found = self._ask("key", self._alike[space], tag)
        return found[0][2] if found else None

    def _claimed(self, space: int, tag: bytes) -> bool:
        """Whether a key was claimed twice."""
        found = self._ask("key", space, tag)
        return bool(found) and found[0][2] == AMBIGUOUS

    def _ask(self, table: str, space: int, tag: bytes) -> list[Entry]:
        """A space is of one table. What was asked for lately is at hand."""
        found = self._asked.get((space, tag))
        if found is None:
            if len(self._asked) >= _HELD:
                self._asked.clear()
            self._asked[space, tag] = found = self.spill.get(table, space, tag)
        return found

    def _space(self, *of: str) -> int:
        return self._spaces.setdefault(of, len(self._spaces) + 1)

    def _keep(self, table: str, entry: Entry) -> None:
        self._fresh[table].append(entry)
        if len(self._fresh[table]) >= _HELD:
            self._flush(table)

    def _flush(self, table: str) -> None:
        """In order: then what lies side by side is written together. Who was first to claim a key stays of no moment."""
        self.spill.put(table, sorted(self._fresh[table]))
        self._fresh[table] = []

    def _steps(self, table: str) -> set[tuple[str, str, str]]:
        """(table, key, column) triples that paths use to pass through `table`."""
        pairs = (
            (hop, after) for one in self.datamap.tables for path in one.paths for hop, after in itertools.pairwise(path)
        )
        return {(hop.table, hop.key, after.column) for hop, after in pairs if hop.table == table}


def _names(table: TableMap) -> tuple[str, ...]:
    """The columns that say what people are called, without the key itself; a nickname may change from row to row."""
    return tuple(one.name for one in table.columns if one.cls in NAMES and one.name != table.subject_key)
