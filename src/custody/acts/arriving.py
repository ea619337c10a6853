"""What comes through the buyer's door, first release or later: package and release checked in order, records opened once (C7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import cast

from custody.acts.desk import Desk
from custody.acts.handing import DESCRIPTOR, LEAVES, PACKAGE, SHIPPED, understood
from custody.acts.vaults import sha256
from custody.base import merkle
from custody.base.errors import Broken, Missing
from custody.model.party import PartyCard
from custody.package import contents as descriptors
from custody.package import frames, leaf
from custody.package.accept import Accepted, Delivered, Expected, accept, delivered
from custody.package.bag import check as check_bag
from custody.package.contents import Contents
from custody.package.leaf import Leaf
from custody.package.release import folder_name
from custody.package.release_seal import DealKey
from custody.package.statements import Invite, ReleasedStatement, Shipped
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault import record as records
from custody.vault.keyid import NO_KEY
from custody.vault.page import slot
from custody.vault.payload import unpack


@dataclass(slots=True)
class Taken:
    """What the ordered checks let through."""

    contents: Contents
    accepted: Accepted
    found: Delivered
    leaves: list[Leaf]


@dataclass(frozen=True, slots=True)
class Last:
    """The release that was accepted last: the next must name it and have a higher number."""

    n: int = 0
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """Our newest invitation of the deal, and its key: the id alone once the key is deleted."""

    envelope: bytes
    says: Invite
    key: DealKey | str = field(repr=False)


def invited(desk: Desk, tx: Transaction, matter: str) -> Invited:
    """What a release of this deal must be sealed to. Raises Missing `invite.missing`."""
    rows = tx.find("statement", order=("n",), matter=matter, kind=Invite.KIND)
    if not rows:
        raise Missing("invite.missing", "No invitation was sent for this deal.", next="custody invite SELLER")
    envelope = cast("bytes", rows[-1]["envelope"])
    says = understood(envelope, Invite, desk.card.identity, rehearsal=desk.rehearsal)
    held = one(tx, "deal_key", matter=matter)
    return Invited(envelope, says, says.key_id if held is None else _key(desk, held, len(rows)))


def wrap_key(desk: Desk, matter: str, key: DealKey, number: int) -> bytes:
    """The private key of the deal's `number`-th invitation under a provider object of its own: three wrapped 32-byte parts."""
    ref, private = desk.keys.create(matter, number), key.private()
    return b"".join(desk.keys.wrap(ref, private[place : place + 32]) for place in range(0, 96, 32))


def delete_key(desk: Desk, matter: str) -> None:
    """Destroy the provider objects of every invitation's key: from here nothing more opens with them."""
    with desk.store.read() as tx:
        invitations = tx.count("statement", matter=matter, kind=Invite.KIND)
    for number in range(1, invitations + 1):
        desk.keys.destroy(desk.keys.create(matter, number), desk.clock.now())


def let_in(desk: Desk, source: Files, seller: PartyCard, matter: Row, to: Invited, n: int, last: Last) -> Taken:
    """The package whole and signed, then release `n` through its own ordered door (spec/package.md §5).

    Raises Broken with the class of the first step that refuses.
    """
    shipped = understood(source.read(SHIPPED), Shipped, seller.identity, rehearsal=desk.rehearsal)
    bag = check_bag(source.path(PACKAGE), (shipped.package,))
    if bag.faults or bag.id != shipped.package:
        first = bag.faults[0] if bag.faults else None
        kind, where = (first.kind, {"file": first.file}) if first else ("altered", {"file": "tagmanifest-sha256.txt"})
        raise Broken("package.fault", "The package is not whole.", kind=kind, where=where, next="custody verify FOLDER")
    contents = descriptors.decode(source.read(DESCRIPTOR))
    expected = Expected(
        deal=str(matter["ref"]), seller=seller.identity, buyer=desk.signer.identity.id, key=to.key,
        invite=sha256(to.envelope), nonce=to.says.nonce, package=shipped.package,
        leaves=shipped.leaves, last=last.n, previous=last.digest,
    )  # fmt: skip
    data, envelope = (source.read(f"{folder_name(n)}/{name}") for name in ("manifest.json", "released.dsse.json"))
    said = understood(envelope, ReleasedStatement, seller.identity, rehearsal=desk.rehearsal)
    if said.kind == "recall":
        accepted = accept(data, envelope, b"", BytesIO(), expected)
    else:
        with source.path(f"{folder_name(n)}/pages.bin").open("rb") as pages:
            accepted = accept(data, envelope, source.read(f"{folder_name(n)}/enc"), pages, expected)
    lines = source.read(LEAVES).splitlines()
    leaves, hashes = [leaf.decode(line) for line in lines], [merkle.leaf_hash(line) for line in lines]
    if merkle.root(hashes).hex() != shipped.leaves.root:
        raise Broken("package.leaves", "The leaf table is not the one that was signed.", kind="altered")
    if accepted.manifest.suite != contents.suite:
        raise Broken("release.package", "This release is of another suite than its package.", kind="chain")
    found = delivered(zip(leaves, hashes, strict=True), accepted.slots, contents)
    if found.mismatched:
        raise Broken("release.mismatch", "A key is not the one its leaf commits to.", kind="altered")
    return Taken(contents, accepted, found, leaves)


def _key(desk: Desk, held: Row, number: int) -> DealKey:
    ref, blob = desk.keys.create(str(held["matter"]), number), cast("bytes", held["sealed"])
    size = len(blob) // 3
    return DealKey(b"".join(desk.keys.unwrap(ref, blob[place * size : (place + 1) * size]) for place in range(3)))


def opened(taken: Taken) -> Iterator[Leaf]:
    """Leaves whose key was delivered."""
    return (one_leaf for one_leaf in taken.leaves if dek(taken, one_leaf) != NO_KEY)


def dek(taken: Taken, one_leaf: Leaf) -> bytes:
    """The key that the release gives for a leaf; zero is none."""
    page = taken.accepted.slots.get(one_leaf.place[:2])
    return NO_KEY if page is None else slot(page, one_leaf.slot)


def open_all(desk: Desk, taken: Taken, file: str) -> Iterator[Row]:
    """Open every delivered record once; its row number is read from inside. What was not released is passed over."""
    keys = {(one_leaf.subject, one_leaf.compartment): dek(taken, one_leaf) for one_leaf in opened(taken)}
    origin = bytes.fromhex(taken.contents.origin)
    with desk.files.open(file) as source:
        for frame in frames.read(source):
            head = records.parse(frame.sealed)
            key = keys.get((head.subject, head.compartment))
            if key is None:
                continue
            _, payload = records.open_record(origin, key, frame.sealed)
            yield {"subject": head.subject, "record": head.record, "compartment": head.compartment, "schema": head.schema,
                   "revision": head.revision, "row": unpack(payload)[0], "position": frame.offset, "length": len(frame.sealed)}  # fmt: skip
