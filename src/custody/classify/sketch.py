"""Distinct values in bounded memory, the same whatever the order and the batches: the smallest hashes are kept.

Two sketches of the same size compare: below the smaller of their bounds both hold every hash there is, so the share of
one column's values that the other holds is estimated without keeping a value (bottom-k, theta sketches).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from custody.classify.cells import U64, Cells

KEPT: Final = 1 << 18
SAMPLE: Final = 512
_TOP: Final = np.uint64(2**64 - 1)
_CLIP: Final = 400


@dataclass(slots=True)
class Sketch:
    """Hashes of distinct values, all of them up to `kept`, then the smallest; and the values behind the smallest few."""

    kept: int = KEPT
    hashes: U64 = field(default_factory=lambda: np.zeros(0, np.uint64))
    bound: np.uint64 = _TOP
    values: dict[int, str] = field(default_factory=dict)
    _waiting: list[U64] = field(default_factory=list)
    _held: int = 0
    _sample_bound: np.uint64 = _TOP

    def add(self, found: Cells) -> None:
        """Take in one batch."""
        fresh = np.unique(found.hashed)
        fresh = fresh[fresh <= self.bound]
        if len(fresh):
            self._waiting.append(fresh)
            self._held += len(fresh)
            if self._held >= self.kept:
                self._merge()
        self._sample(found)

    def close(self, *, keep: int | None = None) -> "Sketch":
        """Merge what waits; `keep` shrinks a sketch that joins will not need."""
        if keep is not None:
            self.kept = keep
        self._merge()
        return self

    @property
    def exact(self) -> bool:
        """Whether every distinct value is held."""
        return bool(self.bound == _TOP)

    def distinct(self) -> int:
        """Number of distinct values: exact below the bound, else the bottom-k estimate."""
        if self.exact:
            return len(self.hashes)
        return int((len(self.hashes) - 1) / (float(self.bound) / 2.0**64))

    def contained(self, other: "Sketch") -> tuple[float, int]:
        """(share of this sketch's values that `other` holds, number of values compared)."""
        bound = min(self.bound, other.bound)
        mine = self.hashes[: np.searchsorted(self.hashes, bound, side="right")]
        if not len(mine):
            return 0.0, 0
        place = np.minimum(np.searchsorted(other.hashes, mine), max(0, len(other.hashes) - 1))
        if not len(other.hashes):
            return 0.0, len(mine)
        return float((other.hashes[place] == mine).mean()), len(mine)

    def _merge(self) -> None:
        if self._waiting:
            self.hashes = np.unique(np.concatenate([self.hashes, *self._waiting]))
            self._waiting, self._held = [], 0
        if len(self.hashes) > self.kept:
            self.hashes = self.hashes[: self.kept].copy()
            self.bound = self.hashes[-1]

    def _sample(self, found: Cells) -> None:
        near = np.flatnonzero(found.hashed <= self._sample_bound)
        if len(near) > SAMPLE:
            fresh, first = np.unique(found.hashed[near], return_index=True)
            near = near[first[:SAMPLE]] if len(fresh) > SAMPLE else near[first]
        if not len(near):
            return
        for place in near.tolist():
            key = int(found.hashed[place])
            if key not in self.values:
                self.values[key] = found.text[place].as_py()[:_CLIP]
        if len(self.values) > SAMPLE:
            kept = sorted(self.values)[:SAMPLE]
            self.values = {key: self.values[key] for key in kept}
        if len(self.values) == SAMPLE:
            self._sample_bound = np.uint64(max(self.values))
