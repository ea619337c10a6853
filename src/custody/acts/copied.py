"""What leaves say of records that were copied, put aside as it comes and given back by place (spec/package.md §3, docs/architecture.md §8).

Records are copied as they lie on disk; leaves stand in the order of their keys. What a leaf says of its records is what the package
will say in clear: numbers and hashes, no value. It waits in stretches of key pages, of which one is in memory at a time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from custody.acts.alike import Numbers
from custody.acts.groups import NOBODY
from custody.acts.verdicts import Verdicts
from custody.package.leaf import RecordSum
from custody.ports.spill import Heap
from custody.vault.page import SLOTS

_ROW: Final = np.dtype([("slot", "u4"), ("record", "u4"), ("revision", "u4"), ("schema", "u2"), ("sha256", "V32")])
_HASH: Final = 32
_NEAR: Final = 1 << 15
"""Records put aside together."""
_PAGES: Final = 128
"""Key pages in one stretch."""


class Copied(NamedTuple):
    """A record that was copied: whose it is, by their place in the verdicts, in which compartment, and what its leaf says of it."""

    who: int
    compartment: int
    record: int
    revision: int
    schema: int


class Places:
    """Where the keys of each person lie, by compartment: the verdicts' pages the other way round, four bytes for each person and compartment."""

    def __init__(self, verdicts: Verdicts) -> None:
        self.pages: dict[int, list[int]] = {}
        for compartment, page in sorted(verdicts.groups.pages):
            self.pages.setdefault(compartment, []).append(page)
        self._slot = {one: _slots(verdicts, one, pages) for one, pages in self.pages.items()}

    def slots(self, who: Numbers, compartment: int) -> Numbers:
        """The slot of each of these people there, counted over the pages of the compartment."""
        return self._slot[compartment][who].astype(np.int64)


class Aside:
    """Rows of records in the order of their copying, and the same by place."""

    def __init__(self, heap: Heap, places: Places) -> None:
        self._heap, self._places = heap, places
        self._rows: list[Copied] = []
        self._hashes = bytearray()
        self._parts: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)

    def copied(self, row: Copied) -> None:
        """A record that is copied now; its hash follows, in the same order."""
        self._rows.append(row)

    def hashed(self, hashes: bytes) -> None:
        """The hashes of the records that were copied, as they become known."""
        self._hashes += hashes
        if len(self._hashes) >= _NEAR * _HASH:
            self._put()

    def pages(self) -> Iterator[tuple[int, int, Mapping[int, tuple[RecordSum, ...]]]]:
        """(compartment, page, {slot: its records}) in order; all was put before."""
        self._put()
        for compartment, stretch in sorted(self._parts):
            parts = self._parts.pop((compartment, stretch))
            table = np.frombuffer(b"".join([self._heap.get(*one) for one in parts]), dtype=_ROW)
            table = table[np.lexsort((table["record"], table["slot"]))]
            ranks, starts = np.unique(table["slot"] // SLOTS, return_index=True)
            for rank, rows in zip(ranks.tolist(), np.split(table, starts[1:]), strict=True):
                yield compartment, self._places.pages[compartment][rank], _by_slot(rows)

    def _put(self) -> None:
        many = len(self._hashes) // _HASH
        rows, self._rows = self._rows[:many], self._rows[many:]
        if not rows:
            return
        who, compartment, *said = (np.array(cells, dtype=np.int64) for cells in zip(*rows, strict=True))
        hashes = np.frombuffer(bytes(self._hashes), dtype=f"V{_HASH}")
        self._hashes.clear()
        for one in np.unique(compartment).tolist():
            mine = np.flatnonzero(compartment == one)
            slot = self._places.slots(who[mine], one)
            order = np.argsort(slot)
            table, mine, slot = np.empty(len(mine), dtype=_ROW), mine[order], slot[order]
            table["slot"], table["sha256"] = slot, hashes[mine]
            for name, cells in zip(("record", "revision", "schema"), said, strict=True):
                table[name] = cells[mine]
            self._keep(one, slot // (SLOTS * _PAGES), table.tobytes())

    def _keep(self, compartment: int, stretch: Numbers, data: bytes) -> None:
        """In one piece; of each stretch is noted which part of it is its own."""
        start = self._heap.put(data)
        numbers, first = np.unique(stretch, return_index=True)
        ends = [*first[1:].tolist(), len(stretch)]
        for number, begins, end in zip(numbers.tolist(), first.tolist(), ends, strict=True):
            self._parts[compartment, number].append((start + begins * _ROW.itemsize, (end - begins) * _ROW.itemsize))


def _slots(verdicts: Verdicts, compartment: int, pages: Sequence[int]) -> npt.NDArray[np.uint32]:
    slot = np.full(len(verdicts.ids), NOBODY, dtype=np.uint32)
    for rank, page in enumerate(pages):
        held = verdicts.groups.pages[compartment, page]
        used = np.flatnonzero(held != NOBODY)
        slot[held[used]] = rank * SLOTS + used
    return slot


def _by_slot(rows: npt.NDArray[np.void]) -> dict[int, tuple[RecordSum, ...]]:
    found: dict[int, list[RecordSum]] = defaultdict(list)
    hashes, names = rows["sha256"].tobytes(), ("slot", "record", "revision", "schema")
    cells = zip(*(rows[name].tolist() for name in names), strict=True)
    for place, (slot, record, revision, schema) in enumerate(cells):
        one = RecordSum(record, revision, schema, hashes[_HASH * place : _HASH * (place + 1)])
        found[slot % SLOTS].append(one)
    return {slot: tuple(sums) for slot, sums in found.items()}
