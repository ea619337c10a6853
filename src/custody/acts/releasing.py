"""Making a release: pages in which every slot that is not let go is zero, sealed to the buyer's key (D3, spec/package.md §5)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, cast

from custody.acts.desk import Desk
from custody.acts.handing import LEAVES
from custody.acts.matters import ledger_size
from custody.acts.vaults import Keyring, open_keyring, page_at, slots_of
from custody.base import merkle
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.package import leaf
from custody.package.leaf import Leaf
from custody.package.release import (
    FORMAT,
    KEM,
    GateRef,
    LogHead,
    Manifest,
    Origin,
    PackageRef,
    RecallEntry,
    Recipient,
    folder_name,
)
from custody.package.release_seal import Released, seal
from custody.package.statements import Invite, Shipped
from custody.ports.files import Files
from custody.ports.store import Row, Transaction
from custody.vault.page import PAGE_BYTES, put, slot
from custody.vault.suite import SM

TERM: Final = timedelta(days=90)
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


def shipped_leaves(out: Files, shipped: Shipped) -> tuple[Leaf, ...]:
    """The leaf table as it lies in the folder. Raises Refused `release.package-changed` when it is not the one shipped."""
    leaves = tuple(leaf.decode(line) for line in out.read(LEAVES).splitlines())
    if merkle.root([merkle.leaf_hash(one.encode()) for one in leaves]).hex() != shipped.leaves.root:
        raise Refused("release.package-changed", "The package is not the one that was shipped.", next="custody verify")
    return leaves


def write(
    desk: Desk, tx: Transaction, matter: Row, order: Order, leaves: Sequence[Leaf], live: Sequence[Leaf], out: Files
) -> Released:
    """Seal the slots of `live` into every page that `leaves` lie on; other slots are zero.

    The pages lie in `out` from here on. What opens them, `enc`, is laid there when the release is committed (`let_out`).
    """
    ring = open_keyring(desk, tx, str(matter["vault"]))
    draft = manifest(desk, tx, matter, order, ring, suite_shipped(tx, ring.vault, leaves))
    with out.writer(f"{folder_name(order.n)}/pages.bin") as target:
        return seal(draft, _pages(tx, ring, leaves, live), target, order.invited.public)


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
    hashes = [cast("bytes", row["hash"]) for row in tx.scan("ledger_entry", order=("position",), space=desk.space)]
    now, to = desk.clock.now(), order.invited
    return Manifest(
        format=FORMAT, deal=str(matter["ref"]), n=order.n, previous=order.previous, kind=order.kind, package=PackageRef(order.shipped.package),
        seller=desk.signer.identity.id, buyer=order.shipped.buyer, recipient=Recipient(to.key_id, order.invite, to.nonce),
        origin=Origin(ring.origin.hex(), ring.generation, ring.head.root.hex()), suite=suite, kem=KEM, leaves=order.shipped.leaves,
        gate=GateRef(order.gate, ledger_size(tx, desk.space)), counts=dict(order.counts),
        checkpoint=LogHead(f"custody.example/ledger/{desk.space}", len(hashes), merkle.root(hashes).hex()),
        issued_at=stamp(now), expires_at=stamp(now + TERM), recall=recall,
    )  # fmt: skip


def suite_shipped(tx: Transaction, vault: str, leaves: Sequence[Leaf]) -> Literal[1, 2]:
    """The suite of a package, from its leaves. Raises Refused `ship.two-suites`."""
    return suite_of_pages(tx, vault, {(one.compartment, one.page) for one in leaves})


def suite_of_pages(tx: Transaction, vault: str, places: Collection[tuple[int, int]]) -> Literal[1, 2]:
    """The one suite of these key pages; each page tells its own. Raises Refused `ship.two-suites`."""
    suites = {page_at(tx, vault, place).suite.number for place in places}
    if len(suites) > 1:
        raise Refused(
            "ship.two-suites", "This vault is between two suites; a package has one.", next="custody vault renew"
        )
    return 2 if suites == {SM.number} else 1


def _pages(
    tx: Transaction, ring: Keyring, leaves: Sequence[Leaf], live: Sequence[Leaf]
) -> Iterator[tuple[int, int, bytes]]:
    """Every page that holds one of `leaves`: live slots as they are, all others zero."""
    given = {one.place for one in live}
    by_page: dict[tuple[int, int], list[int]] = defaultdict(list)
    for one in leaves:
        by_page[one.compartment, one.page] += [one.slot] if one.place in given else []
    for (compartment, page), numbers in sorted(by_page.items()):
        held, made = slots_of(tx, ring, compartment, page), bytearray(PAGE_BYTES)
        for number in numbers:
            put(made, number, slot(held, number))
        yield compartment, page, bytes(made)
