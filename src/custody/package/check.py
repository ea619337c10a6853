"""Check a package's inside: leaves against their witness and root, segments against theirs, records against leaves."""

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from custody.base import merkle
from custody.base.errors import Broken, CustodyError
from custody.package import contents as descriptors
from custody.package import folder, frames
from custody.package.bag import BagReport
from custody.package.contents import Contents
from custody.package.fault import Fault
from custody.package.leaf import Leaf, decode, table_sums
from custody.package.match import Matching
from custody.package.sound import DESCRIPTOR, REQUIRED, Inside, sound
from custody.package.table import LEAF_HASHES, LEAVES, disorder, read_leaves, witness


def check(root: Path, bag: BagReport) -> Inside:
    """Every fault inside the package at `root`. `bag` tells which files are already known to differ.

    A package that is whole is read once and held nowhere; only one that is not is looked through for what is wrong, in memory.
    """
    return sound(root, bag) or search(root, bag)


def search(root: Path, bag: BagReport) -> Inside:
    """Every fault, by row where that can be known."""
    inside = Inside()
    inside.faults += [Fault("missing", "file.missing", name) for name in REQUIRED if not bag.has(name)]
    inside.contents = _descriptor(root, bag, inside)
    if not bag.has(LEAVES):
        inside.faults.append(Fault("missing", "file.missing", LEAVES))
        return inside
    matching = Matching()
    _leaves(root, bag, inside, matching)
    for name in _named(bag, inside):
        matching.segments.append(name)
        _segment(root, bag, inside, matching)
    placed = frozenset((one.file, one.row) for one in inside.faults if one.code == "row.witness")
    inside.faults += matching.faults(root, bag.dirty, placed)
    return inside


def _descriptor(root: Path, bag: BagReport, inside: Inside) -> Contents | None:
    if not bag.has(DESCRIPTOR):
        inside.faults.append(Fault("missing", "file.missing", DESCRIPTOR))
        return None
    try:
        return descriptors.decode(folder.small(root / DESCRIPTOR))
    except CustodyError:
        if DESCRIPTOR not in bag.dirty:
            inside.faults.append(Fault("schema", "package.descriptor", DESCRIPTOR))
        return None


@dataclass(slots=True)
class _Reader:
    """One pass over the leaf table that hashes, reads and claims."""

    told: Contents | None
    matching: Matching
    hashes: list[bytes] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sorted: bool = True

    def rows(self, path: Path) -> Iterator[tuple[Leaf, bytes]]:
        known = self.told.by_schema() if self.told else {}
        suite, last = self.told.suite if self.told else 1, (-1, -1, -1)
        for row, line in read_leaves(path):
            self.hashes.append(merkle.leaf_hash(line))
            try:
                leaf = decode(line)
            except CustodyError:
                self.faults.append(Fault("schema", "leaf.form", LEAVES, row))
                self.matching.lost = True
                continue
            self.sorted, last = self.sorted and leaf.place > last, leaf.place
            for head, record in zip(leaf.headers(suite), leaf.records, strict=True):
                self.matching.claim(record.sha256, head, row)
            if self.told and all(one.schema in known for one in leaf.records):
                yield leaf, self.hashes[-1]
            elif self.told:
                self.faults.append(Fault("schema", "leaf.schema", LEAVES, row))


def _leaves(root: Path, bag: BagReport, inside: Inside, matching: Matching) -> None:
    told = inside.contents
    reader = _Reader(told, matching)
    inside.tables = table_sums(reader.rows(root / LEAVES), told.by_schema() if told else {})
    inside.root, inside.leaves = merkle.root(reader.hashes).hex(), len(reader.hashes)
    changed = witness(root, bag, reader.hashes, LEAVES, LEAF_HASHES)
    placed = {one.row for one in changed}
    inside.faults += changed + [one for one in reader.faults if one.row not in placed]
    if not reader.sorted and not changed and not matching.lost:
        inside.faults += disorder([decode(line).place for _, line in read_leaves(root / LEAVES)])
    if told and (told.leaves.root, told.leaves.count) != (inside.root, inside.leaves) and not changed:
        inside.faults.append(Fault("altered", "leaf.root", LEAVES))


def _named(bag: BagReport, inside: Inside) -> list[str]:
    names = sorted(name for name in bag.names if name.startswith("data/segments/") and name.endswith(".seg"))
    if inside.contents is not None:
        listed = {f"data/segments/{one.name}.seg" for one in inside.contents.segments}
        inside.faults += [Fault("missing", "file.missing", name) for name in sorted(listed.difference(names))]
        inside.faults += [Fault("extra", "file.extra", name) for name in names if name not in listed]
    return names


def _segment(root: Path, bag: BagReport, inside: Inside, matching: Matching) -> None:
    name, found, offsets = matching.segments[-1], list[bytes](), array("Q")
    broken: Broken | None = None
    try:
        with folder.opened(root / name) as source:
            for frame in frames.read(source):
                found.append(hashlib.sha256(frame.sealed).digest())
                offsets.append(frame.offset)
                matching.hold(found[-1], frame.sealed[:48], frame.number)
    except Broken as error:
        broken = error
        matching.torn = error.slug != "frames.foot"
    inside.records += len(found)
    faults = _segment_faults(root, bag, name, found, broken)
    inside.faults += [_placed(one, offsets) for one in faults]
    if inside.contents is not None and broken is None and frames.origin(root / name).hex() != inside.contents.origin:
        inside.faults.append(Fault("altered", "segment.origin", name, None, 9))


def _segment_faults(root: Path, bag: BagReport, name: str, found: list[bytes], broken: Broken | None) -> list[Fault]:
    if broken is not None and broken.slug != "frames.foot":
        row, byte = broken.where.get("row"), broken.where.get("byte")
        assert not isinstance(row, str)
        assert not isinstance(byte, str)
        return [Fault("altered", "segment.torn", name, row, byte)]
    changed = witness(root, bag, found, name, name.removesuffix(".seg") + ".hashes")
    return changed or ([Fault("altered", "file.altered", name)] if broken is not None else [])


def _placed(fault: Fault, offsets: "array[int]") -> Fault:
    known = (
        fault.code == "row.witness" and fault.kind != "missing" and fault.row is not None and fault.row < len(offsets)
    )
    return replace(fault, byte=offsets[fault.row]) if known and fault.row is not None else fault
