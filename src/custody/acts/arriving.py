"""What comes through the buyer's door, first release or later: package and release checked in order (C7, spec/package.md §5).

Whose key lies where waits aside while it is checked: neither the leaf table nor the keys are ever in memory whole.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, cast

from custody.acts.deal_roots import DealRoot, root_of
from custody.acts.desk import Desk
from custody.acts.handing import DESCRIPTOR, LEAVES, PACKAGE, SHIPPED, understood
from custody.acts.marks import Place
from custody.acts.restoring import GONE
from custody.acts.vaults import sha256
from custody.base import merkle
from custody.base.errors import Broken, Missing
from custody.model.party import PartyCard
from custody.package import contents as descriptors
from custody.package import folder
from custody.package.accept import Accepted, Delivered, Expected, accept, delivered
from custody.package.bag import check as check_bag
from custody.package.contents import Contents
from custody.package.leaf import SLOTS, Leaf
from custody.package.release import SILENT, Recipient, folder_name
from custody.package.release_seal import DealKey
from custody.package.statements import Invite, ReleasedStatement, Shipped
from custody.package.sums import Sums
from custody.package.table import leaves_in
from custody.ports.files import Files
from custody.ports.spill import Entry, Spill
from custody.ports.store import Row, Transaction, one

_NEAR: Final = 8_192
"""Keys put aside together."""


@dataclass(slots=True)
class Taken:
    """What the ordered checks let through. Whose each delivered key is waits aside, as do records once they are opened.

    `match`: what leaves of delivered keys say of their records, added up. `recalled`: whose the slots are that a recall names.
    """

    contents: Contents
    accepted: Accepted
    found: Delivered
    spill: Spill
    match: Sums
    recalled: Mapping[Place, bytes]


@dataclass(frozen=True, slots=True)
class Last:
    """The release that was accepted last: the next must name it and have a higher number."""

    n: int = 0
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """Our newest invitation of the deal, and its key: the id alone once the key is deleted. And whom those before it named, for a recall."""

    envelope: bytes
    says: Invite
    key: DealKey | str = field(repr=False)
    earlier: frozenset[Recipient] = frozenset()


def invited(desk: Desk, tx: Transaction, matter: str) -> Invited:
    """What a release of this deal must be sealed to. Raises Missing `invite.missing`."""
    rows = tx.find("statement", order=("n",), matter=matter, kind=Invite.KIND)
    if not rows:
        raise Missing("invite.missing", "No invitation was sent for this deal.", next="custody invite SELLER")
    sent = [cast("bytes", row["envelope"]) for row in rows]
    read = [understood(one_sent, Invite, desk.card.identity, rehearsal=desk.rehearsal) for one_sent in sent]
    earlier = (Recipient(says.key_id, sha256(one_sent), says.nonce) for one_sent, says in zip(sent, read, strict=True))
    held = one(tx, "deal_key", matter=matter)
    key = None if held is None or not held["sealed"] else _key(desk, tx, held, len(rows))
    return Invited(sent[-1], read[-1], read[-1].key_id if key is None else key, frozenset(earlier))


def wrap_key(desk: Desk, matter: str, key: DealKey, number: int) -> tuple[DealRoot, bytes]:
    """The private key of the deal's `number`-th invitation under a provider object of its own: where that lies, three wrapped 32-byte parts."""
    ref, private = desk.keys.create(matter, number), key.private()
    parts = (desk.keys.wrap(ref, private[place : place + 32]) for place in range(0, 96, 32))
    return DealRoot(matter, number, ref), b"".join(parts)


@contextmanager
def let_in(
    desk: Desk, source: Files, seller: PartyCard, matter: Row, to: Invited, n: int, last: Last
) -> Iterator[Taken]:
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
        leaves=shipped.leaves, last=last.n, previous=last.digest, earlier=to.earlier,
    )  # fmt: skip
    data, envelope = (source.read(f"{folder_name(n)}/{name}") for name in ("manifest.json", "released.dsse.json"))
    said = understood(envelope, ReleasedStatement, seller.identity, rehearsal=desk.rehearsal)
    silent = source.read(f"{folder_name(n)}/{SILENT}") if f"{folder_name(n)}/{SILENT}" in source.list() else None
    if said.kind == "recall":
        accepted = accept(data, envelope, b"", None, expected, silent=silent)
    else:
        pages = source.path(f"{folder_name(n)}/pages.bin")
        accepted = accept(data, envelope, source.read(f"{folder_name(n)}/enc"), pages, expected, silent=silent)
    if accepted.manifest.suite != contents.suite:
        raise Broken("release.package", "This release is of another suite than its package.", kind="chain")
    with desk.spills.open() as spill:
        yield _read(source.path(LEAVES), shipped, contents, accepted, spill)


def _read(path: Path, shipped: Shipped, contents: Contents, accepted: Accepted, spill: Spill) -> Taken:
    """The leaf table against its root and the keys, read once; nothing that was put aside counts before both hold."""
    reader = _Leaves(spill, contents.suite, frozenset((one.compartment, one.page, one.slot) for one in accepted.recall))
    with folder.opened(path) as source:
        found = delivered(reader.rows(source), accepted.slots, contents, reader.take)
    reader.flush()
    if reader.tree.root().hex() != shipped.leaves.root:
        raise Broken("package.leaves", "The leaf table is not the one that was signed.", kind="altered")
    if found.mismatched:
        raise Broken("release.mismatch", "A key is not the one its leaf commits to.", kind="altered")
    return Taken(contents, accepted, found, spill, reader.match, reader.recalled)


@dataclass(slots=True)
class _Leaves:
    """One pass over the leaf table."""

    spill: Spill
    suite: int
    wanted: frozenset[Place]
    recalled: dict[Place, bytes] = field(default_factory=dict)
    match: Sums = field(default_factory=Sums)
    tree: merkle.Frontier = field(default_factory=merkle.Frontier)
    _rows: list[Entry] = field(default_factory=list)

    def rows(self, source: BinaryIO) -> Iterator[tuple[Leaf, bytes]]:
        """Each leaf and its hash, in order."""
        every = leaves_in(source)
        while near := list(islice(every, SLOTS)):
            self.tree.extend([hashed for _, hashed in near])
            self.recalled |= {leaf.place: leaf.subject for leaf, _ in near if leaf.place in self.wanted}
            yield from near

    def take(self, leaf: Leaf) -> None:
        """A leaf whose key was delivered."""
        self._rows.append((leaf.subject, *leaf.place))
        for head, record in zip(leaf.headers(self.suite), leaf.records, strict=True):
            self.match.claim(record.sha256, head)
        if len(self._rows) >= _NEAR:
            self.flush()

    def flush(self) -> None:
        """Put what was taken aside."""
        self.spill.put("slot", self._rows)
        self._rows = []


def _key(desk: Desk, tx: Transaction, held: Row, number: int) -> DealKey | None:
    """The key, under whichever provider it was made; None where its root is gone. Raises Broken `keys.blob` when no root opens it, and what a provider raises that is away."""
    blob, refs = cast("bytes", held["sealed"]), root_of(desk, tx, str(held["matter"]), number)
    size, last = len(blob) // 3, None
    for ref in refs:
        try:
            return DealKey(
                b"".join(desk.keys.unwrap(ref, blob[place * size : (place + 1) * size]) for place in range(3))
            )
        except Missing as error:
            if error.slug != GONE:
                raise
            continue  # it is ordered to go, and opens nothing
        except Broken as error:
            last = error
    if last is not None:
        raise last
    return None
