"""Groups of people who are decided alike, and the group of each slot: all that a gate says follows from these (spec/law.md §7).

A group is what its people share, down to which compartments they have something in. So counts are sums over groups, and
a person whose facts or answers change moves from one group to another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from custody.acts.alike import Alike, Numbers
from custody.vault.page import SLOTS

NOBODY: Final = 0xFFFFFFFF
COMPARTMENTS: Final = 16
Page = npt.NDArray[np.uint32]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """People alike who have something in the same compartments."""

    alike: Alike
    compartments: tuple[int, ...]


@dataclass(slots=True)
class Groups:
    """`people[n]` of group n; `pages` hold the group of each slot. `until`: the first day on which somebody reads otherwise."""

    known: list[Group] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    pages: dict[Place, Page] = field(default_factory=dict)
    until: str = ""
    moved: int = 0
    rewritten: set[Place] = field(default_factory=set)
    _number: dict[Group, int] = field(default_factory=dict)

    def number(self, group: Group) -> int:
        """Its number; a new one where nobody was like this."""
        if not self._number:
            self._number = {one: place for place, one in enumerate(self.known)}
        if group not in self._number:
            self._number[group] = len(self.known)
            self.known.append(group)
            self.people.append(0)
        return self._number[group]

    def at(self, compartment: int, page: int, slot: int) -> int | None:
        """The group that a slot belongs to."""
        held = self.pages.get((compartment, page))
        return None if held is None or held[slot] == NOBODY else int(held[slot])

    def put(self, compartment: int, page: int, slot: int, number: int) -> None:
        """Say whose a slot is; NOBODY's where it is not used any more."""
        held = self.pages.setdefault((compartment, page), np.full(SLOTS, NOBODY, dtype=np.uint32))
        held[slot] = number
        self.rewritten.add((compartment, page))

    def living(self) -> Iterator[tuple[int, Group]]:
        """The groups that somebody is in."""
        return ((place, one) for place, one in enumerate(self.known) if self.people[place])


def ranks(groups: Groups, numbers: Mapping[tuple[int, int], int], nothing: int = 0) -> Numbers:
    """[group, compartment] -> vector, for looking up whole pages."""
    table = np.full((len(groups.known), COMPARTMENTS), nothing, dtype=np.int64)
    for (group, compartment), number in numbers.items():
        table[group, compartment] = number
    return table
