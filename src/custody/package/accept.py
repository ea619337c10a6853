"""The buyer's door: one order, each step on the result of the one before, a refusal otherwise (spec/package.md §5).

`accept` (signature, hashes, recipient, number, package, pages, seal) then `delivered` (every leaf's slot against its
commitment). What `delivered` returns is what `received/v1` says.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from custody.base import dsse
from custody.base.errors import Broken
from custody.base.signing import Identity
from custody.base.statement import PREDICATES
from custody.package.contents import Contents, LeafTable
from custody.package.leaf import Leaf, TableSum, key_commitment, table_sums
from custody.package.release import (
    ENC,
    ENC_BYTES,
    MANIFEST,
    PAGES,
    SEALED_PAGE,
    SLOTS,
    Manifest,
    RecallEntry,
    decode,
    digest,
)
from custody.package.release_seal import DealKey, info, open_page, release_key
from custody.package.subjects import subject_digests

Slots = Mapping[tuple[int, int], bytes]
_NO_KEY = bytes(32)


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


@dataclass(frozen=True, slots=True)
class Delivered:
    """Leaves that opened, leaves whose slot is zero, slots that do not match (and where); tables as delivered."""

    opened: int
    zero: int
    mismatched: int
    tables: tuple[TableSum, ...]
    mismatches: tuple[tuple[int, int, int], ...]


def accept(
    data: bytes, envelope: bytes, enc: bytes, pages: BinaryIO, expected: Expected, *, share: bytes | None = None
) -> Accepted:
    """Open release `data` (manifest.json). Raises Broken with the class of the first step that refuses."""
    manifest = _signed(data, envelope, enc, expected)
    _addressed(manifest, expected)
    _follows(manifest, expected)
    if manifest.kind == "recall":
        return Accepted(manifest, digest(data), {}, manifest.recall)
    if isinstance(expected.key, str):
        raise _refuse(
            "release.key-deleted", "The key of this deal is deleted: nothing more opens with it.", "recipient"
        )
    sealed = _hashed(manifest, pages)
    if (manifest.closing is None) != (share is None) or (share is not None and digest(share) != manifest.closing):
        raise _refuse("release.share", "The second share is missing or is not the one promised.", "chain")
    root = release_key(manifest, expected.key.open(enc, info(data)), share)
    slots = {place: open_page(manifest, root, *place, page) for place, page in sealed.items()}
    for one in manifest.pages:
        if one.live != SLOTS - _zeros(slots[one.compartment, one.page]):
            raise _refuse("release.live", "A page does not hold as many keys as the manifest says.", "altered")
    return Accepted(manifest, digest(data), slots)


def delivered(leaves: Iterable[tuple[Leaf, bytes]], slots: Slots, contents: Contents) -> Delivered:
    """Check every leaf (with its leaf hash, in order) against the slots. A live slot without a leaf is a mismatch."""
    zero, opened, wrong = 0, [], []
    live = {(*place, number) for place, page in slots.items() for number in _live(page)}
    for leaf, hashed in leaves:
        if leaf.place not in live:
            zero += 1
            continue
        live.discard(leaf.place)
        dek = slots[leaf.place[:2]][leaf.slot * 32 : leaf.slot * 32 + 32]
        if key_commitment(dek, contents.suite) == leaf.commitment:
            opened.append((leaf, hashed))
        else:
            wrong.append(leaf.place)
    wrong += sorted(live)
    sums = table_sums(opened, contents.by_schema())
    return Delivered(len(opened), zero, len(wrong), sums, tuple(wrong))


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
    found = (manifest.deal, manifest.seller, manifest.buyer, to.key, to.invite, to.nonce)
    wanted = (expected.deal, expected.seller.id, expected.buyer, expected.key_id, expected.invite, expected.nonce)
    if found != wanted:
        raise _refuse("release.recipient", "This release was not made for this deal, buyer and key.", "recipient")


def _follows(manifest: Manifest, expected: Expected) -> None:
    if manifest.n <= expected.last:
        raise _refuse("release.replayed", "A release with this number or a later one was accepted before.", "replayed")
    if manifest.previous != expected.previous:
        raise _refuse("release.previous", "This release does not follow the last one accepted.", "chain")
    if manifest.package.id != expected.package or manifest.leaves != expected.leaves:
        raise _refuse("release.package", "This release belongs to another package.", "chain")


def _hashed(manifest: Manifest, pages: BinaryIO) -> dict[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    for row, one in enumerate(manifest.pages):
        sealed = pages.read(SEALED_PAGE)
        if hashlib.sha256(sealed).hexdigest() != one.sha256:
            raise Broken("release.page", "A page was changed.", kind="altered", where={"row": row})
        found[one.compartment, one.page] = sealed
    if pages.read(1):
        raise _refuse("release.page", "There are more pages than the manifest lists.", "extra")
    return found


def _live(page: bytes) -> list[int]:
    return [number for number in range(SLOTS) if page[number * 32 : number * 32 + 32] != _NO_KEY]


def _zeros(page: bytes) -> int:
    return SLOTS - len(_live(page))


def _refuse(slug: str, text: str, kind: str) -> Broken:
    return Broken(slug, text, kind=kind, next="Ask the seller to send the release again; do not use this one.")
