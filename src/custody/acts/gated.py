"""What a gate says, from the groups of people: vectors, verdict pages, root and counts (spec/law.md §7).

`verdicts.Verdicts` says the same and knows each person besides.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from custody.acts.groups import NOBODY, Group, Groups, Page, ranks
from custody.acts.roots import UNDECIDED, places_bound, root_of
from custody.base.canonical import Json
from custody.law.gate import VERDICTS, Decision


@dataclass(frozen=True)
class Gated:
    """`numbers[group, compartment]` is the vector of what that group has there."""

    groups: Groups
    decisions: Sequence[Decision]
    cases: Sequence[Json]
    numbers: Mapping[tuple[int, int], int]

    @cached_property
    def _living(self) -> list[tuple[int, Group]]:
        return list(self.groups.living())

    @property
    def count(self) -> int:
        """How many entries, of a person and a compartment, were decided."""
        return sum(self.groups.people[place] * len(one.compartments) for place, one in self._living)

    @property
    def kind_names(self) -> list[str]:
        """The kinds of people there are."""
        return sorted({one.alike.kind for _, one in self._living})

    @property
    def regimes(self) -> tuple[str, ...]:
        """Every place whose law binds somebody here."""
        return places_bound(self.cases)

    @property
    def members(self) -> list[int]:
        """How many entries each vector has."""
        found = [0] * len(self.decisions)
        for (group, _), number in self.numbers.items():
            found[number] += self.groups.people[group]
        return found

    def by_verdict(self, kind: str = "customer") -> dict[str, int]:
        """Subjects of one kind counted once each by their most permissive verdict; every slug is there."""
        return self._counted(kind, None)

    def by_tier(self, tiers: Mapping[int, str], kind: str = "customer") -> dict[str, dict[str, int]]:
        """As `by_verdict`, over the compartments of each tier; who has none of a tier is not counted in it."""
        return {tier: self._counted(kind, (tiers, tier)) for tier in ("general", "sensitive")}

    def _counted(self, kind: str, only: tuple[Mapping[int, str], str] | None) -> dict[str, int]:
        found = dict.fromkeys(VERDICTS, 0)
        for place, one in self._living:
            told = [
                VERDICTS.index(self.decisions[self.numbers[place, where]].verdict)
                for where in one.compartments
                if only is None or only[0].get(where, "general") == only[1]
            ]
            if one.alike.kind == kind and (told or only is None):
                found[VERDICTS[min(told)] if told else "withhold"] += self.groups.people[place]
        return found

    def people_of(self, numbers: Sequence[int], kind: str = "customer") -> int:
        """How many subjects of a kind have an entry of one of these vectors."""
        wanted = set(numbers)
        return sum(
            self.groups.people[place]
            for place, one in self._living
            if one.alike.kind == kind and any(self.numbers[place, where] in wanted for where in one.compartments)
        )

    def pages(self) -> Iterator[tuple[int, int, bytes]]:
        """(compartment, page, vector number of each slot as big-endian 16 bits), in order."""
        table = ranks(self.groups, self.numbers)
        for (compartment, page), held in sorted(self.groups.pages.items()):
            used = held != NOBODY
            if used.any():
                told = np.full(len(held), UNDECIDED, dtype=">u2")
                told[used] = table[self._groups_on(held[used]), compartment]
                yield compartment, page, told.tobytes()

    @cached_property
    def blobs(self) -> list[tuple[int, int, bytes]]:
        """The verdict pages, made once."""
        return list(self.pages())

    def root(self) -> str:
        """`sha256:` root over the vectors and the verdict pages."""
        return root_of(self.decisions, self._hashed(self.blobs))

    @staticmethod
    def _hashed(pages: Iterable[tuple[int, int, bytes]]) -> Iterator[tuple[int, int, str]]:
        return ((place, page, hashlib.sha256(blob).hexdigest()) for place, page, blob in pages)

    def _groups_on(self, held: Page) -> Page:
        """The groups that the numbers of a page stand for."""
        return held
