"""Opening a vault's keys and writing changed pages back, as spec/vault.md §7-8 order it.

Rules: opening checks that the stored pages are exactly those the keyring head names; writing gives every changed page
a new version and a new page key, and the head goes into the ledger entry of the same transaction.
"""

import hashlib
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.vault_names import require_free
from custody.base import canonical, ids
from custody.base.canonical import Json, b64, unb64
from custody.base.errors import Broken, CustodyError, Missing, Refused, Unavailable
from custody.ports.keys import Terms
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault import keyring as rings
from custody.vault.page import PAGE_BYTES, SLOTS, Place, Sealed, Slots, open_page, seal_page
from custody.vault.suite import AES, Suite, suite_of

SLOT: Final = struct.Struct(">BIH")
AUDIT: Final = 15
QUARANTINE: Final = 14
SUBJECT_BYTES: Final = 16
RESTORED: Final = "restored"
UNTRIED: Final = "untried"
"""A vault that takes no data before its recovery sheets were tried."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The live keyring key of a vault: its generation and head."""

    vault: str
    generation: int
    key: bytes = field(repr=False)
    head: rings.Head
    leaves: dict[rings.Spot, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The leaf of each page under the head, kept up by who writes pages; empty when no page is to be opened."""

    @property
    def origin(self) -> bytes:
        """The vault's id as it stands in AADs."""
        return ids.id_bytes(self.vault)

    @property
    def suite(self) -> Suite:
        """What the vault writes in now: the head says so."""
        return suite_of(self.head.suite)


def vault_row(tx: Transaction, party: str, name: str | None) -> Row:
    """The vault called `name`, or the only one. Raises Missing `vault.unknown`, `vault.which`."""
    rows = tx.find("vault", order=("name",), party=party, **({"name": name} if name else {}))
    if not rows:
        raise Missing("vault.unknown", "There is no such vault.", next="custody seal DATAMAP --vault NAME")
    if len(rows) > 1:
        raise Missing("vault.which", "There are several vaults.", next="Say which: --vault NAME")
    return rows[0]


def new_keyring(desk: Desk, vault: str, generation: int) -> tuple[bytes, bytes]:
    """(keyring key, what the store keeps of it): root made, key wrapped and read back."""
    ref, key = desk.keys.create(vault, generation), secrets.token_bytes(32)
    wrapped = desk.keys.wrap(ref, key)
    if desk.keys.unwrap(ref, wrapped) != key:
        raise Unavailable("keys.readback", "The key provider did not return what it was given.")
    return key, canonical.encode({"ref": ref, "key": b64(wrapped), "head": ""})


def new_vault(
    desk: Desk, tx: Transaction, vault: str, name: str, *, state: str = "open", suite: Suite = AES, datamap: str = "", generation: int = 1
) -> Keyring:  # fmt: skip
    """The row of a vault without data, under a root and a key of its own. Its head is saved by whoever adds pages. Raises as `require_free`."""
    require_free(tx, desk.space, name)
    key, kept = new_keyring(desk, vault, generation)
    tx.add("vault", [{"id": vault, "party": desk.space, "name": name, "region": desk.region, "suite": suite.number, "state": state,
                      "generation": generation, "keyring": kept, "datamap": datamap}])  # fmt: skip
    return Keyring(vault, generation, key, rings.Head(generation, 0, b"", suite.number))


def open_keyring(desk: Desk, tx: Transaction, vault: str) -> Keyring:
    """Unwrap the live keyring key and check the leaves of all pages against its head; each page is checked as it is opened."""
    ring = read_keyring(desk, tx, vault)
    ring.leaves.update(leaves(tx, vault))
    rings.check_leaves(ring.head, ring.leaves)
    return ring


def check_pages(tx: Transaction, ring: Keyring) -> None:
    """Every page, byte for byte, against the head: before something is destroyed that could have brought one back."""
    rings.check(ring.head, pages(tx, ring.vault))


def leaves(tx: Transaction, vault: str) -> dict[rings.Spot, bytes]:
    """The leaf of each stored page, as it was kept or, where none was, from the page. It counts for nothing before it is under the head."""
    kept = {(row[0], row[1]): row[2] for row in tx.columns("page_leaf", ("compartment", "page", "leaf"), vault=vault)}
    spots = tx.columns("page", ("compartment", "page"), order=("compartment", "page"), vault=vault)
    held = [cast("rings.Spot", one_spot) for one_spot in spots]
    return {spot: cast("bytes", kept[spot]) if spot in kept else _leaf(page_at(tx, vault, spot)) for spot in held}


def read_keyring(desk: Desk, tx: Transaction, vault: str) -> Keyring:
    """The live keyring key and its head, without a look at the pages: for who opens none, or names which of them is wrong."""
    row = one(tx, "vault", id=vault)
    if row is None:
        raise Missing("vault.unknown", "There is no such vault.")
    kept = _kept(cast("bytes", row["keyring"]))
    key = desk.keys.unwrap(kept["ref"], unb64(kept["key"]))
    head = rings.open_head(ids.id_bytes(vault), unb64(kept["head"]), key)
    rings.check_suite(head, cast("int", row["suite"]))
    return Keyring(vault, head.generation, key, head)


def require_suite(vault: Row, wanted: int) -> None:
    """Refuse to take a vault for one of another suite. Raises Malformed `vault.suite`, Refused `vault.suite-other`."""
    if suite_of(wanted) is not writes_in(vault):
        raise Refused("vault.suite-other", "This vault is there already, and writes in another suite.",
                      where={"suite": cast("int", vault["suite"])}, next="custody vault renew, or another name")  # fmt: skip


def writes_in(vault: Row) -> Suite:
    """The suite that the row of a vault names: whoever commits opens the keyring, which refuses another than its head's."""
    return suite_of(cast("int", vault["suite"]))


def keyring_ref(kept: bytes) -> str:
    """The reference to the root that a keyring lies under; '' where nothing is kept. Raises Broken `vault.keyring`."""
    return _kept(kept)["ref"] if kept else ""


def terms_of(desk: Desk, vault: Row) -> Terms:
    """On which terms the root that this vault is under goes one day. Raises what the provider raises."""
    return desk.keys.terms(keyring_ref(cast("bytes", vault["keyring"])))


def terms_said(desk: Desk, vault: Row) -> dict[str, Json]:
    """The same for people: provider, assurance, days until a destroy takes effect, and what it does not reach."""
    return told(terms_of(desk, vault))


def told(terms: Terms) -> dict[str, Json]:
    """Terms as a result says them."""
    return {
        "provider": terms.provider,
        "assurance": terms.assurance,
        "delay_days": terms.delay.days,
        "spares": list(terms.spares),
    }


def keyring_of(vault: Row) -> dict[str, str]:
    """What the store keeps of the keyring: reference, wrapped key, head. Raises Broken `vault.keyring`."""
    return _kept(cast("bytes", vault["keyring"]))


def _kept(data: bytes) -> dict[str, str]:
    try:
        value = canonical.decode(data)
    except CustodyError as error:
        raise _no_keyring() from error
    if not isinstance(value, dict) or not all(isinstance(value.get(name), str) for name in ("ref", "key", "head")):
        raise _no_keyring()
    return cast("dict[str, str]", value)


def _no_keyring() -> Broken:
    return Broken("vault.keyring", "What the store keeps of the keyring is not of its form.", kind="altered")


def opened(tx: Transaction, space: str) -> list[Row]:
    """The vaults of a company that open, one that was restored and waits for its rotation among them: what is in it is read as ever."""
    return [row for row in tx.find("vault", order=("id",), party=space) if row["state"] in {"open", RESTORED}]


def require_writable(tx: Transaction, vault: str) -> None:
    """A restored vault takes no write before its rotation. Raises Unavailable `vault.restored`."""
    if tx.count("vault", id=vault, state=RESTORED):
        raise Unavailable("vault.restored", "This vault was restored and its root not changed yet: it takes no write.",
                          next="custody rekey")  # fmt: skip


def save_head(tx: Transaction, ring: Keyring, kept: bytes | None = None) -> rings.Head:
    """Recompute the head over the stored pages and keep it; `kept` replaces the wrapped key (rotation).

    Raises Broken `vault.rolled-back` when the store has other leaves than those that were checked and written here.
    """
    if leaves(tx, ring.vault) != ring.leaves:
        raise Broken("vault.rolled-back", "The key pages changed under the writer.", kind="replayed")
    root = rings.merkle_root(ring.leaves)
    head = rings.Head(ring.generation, ring.head.counter + 1, root, ring.head.suite)
    row = one(tx, "vault", id=ring.vault)
    assert row is not None
    value = cast("dict[str, str]", canonical.decode(kept or cast("bytes", row["keyring"])))
    value["head"] = b64(rings.seal_head(ring.origin, head, ring.key))
    changed: Cells = {"keyring": canonical.encode(dict(value)), "generation": ring.generation}
    tx.change("vault", changed, id=ring.vault)
    return head


def pages(tx: Transaction, vault: str) -> Iterator[Sealed]:
    """The stored pages in ascending order."""
    origin = ids.id_bytes(vault)
    for row in tx.scan("page", order=("compartment", "page"), vault=vault):
        yield sealed(row, origin)


def sealed(row: Row, origin: bytes) -> Sealed:
    """A page from its row."""
    place = Place(origin, int(row["compartment"] or 0), int(row["page"] or 0), int(row["version"] or 0))
    return Sealed(place, cast("bytes", row["sealed"]), cast("bytes", row["wrap"]))


def slots_of(tx: Transaction, ring: Keyring, compartment: int, page: int) -> Slots:
    """The open slots of one page."""
    held = page_at(tx, ring.vault, (compartment, page))
    rings.check_leaf(held, ring.leaves.get((compartment, page)))
    return open_page(held, ring.key, ring.generation)


def keep_leaf(tx: Transaction, ring: Keyring, page: Sealed) -> None:
    """Note the leaf of a page that was just written."""
    spot, made = (page.place.compartment, page.place.page), _leaf(page)
    ring.leaves[spot] = made
    where: Cells = {"vault": ring.vault, "compartment": spot[0], "page": spot[1]}
    if not tx.change("page_leaf", {"leaf": made}, **where):
        tx.add("page_leaf", [{**where, "leaf": made}])


def _leaf(page: Sealed) -> bytes:
    return rings.leaf(page.place, page.sealed, page.wrap)


def page_at(tx: Transaction, vault: str, spot: rings.Spot) -> Sealed:
    """The stored page of one place. Raises Missing `vault.page-missing`."""
    row = one(tx, "page", vault=vault, compartment=spot[0], page=spot[1])
    if row is None:
        raise Missing("vault.page-missing", "A key page is missing from the store.")
    return sealed(row, ids.id_bytes(vault))


def add_page(tx: Transaction, ring: Keyring, place: tuple[int, int], slots: Slots, members: bytes) -> None:
    """Store a new page at version 1."""
    compartment, number = place
    require_writable(tx, ring.vault)
    made = seal_page(Place(ring.origin, compartment, number, 1), slots, ring.key, ring.generation)
    row: Cells = {"vault": ring.vault, "compartment": compartment, "page": number, "version": 1}
    used = len(members) // SUBJECT_BYTES
    tx.add("page", [{**row, "used": used, "sealed": made.sealed, "wrap": made.wrap, "wrap_g": ring.generation,
                     "members": members}])  # fmt: skip
    keep_leaf(tx, ring, made)


def rewrite_page(tx: Transaction, ring: Keyring, compartment: int, page: int, slots: Slots) -> None:
    """Compare-and-swap a changed page to its next version under a new page key. Raises Unavailable `vault.raced`."""
    require_writable(tx, ring.vault)
    row = one(tx, "page", vault=ring.vault, compartment=compartment, page=page)
    assert row is not None
    place = sealed(row, ring.origin).place.after()
    made = seal_page(place, slots, ring.key, ring.generation)
    values: Mapping[str, int | bytes] = {
        "version": place.version, "sealed": made.sealed, "wrap": made.wrap, "wrap_g": ring.generation,
    }  # fmt: skip
    where: Cells = {"vault": ring.vault, "compartment": compartment, "page": page, "version": place.version - 1}
    if tx.change("page", dict(values), **where) != 1:
        raise Unavailable("vault.raced", "Another writer changed a key page.", retry=True, next="Run it again.")
    keep_leaf(tx, ring, made)


def unlist(tx: Transaction, vault: str, place: tuple[int, int], numbers: Sequence[int]) -> None:
    """Take the slots' subjects off the page's list of members: a shredded slot says no more whose it was."""
    where: Cells = {"vault": vault, "compartment": place[0], "page": place[1]}
    row = one(tx, "page", **where)
    assert row is not None
    members = bytearray(cast("bytes", row["members"]))
    for number in numbers:
        if (number + 1) * SUBJECT_BYTES <= len(members):
            members[number * SUBJECT_BYTES : (number + 1) * SUBJECT_BYTES] = bytes(SUBJECT_BYTES)
    tx.change("page", {"members": bytes(members)}, **where)


def page_of(deks: list[bytes], suite: Suite) -> Slots:
    """Up to 1,024 DEKs as one page's slots; the rest is zero."""
    assert len(deks) <= SLOTS
    return Slots(b"".join(deks).ljust(PAGE_BYTES, b"\0"), suite)


def pack_slots(slots: Mapping[int, tuple[int, int]]) -> bytes:
    """A subject's slots as one blob."""
    return b"".join(SLOT.pack(compartment, page, slot) for compartment, (page, slot) in sorted(slots.items()))


def slot_places(blob: bytes) -> dict[int, tuple[int, int]]:
    """{compartment: (page, slot)} of one subject."""
    found = (SLOT.unpack_from(blob, place) for place in range(0, len(blob), SLOT.size))
    return {compartment: (page, slot) for compartment, page, slot in found}


def sha256(data: bytes) -> str:
    """`sha256:hex`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
