"""Chance that repeats: one stream of numbers per place, and shares that are met exactly, not on average.

A stream depends on the seed and on what it is for, so one customer can be made again without the others. A `Share`
cuts all customers into equal parts and picks one of each: "one in sixty" is there in a small sample too.
"""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

LEAST: Final = 50
"""Fewer customers than this get no rarities and no faults: a file of one good line stays one good line."""


def stream(seed: int, *place: object) -> Random:
    """Random numbers for one place, the same on every machine."""
    words = "/".join(str(word) for word in (seed, *place))
    return Random(words)  # noqa: S311 - invented data must repeat for a seed; nothing here is a secret


def pick(rng: Random, weighted: Sequence[tuple[str, int]]) -> str:
    """One of the words, by weight; the weights are per mille and add up to 1000."""
    left = rng.randrange(1000)
    for word, weight in weighted:
        left -= weight
        if left < 0:
            return word
    raise AssertionError("the weights do not add up to 1000")


def day(rng: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both possible."""
    return date.fromordinal(rng.randrange(first.toordinal(), last.toordinal() + 1))


LANES: Final = 10


class Share:
    """One in `every` of `total` customers, at least one when there are `LEAST` of them.

    Shares that would spoil one another (a child who is also staff) run in different lanes: a lane is one place in ten.
    """

    __slots__ = ("_at", "_lane", "_name", "_part", "_seed", "_total", "count")

    def __init__(self, seed: int, name: str, total: int, every: int, lane: int | None = None) -> None:
        assert lane is None or every >= LANES
        self._lane = lane
        self.count = max(1, total // every) if total >= LEAST else 0
        self._seed, self._name, self._total = seed, name, total
        self._part, self._at = -1, -1

    def rank(self, index: int) -> int | None:
        """The how-manieth of the share this customer is, from 0; None when not of it."""
        if not self.count:
            return None
        part = index * self.count // self._total
        return part if part < self.count and index == self.index(part) else None

    def index(self, part: int) -> int:
        """The customer picked from this part."""
        if part != self._part:  # one part is remembered, so that a pass in order stays cheap and needs no memory
            low = -(-part * self._total // self.count)
            high = -(-(part + 1) * self._total // self.count)
            places = range(low, high) if self._lane is None else range(low + (self._lane - low) % LANES, high, LANES)
            self._part, self._at = part, stream(self._seed, self._name, part).choice(places)
        return self._at

    def has(self, index: int) -> bool:
        """Whether this customer is of the share."""
        return self.rank(index) is not None
