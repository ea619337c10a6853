"""A package that is whole, read once: nothing is held but sums (spec/package.md §4, §7). What is wrong with another one, `check` says."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from custody.base import merkle
from custody.base.errors import CustodyError, Malformed
from custody.package import contents as descriptors
from custody.package import folder, frames
from custody.package.bag import BagReport
from custody.package.contents import Contents
from custody.package.fault import Fault
from custody.package.leaf import SLOTS, Leaf, TableSum, table_sums
from custody.package.sums import Sums
from custody.package.table import LEAF_HASHES, LEAVES, leaves

DESCRIPTOR: Final = "data/datapackage.json"
REQUIRED: Final = ("data/statements/gate.json", "data/statements/datamap.json", "data/statements/invite.json")


@dataclass(slots=True)
class Inside:
    """What was found: the descriptor, the leaf table, how many records, and the digests if everything is delivered."""

    contents: Contents | None = None
    root: str = ""
    leaves: int = 0
    records: int = 0
    tables: tuple[TableSum, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def sound(root: Path, bag: BagReport) -> Inside | None:
    """What is inside, when there is nothing wrong; None where something is, or might be."""
    try:
        return _read(root, bag)
    except CustodyError:
        return None


def _read(root: Path, bag: BagReport) -> Inside | None:
    if bag.dirty or not all(bag.has(name) for name in (*REQUIRED, DESCRIPTOR, LEAVES, LEAF_HASHES)):
        return None
    told, match = descriptors.decode(folder.small(root / DESCRIPTOR)), Sums()
    names = sorted(name for name in bag.names if name.startswith("data/segments/") and name.endswith(".seg"))
    if names != sorted(f"data/segments/{one.name}.seg" for one in told.segments):
        return None
    reader = _Leaves(told, match)
    inside = Inside(told, tables=table_sums(reader.rows(root / LEAVES), told.by_schema()))
    inside.root, inside.leaves = reader.tree.root().hex(), reader.tree.size
    right = (told.leaves.root, told.leaves.count) == (inside.root, inside.leaves)
    right = right and reader.digest.hexdigest() == folder.digest(root / LEAF_HASHES)
    for name in names:
        count = _segment(root, name, match)
        right = right and count is not None and frames.origin(root / name).hex() == told.origin
        inside.records += count or 0
    return inside if right and match.agree() else None


@dataclass(slots=True)
class _Leaves:
    """The leaf table, added up."""

    told: Contents
    match: Sums
    tree: merkle.Frontier = field(default_factory=merkle.Frontier)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def rows(self, path: Path) -> Iterator[tuple[Leaf, bytes]]:
        """Each leaf and its hash, in order. Raises Malformed `leaf.form`, `leaf.order`."""
        last, source = (-1, -1, -1), leaves(path)
        while near := list(islice(source, SLOTS)):
            hashes = [hashed for _, hashed in near]
            self.tree.extend(hashes)
            self.digest.update(b"".join(hashes))
            for leaf, hashed in near:
                if leaf.place <= last:
                    raise Malformed("leaf.order", "Leaves must come sorted by compartment, page and slot.")
                last = leaf.place
                for head, record in zip(leaf.headers(self.told.suite), leaf.records, strict=True):
                    self.match.claim(record.sha256, head)
                yield leaf, hashed


def _segment(root: Path, name: str, match: Sums) -> int | None:
    """How many records it holds; None where the hashes beside it are others."""
    digest, count = hashlib.sha256(), 0
    with folder.opened(root / name) as source:
        for frame in frames.read(source):
            found = hashlib.sha256(frame.sealed).digest()
            digest.update(found)
            match.hold(found, frame.sealed[:48])
            count += 1
    beside = root / f"{name.removesuffix('.seg')}.hashes"
    return count if digest.hexdigest() == folder.digest(beside) else None
