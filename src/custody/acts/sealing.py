"""From the rows of mapped sources to sealed segments, key pages and the rows that say where everything lies (spec/vault.md).

Order, so that a crash leaves garbage and never loss: segments are durable first; then one transaction holds pages,
locations, counts and the ledger entry. Nothing is acknowledged before it commits.
What is known of everybody meanwhile (keys, facts, places) lies aside: memory does not follow the number of people or rows.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from custody.acts import aside
from custody.acts.crowd import Crowd, Owner
from custody.acts.derive import Deriver, PersonFacts
from custody.acts.rejects import Rejects
from custody.acts.resolve import AMBIGUOUS, Resolver
from custody.acts.rows import Value, cells, columns, pick, rows
from custody.acts.vaults import QUARANTINE
from custody.base.errors import Malformed
from custody.model.datamap import REFERENCE_COMPARTMENT, DataMap, TableMap
from custody.ports.source import Batch, Quarantined, Source, TableHead
from custody.ports.spill import Entry, Spill
from custody.vault.payload import pack
from custody.vault.record import Header, new_header, seal
from custody.vault.segment import SegmentWriter
from custody.vault.suite import AES, Suite

CHUNK: Final = 2048
Item = tuple[int, "SchemaRow", int, tuple[Value, ...]]
_POOL: Final = 32 * 4096
SUPPRESSED: Final = "row.suppressed"


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """One record layout: columns of one table in one compartment; `home` carries the row's key."""

    number: int
    table: str
    compartment: int
    places: tuple[int, ...]
    columns: tuple[str, ...]
    home: bool


@dataclass(slots=True)
class Tally:
    """Rows of one table: met = sealed + quarantined, always."""

    met: int = 0
    sealed: int = 0
    quarantined: int = 0


class Location(NamedTuple):
    """Where one record lies, and whose it is: the cells of `place` in a spill."""

    owner: int
    subject: bytes
    record: int
    compartment: int
    schema: int
    row: int
    position: int
    length: int


class Keys:
    """Random 32-byte keys from large draws; never zero, never derived."""

    def __init__(self) -> None:
        self._pool, self._place = b"", 0

    def next(self) -> bytes:
        """One key."""
        if self._place == len(self._pool):
            self._pool, self._place = os.urandom(_POOL), 0
        self._place += 32
        made = self._pool[self._place - 32 : self._place]
        return made if any(made) else self.next()


class Sealing:
    """One run over all tables of a signed data map."""

    def __init__(
        self, datamap: DataMap, found: dict[str, tuple[Source, TableHead]], spill: Spill, origin: bytes, on: date,
        suite: Suite = AES,
    ) -> None:  # fmt: skip
        self.suite = suite
        self._map, self._found, self._origin, self._on = datamap, found, origin, on
        self._keys, self._spill = Keys(), spill
        self.crowd = Crowd(spill)
        self.resolver = Resolver(datamap, spill, lambda kind: self.crowd.add(Owner(PersonFacts(kind))))
        self.tallies: dict[str, Tally] = {table.name: Tally() for table in datamap.tables}
        self.rejects = Rejects(spill)
        self.schemas = list(_schemas(datamap))
        self.records = 0
        self._twin = {one.child_of: one.number for one in datamap.compartments if one.child_of is not None}
        self._by_table: dict[tuple[str, bool], list[SchemaRow]] = defaultdict(list)
        twins = set(self._twin.values())
        for schema in self.schemas:
            self._by_table[schema.table, schema.compartment in twins].append(schema)

    def learn(self) -> None:
        """First pass: keys and people. Where a key is claimed twice, another one over that table. Last: what rows say of people, so that children are known before sealing."""
        for table in self._map.tables:
            wanted = self.resolver.needed(table)
            if not wanted:
                continue
            places = [index for index, column in enumerate(table.columns) if column.name in wanted]
            for batch in self._read(table, keep=False):
                read = columns(batch)
                found = {table.columns[place].name: read[place] for place in places}
                self.resolver.learn(table, found)
        self.resolver.settle()
        for table in filter(self.resolver.claimed_twice, self._map.tables):
            for batch in self._read(table, keep=False):
                self.resolver.compare(table, (values for _, values in rows(batch)))
        self._derive()

    def run(self, target: SegmentWriter) -> None:
        """Seal every row into `target`."""
        self._reference = self.crowd.add(Owner(PersonFacts("reference")))
        for table in self._map.tables:
            items: list[Item] = []
            for batch in self._read(table, keep=True):
                for row, values in rows(batch):
                    owner = self._owner(table, row, values)
                    if owner is None:
                        continue
                    self.tallies[table.name].sealed += 1
                    layouts = self._layouts(table.name, self._child(owner))
                    items += [(owner, one, row, pick(values, one.places)) for one in layouts]
                    if len(items) >= CHUNK:
                        self._seal(items, target)
                        items = []
            self._seal(items, target)
        self._seal_quarantine(target)
        self.crowd.settle()
        for tally in self.tallies.values():
            tally.met = tally.sealed + tally.quarantined

    def dek(self, owner: Owner, compartment: int) -> bytes:
        """The key of somebody taken to be changed in one compartment, made at first use."""
        if compartment not in owner.deks:
            made = self._keys.next()
            owner.deks[compartment], owner.key_ids[compartment] = made, self.suite.key_id(made)
        return owner.deks[compartment]

    def places(self) -> Iterator[Location]:
        """Where each record lies, in the order in which they were sealed: of tables, rows, and compartments of a row."""
        return map(Location._make, self._spill.scan("place"))

    def reread(self, table: str) -> Iterator[Batch]:
        """The table once more from its source, for proving that what was sealed is what stands there."""
        return self._read(next(one for one in self._map.tables if one.name == table), keep=False)

    def _owner(self, table: TableMap, row: int, values: Sequence[Value]) -> int | None:
        if table.role == "reference":
            return self._reference
        if table.subject_key:
            found = self.resolver.of_subject_row(table, values[table.key_place])
            reached: tuple[int, ...] = () if found is None else (found,)
        else:
            named = {column.name: value for column, value in zip(table.columns, values, strict=True)}
            reached = self.resolver.of_row(table, named)
        if reached == (AMBIGUOUS,):
            self._reject(table, row, values, "key.claimed-twice")
            return None
        if not reached:
            self._reject(table, row, values, "row.orphan")
            return None
        if any(self.crowd.get(one).kept_out for one in reached):
            # Counted, and nothing of it kept, not even sealed: this person is not to come in again.
            self._quarantine(Quarantined(table.name, table.file, None, row, SUPPRESSED))
            return None
        return reached[0] if len(reached) == 1 else self._together(reached)

    def _together(self, members: tuple[int, ...]) -> int:
        def joint() -> int:
            child = any(self._child(one) for one in members)
            return self.crowd.add(Owner(PersonFacts("joint"), members=members, child=child))

        return self.resolver.together(members, joint)

    def _child(self, number: int) -> bool:
        owner = self.crowd.get(number)
        return owner.child or owner.facts.under(14, self._on)

    def _reject(self, table: TableMap, row: int, values: Sequence[Value], reason: str) -> None:
        self._quarantine(Quarantined(table.name, table.file, None, row, reason, raw=pack(row, list(values))))

    def _quarantine(self, one: Quarantined) -> None:
        self.rejects.put(one)
        if one.table in self.tallies and one.row is not None:
            self.tallies[one.table].quarantined += 1

    def _layouts(self, table: str, child: bool) -> list[SchemaRow]:
        sensitive = [one for one in self._by_table[table, False] if one.compartment not in self._twin]
        general = [one for one in self._by_table[table, False] if one.compartment in self._twin]
        return sensitive + (self._by_table[table, True] if child else general)

    def _seal(self, items: list[Item], target: SegmentWriter) -> None:
        sealed = seal(self._origin, self._items(items), count=len(items))
        self._spill.put("place", [self._sealed(target, item, one) for item, one in zip(items, sealed, strict=True)])
        self.records += len(items)

    def _sealed(self, target: SegmentWriter, item: Item, sealed: bytes) -> Entry:
        (owner, layout, row, _), (position, length) = item, target.add(sealed)
        number, subject = int.from_bytes(sealed[28:32]), sealed[12:28]
        return Location(owner, subject, number, layout.compartment, layout.number, row, position, length)

    def _items(self, items: list[Item]) -> Iterator[tuple[Header, bytes, bytes]]:
        for number, layout, row, values in items:
            owner = self.crowd.take(number)
            dek = self.dek(owner, layout.compartment)
            owner.records += 1
            dek_id = owner.key_ids[layout.compartment]
            header = new_header(
                layout.compartment, layout.number, owner.subject, owner.records, dek_id, suite=self.suite
            )
            yield header, dek, pack(row, values)

    def _seal_quarantine(self, target: SegmentWriter) -> None:
        if not self.rejects.count:
            return
        number = self.crowd.add(Owner(PersonFacts("quarantine")))
        layout = SchemaRow(0, "", QUARANTINE, (), ("table", "line", "row", "reason", "raw"), home=True)
        kept = enumerate(self.rejects.all())
        while some := list(islice(kept, CHUNK)):
            self._seal(
                [(number, layout, place, (q.table, q.line, q.row, q.reason, q.raw)) for place, q in some], target
            )

    def _derive(self) -> None:
        stated = any(table.residence for table in self._map.tables)
        for table in sorted(self._map.tables, key=lambda one: one.role != "subject"):  # own rows, then those about them
            if table.role == "reference":
                continue
            deriver = Deriver(table, self._samples(table), stated=stated)
            if deriver.silent:
                continue
            for batch in self._read(table, keep=False):
                for _, values in rows(batch):
                    for number in self.people(table, values):
                        deriver.learn(self.crowd.take(number).facts, values)

    def people(self, table: TableMap, values: Sequence[Value]) -> tuple[int, ...]:
        """Whom a row reaches, by their numbers among the owners."""
        if table.subject_key:
            found = self.resolver.of_subject_row(table, values[table.key_place])
            return () if found is None or found == AMBIGUOUS else (found,)
        named = {column.name: value for column, value in zip(table.columns, values, strict=True)}
        return tuple(one for one in self.resolver.of_row(table, named) if one != AMBIGUOUS)

    def _samples(self, table: TableMap) -> dict[str, Iterable[str]]:
        """The dates of birth of a column, read when they are asked for: what order their days stand in is judged by all."""
        return {column.name: self._texts(table, place)
                for place, column in enumerate(table.columns) if column.cls == "person.birth_date"}  # fmt: skip

    def _texts(self, table: TableMap, place: int) -> Iterator[str]:
        for batch in self._read(table, keep=False):
            yield from (str(value) for value in cells(batch, place) if value)

    def _read(self, table: TableMap, *, keep: bool) -> Iterator[Batch]:
        source, head = self._found[table.name]
        if head.columns != tuple(column.name for column in table.columns):
            raise Malformed(
                "datamap.changed",
                "A source no longer has the columns of the data map.",
                where={"table": table.name},
                next="Scan it again and sign the new data map.",
            )
        for batch in source.read(table.name, self._quarantine if keep else _ignore):
            if not (set_aside := aside.lines(table, batch)):
                yield batch
                continue
            if keep:
                for place, (row, values) in enumerate(rows(batch)):
                    if place in set_aside:
                        self._reject(table, row, values, set_aside[place])
            yield aside.without(batch, list(set_aside))


def _ignore(_: Quarantined) -> None:
    """The first passes only learn; the sealing pass counts."""


def _schemas(datamap: DataMap) -> Iterator[SchemaRow]:
    twin = {one.child_of: one.number for one in datamap.compartments if one.child_of is not None}
    number = 0
    for table in datamap.tables:
        home = _home(table)
        for compartment in sorted({column.compartment for column in table.columns}):
            places = tuple(i for i, column in enumerate(table.columns) if column.compartment == compartment)
            names = tuple(table.columns[place].name for place in places)
            for target in (compartment, *([twin[compartment]] if compartment in twin else [])):
                number += 1
                yield SchemaRow(number, table.name, target, places, names, home=compartment == home)


def _home(table: TableMap) -> int:
    if table.role == "reference":
        return REFERENCE_COMPARTMENT
    key = table.subject_key or (table.paths[0][0].column if table.paths else table.columns[0].name)
    return next(column.compartment for column in table.columns if column.name == key)
