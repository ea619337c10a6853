"""Rows that one sealing could not take in: counted by table and reason, and kept aside until they are sealed themselves."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, cast

import msgpack

from custody.ports.source import Quarantined
from custody.ports.spill import Spill

_HELD: Final = 500


class Rejects:
    """Given back in the order in which they came."""

    def __init__(self, spill: Spill) -> None:
        self._spill, self._fresh = spill, list[Quarantined]()
        self.counts = Counter[tuple[str, str]]()

    @property
    def count(self) -> int:
        """How many."""
        return self.counts.total()

    def put(self, one: Quarantined) -> None:
        """One more."""
        self.counts[one.table, one.reason] += 1
        self._fresh.append(one)
        if len(self._fresh) >= _HELD:
            self._flush()

    def all(self) -> Iterator[Quarantined]:
        """Each of them."""
        self._flush()
        for (held,) in self._spill.scan("aside"):
            yield Quarantined(*msgpack.unpackb(held))

    def _flush(self) -> None:
        self._spill.put("aside", [(_pack(one),) for one in self._fresh])
        self._fresh = []


def _pack(one: Quarantined) -> bytes:
    return cast("bytes", msgpack.packb((one.table, one.file, one.line, one.row, one.reason, one.detail, one.raw)))
