"""Write a package: segments, leaves, statements, then descriptor and the manifests that pin them (spec/package.md §1).

Call order: `segment` for each segment, `leaves` once, `file` for statements, identity cards, checkpoint and proof,
`close`. Every file goes through `target` (a Files port's `writer`), so each appears whole or not at all; an interrupted
package is written anew under the same names.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from custody.base.errors import Malformed
from custody.package import bag, contents, folder, frames
from custody.package.contents import Contents, LeafTable, SegmentInfo
from custody.package.leaf import Leaf
from custody.package.table import write_leaves

Target = Callable[[str], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Package:
    """A finished package: its id (digest), what it says, and how large its payload is."""

    id: str
    contents: Contents
    files: int
    bytes: int


class PackageWriter:
    """Writes one package. `about` comes without segments, leaves and record count; they are filled in here."""

    def __init__(self, target: Target, about: Contents) -> None:
        self._target, self._about = target, about
        self._hashes: dict[str, str] = {}
        self._size = 0
        self._segments: list[SegmentInfo] = []
        self._leaves: LeafTable | None = None

    def segment(self, name: str, segment: bytes, sealed: Iterable[bytes], told: Callable[[bytes], object]) -> None:
        """Write `sealed` records as `segments/NAME.seg`; `told` takes their SHA-256, 32 bytes each, in order, as they are made."""
        origin = bytes.fromhex(self._about.origin)
        with self._target(_data(f"segments/{name}.seg")) as target, self._beside(f"segments/{name}.hashes") as beside:

            def both(hashes: bytes) -> None:
                beside(hashes)
                told(hashes)

            made = frames.write(target, self._about.suite, origin, segment, sealed, both)
        self._enter(f"segments/{name}.seg", made.sha256, made.size)
        self._segments.append(SegmentInfo(name, made.records, made.size, made.sha256))

    def leaves(self, leaves: Iterable[Leaf]) -> LeafTable:
        """Write the leaf table, ascending by place. Raises Malformed `leaf.order`, `leaf.form`."""
        with self._target(_data("leaves.jsonl")) as target, self._beside("leaves.hashes") as beside:
            made = write_leaves(target, leaves, beside)
        self._enter("leaves.jsonl", made.sha256, made.size)
        self._leaves = LeafTable(made.root, made.leaves)
        return self._leaves

    def file(self, name: str, data: bytes) -> None:
        """Write `data/NAME`: `statements/gate.json`, `identity/seller.json`, `checkpoint`, `proof`."""
        with self._target(_data(name)) as target:
            target.write(data)
        self._enter(name, hashlib.sha256(data).hexdigest(), len(data))

    def close(self) -> Package:
        """Write descriptor and manifests. What `shipped/v1` must name is the returned id."""
        if self._leaves is None:
            raise Malformed("package.unfinished", "A package needs its leaves before it is closed.")
        records = sum(one.records for one in self._segments)
        full = replace(self._about, segments=tuple(self._segments), leaves=self._leaves, records=records)
        self.file("datapackage.json", contents.encode(full))
        tags = {
            "bagit.txt": bag.BAGIT,
            "bag-info.txt": bag.info(full.id, full.created[:10], self._size, len(self._hashes)),
            bag.MANIFEST: bag.manifest(self._hashes),
        }
        pinned = bag.manifest({name: hashlib.sha256(data).hexdigest() for name, data in tags.items()})
        for name, data in (*tags.items(), (bag.TAGS, pinned)):
            with self._target(name) as target:
                target.write(data)
        return Package(bag.package_id(pinned), full, len(self._hashes), self._size)

    @contextmanager
    def _beside(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """A file written in pieces; it is entered when all are there."""
        digest, size = hashlib.sha256(), 0
        with self._target(_data(name)) as target:

            def add(piece: bytes) -> None:
                nonlocal size
                target.write(piece)
                digest.update(piece)
                size += len(piece)

            yield add
        self._enter(name, digest.hexdigest(), size)

    def _enter(self, name: str, digest: str, size: int) -> None:
        if _data(name) in self._hashes:
            raise Malformed("package.twice", "A file of a package was written twice.")
        self._hashes[_data(name)] = digest
        self._size += size


def _data(name: str) -> str:
    if not folder.safe(f"data/{name}"):
        raise Malformed("package.name", "A file of a package has a name that the format does not allow.")
    return f"data/{name}"
