"""From the rows of mapped sources to sealed segments, key pages and the rows that say where everything lies (spec/vault.md).

Order, so that a crash leaves garbage and never loss: segments are durable first; then one transaction holds pages,
locations, counts and the ledger entry. Nothing is acknowledged before it commits.
"""

import os
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from custody.acts import aside
from custody.acts.derive import Deriver, PersonFacts
from custody.acts.resolve import AMBIGUOUS, Resolver
from custody.acts.rows import Value, columns, pick, rows
from custody.acts.vaults import QUARANTINE
from custody.base import ids
from custody.base.errors import Malformed
from custody.model.datamap import REFERENCE_COMPARTMENT, DataMap, TableMap
from custody.ports.source import Batch, Quarantined, Source, TableHead
from custody.vault.page import SLOTS
from custody.vault.payload import pack
from custody.vault.record import Header, new_header, seal
from custody.vault.segment import SegmentWriter
from custody.vault.suite import AES, Suite

CHUNK: Final = 2048
Item = tuple[int, "SchemaRow", int, tuple[Value, ...]]
_POOL: Final = 32 * 4096
SUPPRESSED: Final = "row.suppressed"


@dataclass(slots=True)
class Owner:
    """A subject being sealed: random id, facts, keys by compartment, records so far. `members` when it stands for several."""

    facts: PersonFacts
    subject: bytes = field(default_factory=ids.new_subject)
    deks: dict[int, bytes] = field(default_factory=dict)
    key_ids: dict[int, bytes] = field(default_factory=dict)
    slots: dict[int, tuple[int, int]] = field(default_factory=dict)
    records: int = 0
    members: tuple[int, ...] = ()
    child: bool = False
    kept_out: bool = False


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


@dataclass(slots=True)
class Location:
    """Where one record lies."""

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
        self, datamap: DataMap, found: dict[str, tuple[Source, TableHead]], origin: bytes, on: date, suite: Suite = AES
    ) -> None:
        self.suite = suite
        self._map, self._found, self._origin, self._on = datamap, found, origin, on
        self._keys = Keys()
        self.resolver = Resolver(datamap)
        self.owners: list[Owner] = []
        self.tallies: dict[str, Tally] = {table.name: Tally() for table in datamap.tables}
        self.quarantine: list[Quarantined] = []
        self.schemas = list(_schemas(datamap))
        self.locations: list[Location] = []
        self._twin = {one.child_of: one.number for one in datamap.compartments if one.child_of is not None}
        self._joint: dict[tuple[int, ...], int] = {}
        self._by_table: dict[tuple[str, bool], list[SchemaRow]] = defaultdict(list)
        twins = set(self._twin.values())
        for schema in self.schemas:
            self._by_table[schema.table, schema.compartment in twins].append(schema)

    def learn(self) -> None:
        """First pass: keys and people. Second: what rows say of them, so that children are known before sealing."""
        for table in self._map.tables:
            wanted = self.resolver.needed(table)
            if not wanted:
                continue
            places = [index for index, column in enumerate(table.columns) if column.name in wanted]
            for batch in self._read(table, keep=False):
                cells = columns(batch)
                found = {table.columns[place].name: cells[place] for place in places}
                self.resolver.learn(table, batch.rows, found)
        self.owners = [Owner(PersonFacts(person.kind)) for person in self.resolver.persons]
        self._derive()

    def run(self, target: SegmentWriter) -> None:
        """Seal every row into `target`."""
        reference = Owner(PersonFacts("reference"))
        self.owners.append(reference)
        self._reference = len(self.owners) - 1
        for table in self._map.tables:
            items: list[Item] = []
            for batch in self._read(table, keep=True):
                for row, values in rows(batch):
                    owner = self._owner(table, row, values)
                    if owner is None:
                        continue
                    self.tallies[table.name].sealed += 1
                    child = self.owners[owner].child
                    items += [(owner, one, row, pick(values, one.places)) for one in self._layouts(table.name, child)]
                    if len(items) >= CHUNK:
                        self._seal(items, target)
                        items = []
            self._seal(items, target)
        self._seal_quarantine(target)
        for tally in self.tallies.values():
            tally.met = tally.sealed + tally.quarantined

    def assign_slots(self) -> dict[int, list[list[int]]]:
        """{compartment: [owners of page 0, of page 1, …]}: random order, so that a slot tells nothing of age."""
        pages: dict[int, list[list[int]]] = {}
        by_compartment: dict[int, list[int]] = defaultdict(list)
        for number, owner in enumerate(self.owners):
            for compartment in owner.deks:
                by_compartment[compartment].append(number)
        for compartment, members in sorted(by_compartment.items()):
            secrets.SystemRandom().shuffle(members)
            split = [members[start : start + SLOTS] for start in range(0, len(members), SLOTS)]
            for page, inside in enumerate(split):
                for slot, number in enumerate(inside):
                    self.owners[number].slots[compartment] = (page, slot)
            pages[compartment] = split
        return pages

    def dek(self, number: int, compartment: int) -> bytes:
        """The key of one owner in one compartment, made at first use."""
        owner = self.owners[number]
        if compartment not in owner.deks:
            made = self._keys.next()
            owner.deks[compartment], owner.key_ids[compartment] = made, self.suite.key_id(made)
        return owner.deks[compartment]

    def reread(self, table: str) -> Iterator[Batch]:
        """The table once more from its source, for proving that what was sealed is what stands there."""
        return self._read(next(one for one in self._map.tables if one.name == table), keep=False)

    def _owner(self, table: TableMap, row: int, values: Sequence[Value]) -> int | None:
        if table.role == "reference":
            return self._reference
        if table.subject_key:
            place = next(i for i, column in enumerate(table.columns) if column.name == table.subject_key)
            found = self.resolver.of_subject_row(table, values[place])
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
        if any(self.owners[one].kept_out for one in reached):
            # Counted, and nothing of it kept, not even sealed: this person is not to come in again.
            self._quarantine(Quarantined(table.name, table.file, None, row, SUPPRESSED))
            return None
        return reached[0] if len(reached) == 1 else self._together(reached)

    def _together(self, members: tuple[int, ...]) -> int:
        if members not in self._joint:
            made = Owner(PersonFacts("joint"), members=members, child=any(self.owners[one].child for one in members))
            self.owners.append(made)
            self._joint[members] = len(self.owners) - 1
        return self._joint[members]

    def _reject(self, table: TableMap, row: int, values: Sequence[Value], reason: str) -> None:
        self._quarantine(Quarantined(table.name, table.file, None, row, reason, raw=pack(row, list(values))))

    def _quarantine(self, one: Quarantined) -> None:
        self.quarantine.append(one)
        if one.table in self.tallies and one.row is not None:
            self.tallies[one.table].quarantined += 1

    def _layouts(self, table: str, child: bool) -> list[SchemaRow]:
        sensitive = [one for one in self._by_table[table, False] if one.compartment not in self._twin]
        general = [one for one in self._by_table[table, False] if one.compartment in self._twin]
        return sensitive + (self._by_table[table, True] if child else general)

    def _seal(self, items: list[Item], target: SegmentWriter) -> None:
        for (owner, layout, row, _), sealed in zip(
            items, seal(self._origin, self._items(items), count=len(items)), strict=True
        ):
            subject = self.owners[owner]
            position, length = target.add(sealed)
            number = int.from_bytes(sealed[28:32])
            self.locations.append(
                Location(subject.subject, number, layout.compartment, layout.number, row, position, length)
            )

    def _items(self, items: list[Item]) -> Iterator[tuple[Header, bytes, bytes]]:
        for owner, layout, row, values in items:
            subject = self.owners[owner]
            dek = self.dek(owner, layout.compartment)
            subject.records += 1
            dek_id = subject.key_ids[layout.compartment]
            header = new_header(
                layout.compartment, layout.number, subject.subject, subject.records, dek_id, suite=self.suite
            )
            yield header, dek, pack(row, values)

    def _seal_quarantine(self, target: SegmentWriter) -> None:
        if not self.quarantine:
            return
        self.owners.append(Owner(PersonFacts("quarantine")))
        layout = SchemaRow(0, "", QUARANTINE, (), ("table", "line", "row", "reason", "raw"), home=True)
        number = len(self.owners) - 1
        kept: list[Item] = [
            (number, layout, place, (q.table, q.line, q.row, q.reason, q.raw))
            for place, q in enumerate(self.quarantine)
        ]
        for start in range(0, len(kept), CHUNK):
            self._seal(kept[start : start + CHUNK], target)

    def _derive(self) -> None:
        for table in self._map.tables:
            if table.role == "reference":
                continue
            deriver = Deriver(table, self._samples(table))
            for batch in self._read(table, keep=False):
                for _, values in rows(batch):
                    for number in self.people(table, values):
                        deriver.learn(self.owners[number].facts, values)
        for owner in self.owners:
            owner.child = owner.facts.under(14, self._on)

    def people(self, table: TableMap, values: Sequence[Value]) -> tuple[int, ...]:
        """Whom a row reaches, by their numbers among the owners."""
        if table.subject_key:
            place = next(i for i, column in enumerate(table.columns) if column.name == table.subject_key)
            found = self.resolver.of_subject_row(table, values[place])
            return () if found is None or found == AMBIGUOUS else (found,)
        named = {column.name: value for column, value in zip(table.columns, values, strict=True)}
        return tuple(one for one in self.resolver.of_row(table, named) if one != AMBIGUOUS)

    def _samples(self, table: TableMap) -> dict[str, list[str]]:
        places = [i for i, column in enumerate(table.columns) if column.cls == "person.birth_date"]
        found: dict[str, list[str]] = {}
        if places:
            for batch in self._read(table, keep=False):
                cells = columns(batch)
                for place in places:
                    texts = (str(value) for value in cells[place] if value)
                    found.setdefault(table.columns[place].name, []).extend(texts)
        return found

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
