"""A number for each slot of pages that are met in any order, in one block of memory: four bytes a slot."""

from typing import Final

import numpy as np
import numpy.typing as npt

from custody.acts.alike import Numbers
from custody.acts.groups import NOBODY, Page, Place
from custody.vault.page import SLOTS

_PAGES: Final = np.int64(1) << 32
"""Numbers that a page can have."""
_MORE: Final = 16
_PART: Final = 16


class Paged:
    """NOBODY's until something is put there."""

    def __init__(self) -> None:
        self._keys, self._rows = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._table: npt.NDArray[np.uint32] = np.zeros((0, SLOTS), dtype=np.uint32)

    def put(self, compartment: Numbers, page: Numbers, slot: Numbers, number: Numbers) -> None:
        """The numbers of some slots."""
        key = compartment * _PAGES + page
        place = self._places(key)
        self._table.reshape(-1)[self._rows[place] * SLOTS + slot] = number

    def pages(self) -> dict[Place, Page]:
        """Each page, by place, in order. They look into the block: nothing is put after this."""
        split = zip(self._keys.tolist(), self._rows.tolist(), strict=True)
        return {divmod(key, int(_PAGES)): self._table[row] for key, row in split}

    def renumber(self, number: npt.NDArray[np.uint32]) -> None:
        """What stands in each slot by another number."""
        for row in range(len(self._keys)):
            used = self._table[row] != NOBODY
            self._table[row, used] = number[self._table[row, used]]

    def _places(self, key: Numbers) -> Numbers:
        """Where in the order of pages each of these is, once all are there."""
        if not self._knows(key, np.searchsorted(self._keys, key)).all():
            self._add(np.setdiff1d(key, self._keys))
        return np.searchsorted(self._keys, key)

    def _knows(self, key: Numbers, place: Numbers) -> npt.NDArray[np.bool_]:
        inside = place < len(self._keys)
        inside[inside] = self._keys[place[inside]] == key[inside]
        return inside

    def _add(self, keys: Numbers) -> None:
        """New pages lie after the others; only their order is put together anew."""
        used = len(self._keys)
        if used + len(keys) > len(self._table):
            wanted = used + len(keys)
            self._table.resize((wanted + wanted // _PART + _MORE, SLOTS), refcheck=False)  # in place: no second copy
        self._table[used : used + len(keys)] = NOBODY
        both, rows = np.concatenate([self._keys, keys]), np.arange(used + len(keys))
        rows[:used] = self._rows
        order = np.argsort(both)
        self._keys, self._rows = both[order], rows[order]
