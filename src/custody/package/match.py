"""Match sealed records with the leaves that name them, exactly one to one (spec/package.md §4).

From a leaf the 48-byte header of each of its records follows, so a record is matched by one hash over (its SHA-256,
its header). Matching goes by sixteenths of the hash space: memory stays at some 80 bytes a record.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from custody.base.errors import Broken
from custody.package import folder, frames
from custody.package.fault import Fault
from custody.package.leaf import decode
from custody.package.table import LEAVES, read_leaves

_BUCKETS: Final = 16
_ENTRY: Final = 38
_MANY: Final = 10_000
_Stranger = tuple[str, int, int]


def _buckets() -> list[bytearray]:
    return [bytearray() for _ in range(_BUCKETS)]


@dataclass(slots=True)
class Matching:
    """What leaves claim and what segments hold. `lost`: a leaf could not be read, `torn`: a segment could not."""

    claims: list[bytearray] = field(default_factory=_buckets)
    records: list[bytearray] = field(default_factory=_buckets)
    segments: list[str] = field(default_factory=list)
    lost: bool = False
    torn: bool = False

    def claim(self, sha256: bytes, head: bytes, row: int) -> None:
        """Leaf `row` names a record with this hash and header."""
        _put(self.claims, sha256, head, row, 0)

    def hold(self, sha256: bytes, head: bytes, number: int) -> None:
        """The segment named last in `segments` holds such a record."""
        _put(self.records, sha256, head, number, len(self.segments) - 1)

    def faults(self, root: Path, dirty: Collection[str], placed: Collection[tuple[str, int | None]]) -> list[Fault]:
        """Claims without record, records without claim, doubles. `placed`: (segment, row) that are known already."""
        found: list[Fault] = []
        unmet: list[int] = []
        unclaimed: list[tuple[int, int]] = []
        for claimed, held in zip(self.claims, self.records, strict=True):
            wanted: dict[bytes, int] = {}
            for folded, row, _ in _entries(claimed):
                if folded in wanted:
                    found.append(Fault("duplicated", "record.claimed-twice", LEAVES, row))
                wanted[folded] = row
            met: set[bytes] = set()
            for folded, number, file in _entries(held):
                if folded in met:
                    found.append(Fault("duplicated", "record.twice", self.segments[file], number))
                elif folded in wanted:
                    met.add(folded)
                else:
                    unclaimed.append((file, number))
            unmet += [row for folded, row in wanted.items() if folded not in met]
        if unmet or unclaimed:
            strangers = dict(self._strangers(root, sorted(unclaimed)[:_MANY]))
            found += self._explain(root, sorted(unmet)[:_MANY], strangers, dirty, placed)
        return found

    def _explain(
        self,
        root: Path,
        unmet: Sequence[int],
        strangers: dict[tuple[bytes, int, int], _Stranger],
        dirty: Collection[str],
        placed: Collection[tuple[str, int | None]],
    ) -> list[Fault]:
        wanted, found, missing = frozenset(unmet), [], []
        for row, line in read_leaves(root / LEAVES):
            if row not in wanted:
                continue
            leaf = decode(line)
            pairs = [strangers.pop((leaf.subject, leaf.compartment, one.record), None) for one in leaf.records]
            met = [one for one in pairs if one is not None]
            for name, number, offset in met:
                if LEAVES in dirty and name not in dirty:
                    found.append(Fault("altered", "leaf.record", LEAVES, row))
                else:
                    found.append(Fault("altered", "record.altered", name, number, offset))
            if not met:
                missing.append(Fault("missing", "record.missing", LEAVES, row))
        extra = [one for one in strangers.values() if one[:2] not in placed]
        renamed = len(strangers) - len(extra)  # records whose header was changed: their row is named already
        found += [] if self.torn else missing[renamed:]
        return found + ([] if self.lost else [Fault("extra", "record.extra", *one) for one in extra])

    def _strangers(
        self, root: Path, unclaimed: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[tuple[bytes, int, int], _Stranger]]:
        for number, name in enumerate(self.segments):
            wanted = frozenset(row for file, row in unclaimed if file == number)
            if not wanted:
                continue
            try:
                with folder.opened(root / name) as source:
                    for frame in frames.read(source):
                        if frame.number in wanted:
                            yield frames.owner(frame.sealed), (name, frame.number, frame.offset)
            except Broken:
                continue


def _put(buckets: list[bytearray], sha256: bytes, head: bytes, row: int, file: int) -> None:
    folded = hashlib.sha256(sha256 + head).digest()
    buckets[folded[0] >> 4] += folded + row.to_bytes(4) + file.to_bytes(2)


def _entries(bucket: bytearray) -> Iterator[tuple[bytes, int, int]]:
    for place in range(0, len(bucket), _ENTRY):
        entry = bucket[place : place + _ENTRY]
        yield bytes(entry[:32]), int.from_bytes(entry[32:36]), int.from_bytes(entry[36:])
