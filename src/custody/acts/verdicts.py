"""Everybody's verdict, person by person: what a gate says, and of each person their id and their group (spec/law.md §7).

A person takes an id of sixteen bytes, a number of their group and a number for each of their keys: 32 bytes with three of them.
Whoever asks for people by name asks for many at once.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, repeat
from typing import Final

import numpy as np
import numpy.typing as npt

from custody.acts.alike import Numbers
from custody.acts.block import NOWHERE, Ids
from custody.acts.gated import Gated
from custody.acts.groups import COMPARTMENTS, NOBODY, Page, ranks
from custody.acts.roots import UNDECIDED, root_of
from custody.law.gate import VERDICTS

_NEAR: Final = 4_096
_EMPTY: Final[Page] = np.full(0, NOBODY, dtype=np.uint32)
Owner = tuple[bytes, int]
"""A person and a compartment."""
Entry = tuple[bytes, str, tuple[int, int, int], int]
"""Whose key, of which kind of person, where it lies, and the number of its vector."""
Crowd = npt.NDArray[np.bool_]
"""Some of everybody, by place."""


@dataclass(frozen=True)
class Verdicts(Gated):
    """`groups.pages` hold, for each slot, the place of its person in `ids`; `group[place]` is the group of that person."""

    ids: Ids
    group: npt.NDArray[np.uint32]

    @cached_property
    def _ranks(self) -> Numbers:
        return ranks(self.groups, self.numbers, UNDECIDED)

    @cached_property
    def _kinds(self) -> list[str]:
        """The kind of each group."""
        return [one.alike.kind for one in self.groups.known]

    def each(self) -> Iterator[Entry]:
        """Every key of everybody, in the order of their places."""
        for compartment, page in sorted(self.groups.pages):
            yield from self.on(compartment, page)

    def on(self, compartment: int, page: int) -> Iterator[Entry]:
        """The same of one page."""
        slots, who, numbers = self.numbered(compartment, page)
        kinds = [self._kinds[one] for one in self.group[who].tolist()]
        places = zip(repeat(compartment), repeat(page), slots.tolist(), strict=False)
        return zip(self.ids.some(who), kinds, places, numbers.tolist(), strict=False)

    def numbered(self, compartment: int, page: int) -> tuple[Page, Page, Numbers]:
        """(slots, whose, by place, the number of the vector of each) of one page; nothing where nobody has a slot."""
        held = self.groups.pages.get((compartment, page), _EMPTY)
        slots = np.flatnonzero(held != NOBODY).astype(np.uint32)
        who = held[slots]
        return slots, who, self._ranks[self.group[who], compartment]

    def seen(self, owners: Iterable[Owner]) -> Iterator[tuple[int, int]]:
        """(place of the person, number of the vector) of each; NOWHERE for who is not known here, UNDECIDED for what was not decided."""
        source = iter(owners)
        while near := list(islice(source, _NEAR)):
            who = self.ids.find(subject for subject, _ in near)
            compartment = np.fromiter((where for _, where in near), np.int64, len(near))
            known = (who != NOWHERE) & (compartment < COMPARTMENTS)
            number = np.full(len(near), UNDECIDED, dtype=np.int64)
            number[known] = self._ranks[self.group[who[known]], compartment[known]]
            yield from zip(who.tolist(), number.tolist(), strict=True)

    def nobody(self) -> Crowd:
        """A crowd without anybody in it."""
        return np.zeros(len(self.ids), dtype=bool)

    def of_kind(self, kind: str) -> Crowd:
        """Everybody of one kind."""
        return np.array([one == kind for one in self._kinds], dtype=bool)[self.group]

    def holds(self, who: int, place: tuple[int, int, int]) -> bool:
        """Whether a slot is that person's."""
        held = self.groups.pages.get(place[:2])
        return held is not None and int(held[place[2]]) == who

    @staticmethod
    def chosen(numbers: Collection[int]) -> npt.NDArray[np.bool_]:
        """Whether each vector is one of these, by its number."""
        found = np.zeros(UNDECIDED + 1, dtype=bool)
        found[list(numbers)] = True
        return found

    def kind(self, place: int) -> str:
        """The kind of the person at a place."""
        return self._kinds[int(self.group[place])]

    def verdict(self, subject: bytes, compartment: int) -> str:
        """The slug; withhold for what was not decided."""
        ((_, number),) = self.seen([(subject, compartment)])
        return self.slug(number)

    def slug(self, number: int) -> str:
        """The verdict of a vector; withhold for what was not decided."""
        return "withhold" if number == UNDECIDED else self.decisions[number].verdict

    def that(self, verdicts: Collection[str]) -> list[int]:
        """The vectors of these verdicts."""
        return [number for number, one in enumerate(self.decisions) if one.verdict in verdicts]

    def entries_of(self, numbers: Collection[int]) -> int:
        """How many entries have one of these vectors."""
        return sum(self.members[number] for number in numbers)

    def pages_of(self, numbers: Collection[int]) -> set[tuple[int, int]]:
        """The key pages on which somebody has one of these vectors."""
        table = self.chosen(numbers)[self._ranks]
        return {
            (compartment, page)
            for (compartment, page), held in self.groups.pages.items()
            if table[self.group[held[held != NOBODY]], compartment].any()
        }

    def best_of(self, kind: str = "customer") -> Numbers:
        """The most permissive verdict of each subject of one kind, by its place in `VERDICTS`, in the order of their ids."""
        best = np.full(len(self._kinds), VERDICTS.index("withhold"), dtype=np.int64)
        for place, one in self.groups.living():
            told = [VERDICTS.index(self.decisions[self.numbers[place, where]].verdict) for where in one.compartments]
            best[place] = min(told, default=best[place])
        found: Numbers = best[self.group[self.of_kind(kind)]]
        return found

    @cached_property
    def _root(self) -> str:
        return root_of(self.decisions, self._hashed(self.pages()))

    def root(self) -> str:
        """`sha256:` root over the vectors and the verdict pages, which are not kept."""
        return self._root

    def _groups_on(self, held: Page) -> Page:
        return self.group[held]
