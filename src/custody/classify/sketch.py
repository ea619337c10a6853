"""Distinct values in bounded memory, the same whatever the order and the batches: the smallest hashes are kept.

Two sketches of the same size compare: below the smaller of their bounds both hold every hash there is, so the share of
one column's values that the other holds is estimated without keeping a value (bottom-k, theta sketches).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from custody.classify.cells import U64, Cells

KEPT: Final = 1 << 18
SAMPLE: Final = 512
_TOP: Final = np.uint64(2**64 - 1)
_CLIP: Final = 400


def distinct(hashes: U64) -> U64:
    """Sorted, each once. Sorting beats hashing here: it is vectorised, and merging sorts what is mostly sorted."""
    ordered = np.sort(hashes)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


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
        fresh = found.hashed if self.exact else found.hashed[found.hashed <= self.bound]
        fresh = distinct(fresh)
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
            self.hashes = distinct(np.concatenate([self.hashes, *self._waiting]))
            self._waiting, self._held = [], 0
        if len(self.hashes) > self.kept:
            self.hashes = self.hashes[: self.kept].copy()
            self.bound = self.hashes[-1]

    def _sample(self, found: Cells) -> None:
        near = np.flatnonzero(found.hashed <= self._sample_bound)
        if len(near) > SAMPLE:
            near = near[np.argsort(found.hashed[near], kind="stable")]
            first = np.flatnonzero(np.concatenate(([True], np.diff(found.hashed[near]) != 0)))
            near = near[first[:SAMPLE]]
        if not len(near):
            return
        keys = found.hashed[near].tolist()
        fresh_places = [(key, place) for key, place in zip(keys, near.tolist(), strict=True) if key not in self.values]
        texts = found.text.take(pa.array([place for _, place in fresh_places], pa.int64())).to_pylist()
        for (key, _), text in zip(fresh_places, texts, strict=True):
            self.values[key] = text[:_CLIP]
        if len(self.values) > SAMPLE:
            kept = sorted(self.values)[:SAMPLE]
            self.values = {key: self.values[key] for key in kept}
        if len(self.values) == SAMPLE:
            self._sample_bound = np.uint64(max(self.values))
