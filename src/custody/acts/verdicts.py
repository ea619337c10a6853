"""Everybody's verdict as columns: a million people have a few hundred distinct cases (spec/law.md §7).

One entry per (subject, compartment): who, where its key lies, and the number of its vector. Counting, paging and the
root run over columns; what works person by person asks `of`, `kinds` and `places`, made when first asked for.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.errors import Unavailable
from custody.law.gate import VERDICTS, Decision
from custody.vault.page import SLOTS

UNDECIDED: Final = 0xFFFF
_RANK: Final = {verdict: place for place, verdict in enumerate(VERDICTS)}
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Verdicts:
    """`decisions[n]` and `cases[n]` are vector n; `who`, `compartment`, `page`, `slot`, `number` are one entry each."""

    decisions: Sequence[Decision]
    cases: Sequence[Json]
    ids: Sequence[bytes]
    kind: Numbers
    kind_names: Sequence[str]
    who: Numbers
    compartment: Numbers
    page: Numbers
    slot: Numbers
    number: Numbers

    def __post_init__(self) -> None:
        too_many(self.decisions)

    @cached_property
    def of(self) -> Mapping[tuple[bytes, int], int]:
        """{(subject, compartment): vector}."""
        entries = zip(self.who.tolist(), self.compartment.tolist(), self.number.tolist(), strict=True)
        return {(self.ids[who], compartment): number for who, compartment, number in entries}

    @cached_property
    def kinds(self) -> Mapping[bytes, str]:
        """{subject: kind} of every live subject."""
        return {one: self.kind_names[kind] for one, kind in zip(self.ids, self.kind.tolist(), strict=True)}

    @cached_property
    def places(self) -> Mapping[bytes, Mapping[int, tuple[int, int]]]:
        """{subject: {compartment: (page, slot)}}."""
        found: dict[bytes, dict[int, tuple[int, int]]] = {one: {} for one in self.ids}
        columns = (self.who, self.compartment, self.page, self.slot)
        for who, compartment, page, slot in zip(*(one.tolist() for one in columns), strict=True):
            found[self.ids[who]][compartment] = (page, slot)
        return found

    def verdict(self, subject: bytes, compartment: int) -> str:
        """The slug; withhold for what was not decided."""
        number = self.of.get((subject, compartment))
        return "withhold" if number is None else self.decisions[number].verdict

    def best(self, subject: bytes) -> str:
        """The most permissive verdict over the subject's compartments: how the subject is counted."""
        return min((self.verdict(subject, one) for one in self.places[subject]), key=VERDICTS.index, default="withhold")

    @property
    def regimes(self) -> tuple[str, ...]:
        """Every place whose law binds somebody here."""
        return places_bound(self.cases)

    @property
    def members(self) -> list[int]:
        """How many entries each vector has."""
        return cast("list[int]", np.bincount(self.number, minlength=len(self.decisions)).tolist())

    def by_verdict(self, kind: str = "customer") -> dict[str, int]:
        """Subjects of one kind counted once each by their most permissive verdict; every slug is there."""
        return self._tally(self.best_of(kind))

    def best_of(self, kind: str = "customer") -> Numbers:
        """The most permissive verdict of each subject of one kind, by its place in `VERDICTS`, in the order of `ids`."""
        best = self._best(np.ones(len(self.who), dtype=bool))
        best[best == len(VERDICTS)] = _RANK["withhold"]
        return best[self._is(kind)]

    def by_tier(self, tiers: Mapping[int, str], kind: str = "customer") -> dict[str, dict[str, int]]:
        """As `by_verdict`, over the compartments of each tier; who has none of a tier is not counted in it."""
        chosen = {tier: [number for number, one in tiers.items() if one == tier] for tier in ("general", "sensitive")}
        chosen["general"] += [one for one in np.unique(self.compartment).tolist() if one not in tiers]
        return {
            tier: self._tally(self._best(np.isin(self.compartment, numbers))[self._is(kind)])
            for tier, numbers in chosen.items()
        }

    def _best(self, mask: npt.NDArray[np.bool_]) -> Numbers:
        """For each subject the smallest rank among its entries in `mask`; one past the last where it has none."""
        ranks = np.array([_RANK[one.verdict] for one in self.decisions], dtype=np.int64)
        best = np.full(len(self.ids), len(VERDICTS), dtype=np.int64)
        who, rank = self.who[mask], ranks[self.number[mask]] if len(ranks) else self.number[mask]
        if len(who):
            starts = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1])))
            best[who[starts]] = np.minimum.reduceat(rank, starts)
        return best

    def _tally(self, best: Numbers) -> dict[str, int]:
        nobody = len(VERDICTS)
        counts = np.bincount(best[best < nobody], minlength=nobody).tolist()
        return dict(zip(VERDICTS, counts, strict=True))

    def people_of(self, numbers: Sequence[int], kind: str = "customer") -> int:
        """How many subjects of a kind have an entry of one of these vectors."""
        chosen = np.zeros(len(self.decisions) + 1, dtype=bool)
        chosen[list(numbers)] = True
        found = np.zeros(len(self.ids), dtype=bool)
        found[self.who[chosen[self.number]]] = True
        return int(np.count_nonzero(found & self._is(kind)))

    def _is(self, kind: str) -> npt.NDArray[np.bool_]:
        wanted = [code for code, name in enumerate(self.kind_names) if name == kind]
        return np.isin(self.kind, wanted)

    def pages(self) -> Iterator[tuple[int, int, bytes]]:
        """(compartment, page, vector number of each slot as big-endian 16 bits), in order."""
        if not len(self.who):
            return
        width = int(self.page.max()) + 1
        key = self.compartment * width + self.page
        keys, inverse = np.unique(key, return_inverse=True)
        table = np.full((len(keys), SLOTS), UNDECIDED, dtype=">u2")
        table[inverse, self.slot] = self.number
        for place, one in enumerate(keys.tolist()):
            yield one // width, one % width, table[place].tobytes()

    def root(self) -> str:
        """`sha256:` root over the vectors and the verdict pages."""
        return root_of(
            self.decisions, ((place, page, hashlib.sha256(blob).hexdigest()) for place, page, blob in self.pages())
        )


def places_bound(cases: Sequence[Json]) -> tuple[str, ...]:
    """Every place whose law binds somebody in these cases."""
    known = [one for one in cases if isinstance(one, Mapping)]
    return tuple(sorted({str(place) for one in known for place in cast("list[str]", one.get("regimes", []))}))


def root_of(decisions: Sequence[Decision], pages: Iterable[tuple[int, int, str]]) -> str:
    """`sha256:` root over the vectors and the hashes of the verdict pages."""
    leaves: list[Json] = [["vector", number, one.verdict, list(one.rules)] for number, one in enumerate(decisions)]
    leaves += [["page", *page] for page in pages]
    return "sha256:" + merkle.root([merkle.leaf_hash(canonical.encode(leaf)) for leaf in leaves]).hex()


def too_many(decisions: Sequence[Decision]) -> None:
    """Raises Unavailable `gate.vectors` where a verdict page cannot number the cases."""
    if len(decisions) > UNDECIDED:
        raise Unavailable("gate.vectors", "There are more distinct cases than a verdict page can number.")
