"""Making a release: pages in which every slot that is not let go is zero, sealed to the buyer's key (D3, spec/package.md §5)."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Final, Literal

from custody.acts.block import NOWHERE
from custody.acts.desk import Desk
from custody.acts.evidence import log_head
from custody.acts.handing import LEAVES
from custody.acts.marks import Marks, Spot
from custody.acts.marks import put as put_mark
from custody.acts.matters import ledger_size
from custody.acts.vaults import Keyring, open_keyring, page_at, slots_of
from custody.acts.verdicts import Crowd, Verdicts
from custody.base import merkle
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.package.leaf import Leaf
from custody.package.release import (
    FORMAT,
    KEM,
    GateRef,
    Manifest,
    Origin,
    PackageRef,
    RecallEntry,
    Recipient,
    folder_name,
)
from custody.package.release_seal import Released, seal
from custody.package.statements import Invite, Shipped
from custody.package.table import leaves_in
from custody.ports.files import Files
from custody.ports.store import Row, Transaction
from custody.vault.page import PAGE_BYTES, put, slot
from custody.vault.suite import SM

TERM: Final = timedelta(days=90)
_NEAR: Final = 4_096
Kind = Literal["full", "delta", "recall"]


@dataclass(frozen=True, slots=True)
class Order:
    """Which release is made, of which package, on which gate, to which invitation."""

    n: int
    previous: str | None
    kind: Kind
    shipped: Shipped
    gate: str
    counts: Mapping[str, int]
    invited: Invite
    invite: str


@dataclass(slots=True)
class Chosen:
    """What goes of a leaf table: its slots (with every page that the table lies on), how many records of each schema, and whose they are."""

    people: Crowd
    live: Marks = field(default_factory=Marks)
    records: Counter[int] = field(default_factory=Counter)


def choose(out: Files, shipped: Shipped, now: Verdicts, goes: Callable[[Sequence[Leaf]], Iterable[int]]) -> Chosen:
    """Read the leaf table as it lies in the folder, once; `goes` says of some leaves whose each is, by place, NOWHERE where it does not go.

    Raises Refused `release.package-changed` when it is not the one shipped: nothing that was chosen may be used then.
    """
    chosen, tree = Chosen(now.nobody()), merkle.Frontier()
    with out.open(LEAVES) as source:
        rows = leaves_in(source)
        while near := list(islice(rows, _NEAR)):
            tree.extend([hashed for _, hashed in near])
            _take(chosen, [one for one, _ in near], goes)
    if tree.root().hex() != shipped.leaves.root:
        raise Refused("release.package-changed", "The package is not the one that was shipped.", next="custody verify")
    return chosen


def _take(chosen: Chosen, leaves: Sequence[Leaf], goes: Callable[[Sequence[Leaf]], Iterable[int]]) -> None:
    for one, who in zip(leaves, goes(leaves), strict=True):
        bits = chosen.live.page(one.place[:2])
        if who != NOWHERE:
            put_mark(bits, one.slot)
            chosen.people[who] = True
            chosen.records.update(record.schema for record in one.records)


def places_hash(live: Marks) -> str:
    """What two people approve of slots: SHA-256 over their list, in order."""
    digest, before = hashlib.sha256(b"["), b""
    for place in live:
        digest.update(before + repr(list(place)).encode())
        before = b", "
    digest.update(b"]")
    return f"sha256:{digest.hexdigest()}"


def write(
    desk: Desk, tx: Transaction, matter: Row, order: Order, live: Marks, out: Files, silent: Collection[bytes]
) -> Released:
    """Seal the slots of `live` into every page that is there; other slots are zero. `silent`: whom nobody may contact.

    The pages lie in `out` from here on. What opens them, `enc`, is laid there when the release is committed (`let_out`).
    """
    ring = open_keyring(desk, tx, str(matter["vault"]))
    draft = manifest(desk, tx, matter, order, ring, suite_of_pages(tx, ring.vault, live.spots()))
    with out.writer(f"{folder_name(order.n)}/pages.bin") as target:
        return seal(draft, _pages(tx, ring, live), target, order.invited.public, silent=silent)


def manifest(
    desk: Desk,
    tx: Transaction,
    matter: Row,
    order: Order,
    ring: Keyring,
    suite: Literal[1, 2],
    recall: tuple[RecallEntry, ...] = (),
) -> Manifest:
    """What the release says of itself; `seal` adds the pages. `suite` is that of the package."""
    head, now, to = log_head(tx, desk.space), desk.clock.now(), order.invited
    return Manifest(
        format=FORMAT, deal=str(matter["ref"]), n=order.n, previous=order.previous, kind=order.kind, package=PackageRef(order.shipped.package),
        seller=desk.signer.identity.id, buyer=order.shipped.buyer, recipient=Recipient(to.key_id, order.invite, to.nonce),
        origin=Origin(ring.origin.hex(), ring.generation, ring.head.root.hex()), suite=suite, kem=KEM, leaves=order.shipped.leaves,
        gate=GateRef(order.gate, ledger_size(tx, desk.space)), counts=dict(order.counts),
        checkpoint=head,
        issued_at=stamp(now), expires_at=stamp(now + TERM), recall=recall,
    )  # fmt: skip


def suite_of_pages(tx: Transaction, vault: str, places: Iterable[Spot]) -> Literal[1, 2]:
    """The one suite of these key pages; each page tells its own. Raises Refused `ship.two-suites`."""
    suites = {page_at(tx, vault, place).suite.number for place in places}
    if len(suites) > 1:
        raise Refused(
            "ship.two-suites", "This vault is between two suites; a package has one.", next="custody vault renew"
        )
    return 2 if suites == {SM.number} else 1


def _pages(tx: Transaction, ring: Keyring, live: Marks) -> Iterator[tuple[int, int, bytes]]:
    """Every page that is there: live slots as they are, all others zero."""
    for (compartment, page), numbers in live.pages():
        held, made = slots_of(tx, ring, compartment, page), bytearray(PAGE_BYTES)
        for number in numbers:
            put(made, number, slot(held, number))
        yield compartment, page, bytes(made)
