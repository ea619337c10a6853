"""The leaf table as a file: its rows, and its hashes beside it (spec/package.md §3)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import lt
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from custody.base import merkle
from custody.base.canonical import MAX_BYTES
from custody.base.errors import Malformed
from custody.package import folder, order
from custody.package.bag import BagReport
from custody.package.fault import Fault
from custody.package.leaf import SLOTS, Leaf, check, decode

LEAVES: Final = "data/leaves.jsonl"
LEAF_HASHES: Final = "data/leaves.hashes"
_SPARE: Final = 1 << 16


class Written(NamedTuple):
    """A leaf table as it was written: the root and the number of its leaves, the file's hash and size."""

    root: str
    leaves: int
    sha256: str
    size: int


def write_leaves(target: BinaryIO, leaves: Iterable[Leaf], told: Callable[[bytes], object]) -> Written:
    """Write the table, ascending by place, a page's worth at a time; `told` takes their hashes. Raises Malformed `leaf.order`, `leaf.form`."""
    tree, digest, size, last = merkle.Frontier(), hashlib.sha256(), 0, (-1, -1, -1)
    source, digest_of = iter(leaves), hashlib.sha256
    while near := list(islice(source, SLOTS)):
        for one in near:
            check(one)
        places = [last, *[one[:3] for one in near]]
        if not all(map(lt, places, places[1:])):
            raise Malformed("leaf.order", "Leaves must come sorted by compartment, page and slot.")
        lines, last = [one.encode() for one in near], places[-1]
        found = [digest_of(b"\0" + line).digest() for line in lines]
        tree.extend(found)
        told(b"".join(found))
        block = b"\n".join([*lines, b""])
        target.write(block)
        digest.update(block)
        size += len(block)
    return Written(tree.root().hex(), tree.size, digest.hexdigest(), size)


def read_leaves(path: Path) -> Iterator[tuple[int, bytes]]:
    """(row, line without newline). A line without newline, or beyond 16 MiB, gets a zero byte: it is refused."""
    with folder.opened(path) as source:
        yield from enumerate(_lines(source))


def leaves(path: Path) -> Iterator[tuple[Leaf, bytes]]:
    """(leaf, leaf hash) in order, of a table that was checked. Raises Malformed `leaf.form`, Broken `folder.open`."""
    with folder.opened(path) as source:
        yield from leaves_in(source)


def leaves_in(source: BinaryIO) -> Iterator[tuple[Leaf, bytes]]:
    """The same of a table that is open; its root is the caller's to compare."""
    return ((decode(line), merkle.leaf_hash(line)) for line in _lines(source))


def _lines(source: BinaryIO) -> Iterator[bytes]:
    while line := source.readline(MAX_BYTES):
        yield line[:-1] if line.endswith(b"\n") else line + b"\0"


def witness(root: Path, bag: BagReport, found: Sequence[bytes], name: str, beside: str) -> list[Fault]:
    """Faults by row, from the list of hashes beside `name`; none when that list is itself known to be at fault."""
    if not bag.has(beside):
        return [Fault("missing", "file.missing", beside)]
    with folder.opened(root / beside) as source:
        data = source.read(64 * len(found) + _SPARE)
    if data == b"".join(found) or (beside in bag.dirty and name not in bag.dirty):
        return []
    expected = [data[place : place + 32] for place in range(0, len(data), 32)]
    return [Fault(kind, "row.witness", name, row) for kind, row in order.differences(found, expected)]


def disorder(places: Sequence[tuple[int, int, int]]) -> list[Fault]:
    """What is wrong with the order of (compartment, page, slot): a place twice, two rows exchanged, or worse."""
    first = {place: row for row, place in reversed(list(enumerate(places)))}
    twice = [row for row, place in enumerate(places) if first[place] != row]
    if twice:
        return [Fault("duplicated", "leaf.order", LEAVES, row) for row in twice]
    right = sorted(places)
    wrong = [row for row, (one, other) in enumerate(zip(places, right, strict=True)) if one != other]
    return [Fault("swapped" if len(wrong) == 2 else "reordered", "leaf.order", LEAVES, row) for row in wrong]
