"""The buyer's door: one order, each step on the result of the one before, a refusal otherwise (spec/package.md §5).

`accept` (signature, hashes, recipient, number, package, pages, seal) then `delivered` (every leaf's slot against its
commitment). What `delivered` returns is what `received/v1` says.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

from custody.base import dsse
from custody.base.errors import Broken, Malformed
from custody.base.signing import Identity
from custody.base.statement import PREDICATES
from custody.package import silent as silence
from custody.package.contents import Contents, LeafTable
from custody.package.leaf import Leaf, TableSum, key_commitment, table_sums
from custody.package.pages import AGAIN, Pages, Spot, check_sealed, live_slots
from custody.package.release import ENC, ENC_BYTES, MANIFEST, PAGES, Manifest, RecallEntry, Recipient, decode, digest
from custody.package.release_seal import DealKey, info, release_key
from custody.package.subjects import subject_digests

Slots = Mapping[Spot, bytes]
_NAMED: Final = 1_000
"""So many slots that do not match are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the buyer knows before: pinned seller, own identity id, the deal's key, invite and nonce, what came last.

    A recall brings no key: when the deal's is deleted already, `key` is its id alone.
    """

    deal: str
    seller: Identity
    buyer: str
    key: DealKey | str = field(repr=False)
    invite: str
    nonce: str
    package: str
    leaves: LeafTable
    last: int = 0
    previous: str | None = None
    earlier: frozenset[Recipient] = frozenset()
    """Whom invitations of this deal named before: a recall opens nothing, and is obeyed whichever of them it was sent to."""

    @property
    def key_id(self) -> str:
        """What the manifest must name as its recipient's key."""
        return self.key if isinstance(self.key, str) else self.key.id


@dataclass(frozen=True, slots=True)
class Accepted:
    """An opened release: slots by (compartment, page), or the slots to shred if it is a recall."""

    manifest: Manifest
    sha256: str
    slots: Slots = field(repr=False)
    recall: tuple[RecallEntry, ...] = ()
    silent: tuple[bytes, ...] = field(default=(), repr=False)
    """Whom nobody may contact, by subject id."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Leaves that opened, leaves whose slot is zero, slots that do not match (and where, of the first); tables as delivered."""

    opened: int
    zero: int
    mismatched: int
    tables: tuple[TableSum, ...]
    mismatches: tuple[tuple[int, int, int], ...]


def accept(
    data: bytes, envelope: bytes, enc: bytes, pages: Path | None, expected: Expected, *,
    share: bytes | None = None, silent: bytes | None = None,
) -> Accepted:  # fmt: skip
    """Open release `data` (manifest.json). Raises Broken with the class of the first step that refuses.

    `silent` is the file of that name, None where none lies there. Every page at `pages` (None for a recall) is looked at here, and read and opened again whenever its slots are asked for.
    """
    manifest = _signed(data, envelope, enc, expected)
    _addressed(manifest, expected)
    _follows(manifest, expected)
    _whole(manifest, silent)
    if manifest.kind == "recall":
        return Accepted(manifest, digest(data), {}, manifest.recall)
    if isinstance(expected.key, str):
        raise _refuse(
            "release.key-deleted", "The key of this deal is deleted: nothing more opens with it.", "recipient"
        )
    if pages is None:
        raise _refuse("release.page", "This release came without its pages.", "missing")
    check_sealed(manifest, pages)
    if (manifest.closing is None) != (share is None) or (share is not None and digest(share) != manifest.closing):
        raise _refuse("release.share", "The second share is missing or is not the one promised.", "chain")
    slots = Pages(pages, manifest, release_key(manifest, expected.key.open(enc, info(data)), share))
    for _ in slots.values():
        pass  # each opens, and holds as many keys as the manifest says
    return Accepted(manifest, digest(data), slots, silent=_silent(manifest, silent, expected.key))


def delivered(
    leaves: Iterable[tuple[Leaf, bytes]], slots: Slots, contents: Contents, told: Callable[[Leaf], object] | None = None
) -> Delivered:
    """Check every leaf (with its leaf hash, in order) against the slots; `told` takes those that open. A live slot without a leaf is a mismatch.

    A page is open while its leaves come by. Raises Malformed `leaf.order`, `leaf.schema`.
    """
    count = _Count(slots, contents.suite, told or _untold)
    sums = table_sums(count.opened(leaves), contents.by_schema())
    return Delivered(count.open, count.zero, count.mismatched, sums, tuple(count.named))


@dataclass(slots=True)
class _Count:
    """Leaves against slots, page by page."""

    slots: Slots
    suite: int
    told: Callable[[Leaf], object]
    open: int = 0
    zero: int = 0
    mismatched: int = 0
    named: list[tuple[int, int, int]] = field(default_factory=list)
    _last: tuple[int, int, int] = (-1, -1, -1)

    def opened(self, leaves: Iterable[tuple[Leaf, bytes]]) -> Iterator[tuple[Leaf, bytes]]:
        """Leaves whose key is there and theirs."""
        met = set[Spot]()
        for spot, near in groupby(leaves, lambda one: one[0][:2]):
            met.add(spot)
            yield from self._page(self.slots.get(spot), near)
        for spot in self.slots:
            if spot not in met:
                self._wrong((*spot, number) for number in sorted(live_slots(self.slots[spot])))

    def _page(self, page: bytes | None, near: Iterable[tuple[Leaf, bytes]]) -> Iterator[tuple[Leaf, bytes]]:
        live = set[int]() if page is None else live_slots(page)
        for leaf, hashed in near:
            if leaf.place <= self._last:
                raise Malformed("leaf.order", "Leaves must come sorted by compartment, page and slot.")
            self._last = leaf.place
            if page is None or leaf.slot not in live:
                self.zero += 1
                continue
            live.discard(leaf.slot)
            if key_commitment(page[leaf.slot * 32 : leaf.slot * 32 + 32], self.suite) != leaf.commitment:
                self._wrong((leaf.place,))
                continue
            self.open += 1
            self.told(leaf)
            yield leaf, hashed
        self._wrong((*self._last[:2], number) for number in sorted(live))

    def _wrong(self, places: Iterable[tuple[int, int, int]]) -> None:
        for place in places:
            self.mismatched += 1
            if len(self.named) < _NAMED:
                self.named.append(place)


def _untold(_: Leaf) -> None:
    """Nobody asks which leaves opened."""


def _signed(data: bytes, envelope: bytes, enc: bytes, expected: Expected) -> Manifest:
    opened = dsse.open_envelope(envelope, {expected.seller.id: expected.seller})
    named = subject_digests(opened.statement)
    if opened.statement.get("predicateType") != PREDICATES + "released/v1":
        raise _refuse("release.statement", "This statement does not release anything.", "schema")
    if named.get(MANIFEST) != hashlib.sha256(data).hexdigest():
        raise _refuse("release.manifest", "The manifest is not the one that was signed.", "altered")
    manifest = decode(data)
    if manifest.kind != "recall" and (
        len(enc) != ENC_BYTES or named.get(ENC) != hashlib.sha256(enc).hexdigest() or PAGES not in named
    ):
        raise _refuse("release.enc", "The sealed key is not the one that was signed.", "altered")
    return manifest


def _addressed(manifest: Manifest, expected: Expected) -> None:
    to = manifest.recipient
    found = (manifest.deal, manifest.seller, manifest.buyer)
    wanted = (expected.deal, expected.seller.id, expected.buyer)
    now = Recipient(expected.key_id, expected.invite, expected.nonce)
    if found != wanted or (to != now and (manifest.kind != "recall" or to not in expected.earlier)):
        raise _refuse("release.recipient", "This release was not made for this deal, buyer and key.", "recipient")


def _follows(manifest: Manifest, expected: Expected) -> None:
    if manifest.n <= expected.last:
        raise _refuse("release.replayed", "A release with this number or a later one was accepted before.", "replayed")
    if manifest.previous != expected.previous:
        raise _refuse("release.previous", "This release does not follow the last one accepted.", "chain")
    if manifest.package.id != expected.package or manifest.leaves != expected.leaves:
        raise _refuse("release.package", "This release belongs to another package.", "chain")


def _whole(manifest: Manifest, silent: bytes | None) -> None:
    if (silent is None) != (manifest.silent is None):
        text, kind = (
            "Whom nobody may contact is named by the manifest, or lies there, but not both.",
            "extra" if silent else "missing",
        )
        raise _refuse("release.silent", text, kind)
    if silent is not None and digest(silent) != manifest.silent:
        raise _refuse("release.silent", "Whom nobody may contact is not what was signed.", "altered")


def _silent(manifest: Manifest, silent: bytes | None, key: DealKey) -> tuple[bytes, ...]:
    if silent is None:
        return ()
    return silence.decode(key.open(silent, silence.bound_to(manifest.deal, manifest.n, manifest.package.id)))


def _refuse(slug: str, text: str, kind: str) -> Broken:
    return Broken(slug, text, kind=kind, next=AGAIN)
