"""Ids of people as blocks of bytes: what holds of millions costs sixteen bytes of each, and is asked for in stretches.

An object of Python for each id would take four times that, a dict or a set ten times.
"""

from array import array
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from custody.acts.vaults import SUBJECT_BYTES

Numbers = npt.NDArray[np.int64]
Halves = npt.NDArray[np.uint64]
NOWHERE: Final = -1


class Ids:
    """Ids in the order of their first eight bytes, none twice: these tell almost everybody apart, the other eight all."""

    def __init__(self, ids: bytes | bytearray = b"") -> None:
        self._first, self._second = _halves(ids)

    @classmethod
    def of(cls, first: Halves, second: Halves) -> "Ids":
        """From their halves."""
        made = cls()
        made._first, made._second = first, second
        return made

    def some(self, places: npt.NDArray[np.integer[Any]]) -> list[bytes]:
        """The ids at these places."""
        both = np.stack([self._first[places], self._second[places]], axis=1).astype(">u8").tobytes()
        return [both[start : start + SUBJECT_BYTES] for start in range(0, len(both), SUBJECT_BYTES)]

    def __len__(self) -> int:
        return len(self._first)

    def find(self, ids: Iterable[bytes]) -> Numbers:
        """The place of each of these ids, of sixteen bytes; NOWHERE for who is not there."""
        first, second = _halves(b"".join(ids))
        place = np.searchsorted(self._first, first)
        found = np.full(len(first), NOWHERE, dtype=np.int64)
        left = np.arange(len(first))
        while len(left := left[self._agree(place[left], first[left])]):
            same = self._second[place[left]] == second[left]
            found[left[same]] = place[left[same]]
            left = left[~same]
            place[left] += 1
        return found

    def _agree(self, place: Numbers, first: Halves) -> npt.NDArray[np.bool_]:
        """Whether there is an id at each place that begins like the one that is looked for."""
        inside = place < len(self._first)
        inside[inside] = self._first[place[inside]] == first[inside]
        return inside


class Gathering:
    """Ids as they are met, put in order at the end."""

    def __init__(self) -> None:
        self._first, self._second = array("Q"), array("Q")

    def add(self, ids: Iterable[bytes]) -> None:
        """Some more."""
        for held, half in zip((self._first, self._second), _halves(b"".join(ids)), strict=True):
            held.frombytes(half.tobytes())

    def done(self) -> tuple[Ids, npt.NDArray[np.uint32] | None]:
        """All of them, and in which order they were met; None where that was their own, as sealing leaves them."""
        first, second = (np.frombuffer(one, dtype=np.uint64) for one in (self._first, self._second))
        if (first[1:] > first[:-1]).all():
            return Ids.of(first, second), None
        order = np.argsort(first).astype(
            np.uint32
        )  # who begin alike may stand in any order: they are found all the same
        self._first = self._second = array("Q")  # one half after the other: never two copies of both
        first = first[order]
        second = second[order]
        return Ids.of(first, second), order


def _halves(ids: bytes | bytearray) -> tuple[Halves, Halves]:
    both = np.frombuffer(ids, dtype=">u8").reshape(-1, SUBJECT_BYTES // 8)
    return both[:, 0].astype(np.uint64), both[:, 1].astype(np.uint64)
