"""People read in stretches and sorted into groups of those who are decided alike (spec/law.md §7, docs/architecture.md §8).

Of a person nothing is held here once their stretch is done: who wants to keep something of them keeps a number for each.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, NamedTuple, Protocol, cast

import numpy as np

from custody.acts.alike import GONE, JOINT, OUTSIDE, SLOT_DTYPE, Alike, Held, Numbers, Person, joint, split
from custody.acts.filed import Filed
from custody.acts.groups import COMPARTMENTS, Group, Groups
from custody.base import canonical
from custody.base.canonical import Json
from custody.law import subject as subjects
from custody.ports.store import Transaction

_NEAR: Final = 1 << 13
"""People in a stretch."""
_REMEMBERED: Final = 1 << 15
_NAMES: Final = ("id", "kind", "slots", "facts", "members")


class Stretch(NamedTuple):
    """Some people: their ids, and the group of each; then one entry for each key: whose, by place among them, and where it lies."""

    ids: Sequence[bytes]
    group: Numbers
    who: Numbers
    compartment: Numbers
    page: Numbers
    slot: Numbers


class People(Protocol):
    """Where people come from, as (id, kind, slots, facts, members)."""

    def everybody(self) -> Iterator[Person]:
        """All who live."""
        ...

    def joint(self) -> Iterator[Person]:
        """Those of them who stand for several."""
        ...

    def some(self, ids: Iterable[bytes]) -> Iterator[Person]:
        """Those of them with these ids."""
        ...


@dataclass(frozen=True, slots=True)
class Living:
    """Everybody live in a vault."""

    tx: Transaction
    vault: str

    def everybody(self) -> Iterator[Person]:
        return cast("Iterator[Person]", self.tx.columns("subject", _NAMES, vault=self.vault, state="live"))

    def joint(self) -> Iterator[Person]:
        return cast("Iterator[Person]", self.tx.columns("subject", _NAMES, vault=self.vault, state="live", kind=JOINT))

    def some(self, ids: Iterable[bytes]) -> Iterator[Person]:
        return cast("Iterator[Person]", self.tx.among("subject", _NAMES, "id", ids, vault=self.vault, state="live"))


@dataclass(frozen=True, slots=True)
class Alone:
    """One person and nobody else."""

    person: Person

    def everybody(self) -> Iterator[Person]:
        yield self.person

    def joint(self) -> Iterator[Person]:
        yield self.person

    def some(self, ids: Iterable[bytes]) -> Iterator[Person]:
        return (one for one in (self.person,) if one[0] in set(ids))


class _Known(dict[tuple[str, bytes, int], int]):
    """The group of people who are written alike. It is a memory, not a record: at so many it begins anew."""

    def __init__(self, number: Callable[[str, bytes, int], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, key: tuple[str, bytes, int]) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[key] = made = self._number(*key)
        return made


@dataclass(slots=True)
class Sorting:
    """One pass over people. `groups` grows with it, and `groups.until` is the first day on which somebody reads otherwise."""

    filed: Filed
    on: date
    groups: Groups = field(default_factory=Groups)
    _alike: list[Alike] = field(default_factory=list)
    _number: dict[Alike, int] = field(default_factory=dict)
    _combined: dict[int, int] = field(default_factory=dict)

    def run(self, people: People) -> Iterator[Stretch]:
        """Everybody, stretch by stretch; who stands for several comes last, when those are known."""
        known, several = _Known(self._read), False
        for near in _stretches(people.everybody()):
            alone = [one for one in near if one[1] != JOINT]
            several = several or len(alone) < len(near)
            if alone:
                ids, kinds, slots, facts, _ = zip(*alone, strict=True)
                written = zip(kinds, facts, self.filed.numbers(ids), strict=True)
                alike = np.fromiter(map(known.__getitem__, written), np.int64, len(ids))
                yield self._sorted(ids, alike, slots)
        for near in _stretches(people.joint()) if several else ():
            ids, _, slots, _, _ = zip(*near, strict=True)
            yield self._sorted(ids, np.array(list(self._joint(people, near)), dtype=np.int64), slots)

    def alike(self, kind: str, facts: bytes, held: Held) -> Alike:
        """Somebody without members."""
        row = cast("dict[str, Json]", canonical.decode(facts)) if facts else {}
        turns = subjects.changes_after(row, self.on)
        self.groups.until = min(filter(None, (self.groups.until, turns)), default="")
        return Alike(kind, subjects.read(row, self.on), held)

    def _read(self, kind: str, facts: bytes, held: int) -> int:
        return self._numbered(self.alike(kind, facts, self.filed.sets[held]))

    def _numbered(self, alike: Alike) -> int:
        if alike not in self._number:
            self._number[alike] = len(self._alike)
            self._alike.append(alike)
        return self._number[alike]

    def _joint(self, people: People, near: Sequence[Person]) -> Iterator[int]:
        wanted = {member for one in near for member in split(one[4])}
        members = people.some(wanted)
        known = {who: self.alike(kind, facts, self.filed.get(who)) for who, kind, _, facts, _ in members}
        for who, kind, _, facts, listed in near:
            own = self.alike(kind, facts, self.filed.get(who))
            yield self._numbered(joint(own, [known.get(member, GONE) for member in split(listed)]))

    def _sorted(self, ids: Sequence[bytes], alike: Numbers, slots: Sequence[bytes]) -> Stretch:
        table = np.frombuffer(b"".join(slots), dtype=SLOT_DTYPE)
        inside = ~np.isin(table["compartment"], OUTSIDE)
        many = np.fromiter(map(len, slots), np.int64, len(slots)) // SLOT_DTYPE.itemsize
        who = np.repeat(np.arange(len(ids)), many)[inside]
        compartment, page, slot = (table[name][inside].astype(np.int64) for name in ("compartment", "page", "slot"))
        return Stretch(ids, self._grouped(alike, who, compartment), who, compartment, page, slot)

    def _grouped(self, alike: Numbers, who: Numbers, compartment: Numbers) -> Numbers:
        """A group is who is alike and has something in the same compartments."""
        masks = np.zeros(len(alike), dtype=np.int64)
        if len(who):
            starts = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1])))
            masks[who[starts]] = np.bitwise_or.reduceat(np.int64(1) << compartment, starts)
        keys, place, count = np.unique((alike << COMPARTMENTS) | masks, return_inverse=True, return_counts=True)
        numbers = [self._combined_number(key) for key in keys.tolist()]
        for number, people in zip(numbers, count.tolist(), strict=True):
            self.groups.people[number] += people
        return np.array(numbers, dtype=np.int64)[place]

    def _combined_number(self, key: int) -> int:
        if key not in self._combined:
            inside = tuple(place for place in range(COMPARTMENTS) if key >> place & 1)
            self._combined[key] = self.groups.number(Group(self._alike[key >> COMPARTMENTS], inside))
        return self._combined[key]


def _stretches(rows: Iterator[Person]) -> Iterator[list[Person]]:
    while near := list(islice(rows, _NEAR)):
        yield near
