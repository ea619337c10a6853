"""Check a package's inside: leaves against their witness and root, records against leaves (spec/package.md §3, §4).

From a leaf the 48-byte header of each of its records follows, so a record is matched by one hash over (its SHA-256,
its header). Matching goes by sixteenths of the hash space: memory stays at some 80 bytes a record.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from custody.base import merkle
from custody.base.errors import Broken, CustodyError
from custody.package import contents as descriptors
from custody.package import folder, frames, order
from custody.package.bag import BagReport
from custody.package.contents import Contents
from custody.package.fault import Fault
from custody.package.leaf import Leaf, TableSum, decode, table_sums

LEAVES: Final = "data/leaves.jsonl"
LEAF_HASHES: Final = "data/leaves.hashes"
DESCRIPTOR: Final = "data/datapackage.json"
REQUIRED: Final = ("data/statements/gate.json", "data/statements/datamap.json", "data/statements/invite.json")
_BUCKETS: Final = 16
_ENTRY: Final = 38
_MANY: Final = 10_000


@dataclass(slots=True)
class Inside:
    """What was found: the descriptor, the leaf table, how many records, and the digests if everything is delivered."""

    contents: Contents | None = None
    root: str = ""
    leaves: int = 0
    records: int = 0
    tables: tuple[TableSum, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def check(root: Path, bag: BagReport) -> Inside:
    """Every fault inside the package at `root` that can be placed. `bag` tells which files are already known to differ."""
    inside = Inside()
    inside.faults += [Fault("missing", "file.missing", name) for name in REQUIRED if not bag.has(name)]
    inside.contents = _descriptor(root, bag, inside)
    if not bag.has(LEAVES):
        inside.faults.append(Fault("missing", "file.missing", LEAVES))
        return inside
    claims = [bytearray() for _ in range(_BUCKETS)]
    lost = _leaves(root, bag, inside, claims)
    records = [bytearray() for _ in range(_BUCKETS)]
    segments = _segments(root, bag, inside, records)
    _match(root, bag, inside, claims, records, segments, lost=lost)
    return inside


def read_leaves(path: Path) -> Iterator[tuple[int, bytes]]:
    """(row, line without newline) of a leaf table; a last line without newline is given with a zero byte, to be refused."""
    with folder.opened(path) as source:
        for row, line in enumerate(source):
            yield row, line[:-1] if line.endswith(b"\n") else line + b"\0"


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


def _leaves(root: Path, bag: BagReport, inside: Inside, claims: list[bytearray]) -> bool:
    """Fill `claims`; returns whether a row could not be read."""
    hashes: list[bytes] = []
    faults: list[Fault] = []
    told, last, lost = inside.contents, (-1, -1, -1), False
    suite = told.suite if told else 1

    def rows() -> Iterator[tuple[Leaf, bytes]]:
        nonlocal last, lost
        known = told.by_schema() if told else {}
        for row, line in read_leaves(root / LEAVES):
            hashes.append(merkle.leaf_hash(line))
            try:
                leaf = decode(line)
            except CustodyError:
                faults.append(Fault("schema", "leaf.form", LEAVES, row))
                lost = True
                continue
            if leaf.place <= last:
                same = leaf.place == last
                faults.append(Fault("duplicated" if same else "reordered", "leaf.order", LEAVES, row))
            last = leaf.place
            for head, record in zip(leaf.headers(suite), leaf.records, strict=True):
                _put(claims, record.sha256, head, row, 0)
            if told and any(one.schema not in known for one in leaf.records):
                faults.append(Fault("schema", "leaf.schema", LEAVES, row))
            elif told:
                yield leaf, hashes[-1]

    inside.tables = table_sums(rows(), told.by_schema() if told else {})
    inside.root, inside.leaves = merkle.root(hashes).hex(), len(hashes)
    changed = _witness(root, bag, hashes, LEAVES, LEAF_HASHES)
    placed = {one.row for one in changed}
    inside.faults += changed + [one for one in faults if one.row not in placed]
    if told and (told.leaves.root, told.leaves.count) != (inside.root, inside.leaves) and not changed:
        inside.faults.append(Fault("altered", "leaf.root", LEAVES))
    return lost


def _witness(root: Path, bag: BagReport, found: list[bytes], name: str, beside: str) -> list[Fault]:
    """Faults by row, from the list of hashes beside `name`; none when that list is itself known to be at fault."""
    if not bag.has(beside):
        return [Fault("missing", "file.missing", beside)]
    data = folder.small(root / beside, 1 << 31)
    if data == b"".join(found) or (beside in bag.dirty and name not in bag.dirty):
        return []
    expected = [data[place : place + 32] for place in range(0, len(data), 32)]
    return [Fault(kind, "row.witness", name, row) for kind, row in order.differences(found, expected)]


def _segments(root: Path, bag: BagReport, inside: Inside, records: list[bytearray]) -> list[str]:
    names = sorted(name for name in bag.names if name.startswith("data/segments/") and name.endswith(".seg"))
    listed = {f"data/segments/{one.name}.seg" for one in inside.contents.segments} if inside.contents else set(names)
    inside.faults += [Fault("missing", "file.missing", name) for name in sorted(listed - set(names))]
    inside.faults += [Fault("extra", "file.extra", name) for name in sorted(set(names) - listed)]
    for number, name in enumerate(names):
        found: list[bytes] = []
        broken: Broken | None = None
        try:
            with folder.opened(root / name) as source:
                for frame in frames.read(source):
                    found.append(hashlib.sha256(frame.sealed).digest())
                    _put(records, found[-1], frame.sealed[:48], frame.number, number)
        except Broken as error:
            broken = error
        inside.records += len(found)
        inside.faults += _segment_faults(root, bag, name, found, broken)
        inside.faults += _foreign(root, name, inside.contents, broken)
    return names


def _segment_faults(root: Path, bag: BagReport, name: str, found: list[bytes], broken: Broken | None) -> list[Fault]:
    if broken is not None and broken.slug != "frames.foot":
        row, byte = broken.where.get("row"), broken.where.get("byte")
        assert not isinstance(row, str)
        assert not isinstance(byte, str)
        return [Fault("altered", "segment.torn", name, row, byte)]
    changed = _witness(root, bag, found, name, name.removesuffix(".seg") + ".hashes")
    if broken is not None and not changed:
        return [Fault("altered", "file.altered", name)]
    return changed


def _foreign(root: Path, name: str, told: Contents | None, broken: Broken | None) -> list[Fault]:
    if told is None or broken is not None:
        return []
    with folder.opened(root / name) as source:
        _, origin, _ = frames.head(source.read(frames.HEAD_BYTES))
    return [] if origin.hex() == told.origin else [Fault("altered", "segment.origin", name, None, 9)]


def _put(buckets: list[bytearray], sha256: bytes, head: bytes, row: int, file: int) -> None:
    folded = hashlib.sha256(sha256 + head).digest()
    buckets[folded[0] >> 4] += folded + row.to_bytes(4) + file.to_bytes(2)


def _entries(bucket: bytearray) -> Iterator[tuple[bytes, int, int]]:
    for place in range(0, len(bucket), _ENTRY):
        entry = bucket[place : place + _ENTRY]
        yield bytes(entry[:32]), int.from_bytes(entry[32:36]), int.from_bytes(entry[36:])


def _match(
    root: Path, bag: BagReport, inside: Inside, claims: list[bytearray], records: list[bytearray],
    segments: list[str], *, lost: bool,
) -> None:  # fmt: skip
    unclaimed: list[tuple[int, int]] = []
    unmet: list[int] = []
    for claimed, found in zip(claims, records, strict=True):
        open_claims: dict[bytes, int] = {}
        for folded, row, _ in _entries(claimed):
            if folded in open_claims:
                inside.faults.append(Fault("duplicated", "record.claimed-twice", LEAVES, row))
            open_claims[folded] = row
        met: set[bytes] = set()
        for folded, number, file in _entries(found):
            if folded in met:
                inside.faults.append(Fault("duplicated", "record.twice", segments[file], number))
            elif folded in open_claims:
                met.add(folded)
            else:
                unclaimed.append((file, number))
        unmet += [row for folded, row in open_claims.items() if folded not in met]
    if unclaimed or unmet:
        inside.faults += _explain(root, bag, inside, sorted(unclaimed), sorted(set(unmet)), segments, lost=lost)


def _explain(
    root: Path, bag: BagReport, inside: Inside, unclaimed: list[tuple[int, int]], unmet: list[int],
    segments: list[str], *, lost: bool,
) -> list[Fault]:  # fmt: skip
    torn = any(one.code == "segment.torn" for one in inside.faults)
    strangers = dict(_strangers(root, unclaimed[:_MANY], segments))
    wanted, faults = set(unmet[:_MANY]), []
    for row, line in read_leaves(root / LEAVES):
        if row not in wanted:
            continue
        leaf = decode(line)
        pairs = [strangers.pop((leaf.subject, leaf.compartment, one.record), None) for one in leaf.records]
        met = [one for one in pairs if one is not None]
        for name, number, offset in met:
            blamed = name in bag.dirty or LEAVES not in bag.dirty
            faults.append(
                Fault("altered", "record.altered", name, number, offset)
                if blamed
                else Fault("altered", "leaf.record", LEAVES, row)
            )
        if not met and not torn:
            faults.append(Fault("missing", "record.missing", LEAVES, row))
    if not lost:
        faults += [Fault("extra", "record.extra", name, number, offset) for name, number, offset in strangers.values()]
    return faults


def _strangers(
    root: Path, unclaimed: list[tuple[int, int]], segments: list[str]
) -> Iterator[tuple[tuple[bytes, int, int], tuple[str, int, int]]]:
    for number, name in enumerate(segments):
        wanted = {row for file, row in unclaimed if file == number}
        if not wanted:
            continue
        try:
            with folder.opened(root / name) as source:
                for frame in frames.read(source):
                    if frame.number in wanted:
                        _, _, _, place, _, _, _, subject, record, _ = frames.HEADER.unpack_from(frame.sealed)
                        yield (subject, place, record), (name, frame.number, frame.offset)
        except Broken:
            continue
