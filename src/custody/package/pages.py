"""The pages of a release, each read, held against the manifest and opened when it is asked for (spec/package.md §5).

All of a company's keys would be 32 bytes for each: only the page that was asked for last is open.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from custody.base.errors import Broken
from custody.package import folder
from custody.package.release import SEALED_PAGE, SLOTS, Manifest
from custody.package.release_seal import live, open_page

Spot = tuple[int, int]
"""A compartment and a page."""
AGAIN: Final = "Ask the seller to send the release again; do not use this one."


@dataclass(slots=True)
class Pages(Mapping[Spot, bytes]):
    """The slots of each page that `manifest` lists, from the file at `path`, under the release key `root`."""

    path: Path
    manifest: Manifest
    root: bytes = field(repr=False)
    _row: dict[Spot, int] = field(init=False, repr=False)
    _open: tuple[Spot, bytes] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        """Where each page stands in the file."""
        self._row = {(one.compartment, one.page): row for row, one in enumerate(self.manifest.pages)}

    def __getitem__(self, spot: Spot) -> bytes:
        """Its slots. Raises Broken `release.page`, `release.live`."""
        if self._open is None or self._open[0] != spot:
            self._open = spot, self._read(spot, self._row[spot])
        return self._open[1]

    def __iter__(self) -> Iterator[Spot]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)

    def _read(self, spot: Spot, row: int) -> bytes:
        with folder.opened(self.path) as source:
            source.seek(row * SEALED_PAGE)
            sealed = source.read(SEALED_PAGE)
        _require_signed(self.manifest, row, sealed)
        slots = open_page(self.manifest, self.root, *spot, sealed)
        if live(slots) != self.manifest.pages[row].live:
            raise Broken("release.live", "A page does not hold as many keys as the manifest says.", kind="altered", next=AGAIN)  # fmt: skip
        return slots


def check_sealed(manifest: Manifest, path: Path) -> None:
    """Every page as it was signed, and no more of them; nothing is opened. Raises Broken `release.page`, `folder.open`."""
    with folder.opened(path) as source:
        for row in range(len(manifest.pages)):
            _require_signed(manifest, row, source.read(SEALED_PAGE))
        if source.read(1):
            raise Broken("release.page", "There are more pages than the manifest lists.", kind="extra", next=AGAIN)


def live_slots(slots: bytes) -> set[int]:
    """The numbers of the slots that hold a key."""
    return {number for number in range(SLOTS) if slots[number * 32 : number * 32 + 32] != _NO_KEY}


def _require_signed(manifest: Manifest, row: int, sealed: bytes) -> None:
    if hashlib.sha256(sealed).hexdigest() != manifest.pages[row].sha256:
        raise Broken("release.page", "A page was changed.", kind="altered", where={"row": row})


_NO_KEY: Final = bytes(32)
