"""Ids of people as blocks of bytes: what holds of millions costs sixteen bytes of each, and is asked for in stretches.

An object of Python for each id would take four times that, a dict or a set ten times.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from custody.acts.vaults import SUBJECT_BYTES

Numbers = npt.NDArray[np.int64]
Halves = npt.NDArray[np.uint64]
NOWHERE: Final = -1


class Ids:
    """Ids in the order of their bytes, none twice, found by halves: the first eight bytes tell almost everybody apart, the others all."""

    def __init__(self, ids: bytes | bytearray = b"") -> None:
        self._first, self._second = _halves(ids)

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


def _halves(ids: bytes | bytearray) -> tuple[Halves, Halves]:
    both = np.frombuffer(ids, dtype=">u8").reshape(-1, SUBJECT_BYTES // 8)
    return both[:, 0].astype(np.uint64), both[:, 1].astype(np.uint64)
