"""New keys into an existing vault: the next free slots, in random order, on the last page or a new one (spec/vault.md §7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from custody.acts.counter import set_least
from custody.acts.vaults import SUBJECT_BYTES, Keyring, add_page, rewrite_page, sealed, slots_of
from custody.base.canonical import Json
from custody.ports.store import Transaction, one
from custody.vault.allocate import SlotPlace, allocate, fresh_page
from custody.vault.page import SLOTS, fill, new_page
from custody.vault.suite import Suite


class NewKey(NamedTuple):
    """A DEK and whose it is."""

    subject: bytes
    compartment: int
    dek: bytes

    def __repr__(self) -> str:
        return f"NewKey(compartment={self.compartment})"


def place_keys(
    tx: Transaction, ring: Keyring, keys: Sequence[NewKey], suite: Suite
) -> dict[tuple[bytes, int], tuple[int, int]]:
    """Put the keys, of records sealed in `suite`, where no key ever was; returns {(subject, compartment): (page, slot)}."""
    found: dict[tuple[bytes, int], tuple[int, int]] = {}
    wanted: dict[int, list[NewKey]] = defaultdict(list)
    for one_key in keys:
        wanted[one_key.compartment].append(one_key)
    for compartment, owners in sorted(wanted.items()):
        placed, after = allocate(compartment, _first(tx, ring, compartment, suite), owners)
        _fill(tx, ring, compartment, placed, suite)
        set_next(tx, ring.vault, compartment, after)
        found |= {(who.subject, compartment): (place.page, place.slot) for who, place in placed}
    return found


def _first(tx: Transaction, ring: Keyring, compartment: int, suite: Suite) -> int:
    """Where to begin: a page has one suite, so what is of another begins a page of its own."""
    number = next_slot(tx, ring.vault, compartment)
    row = one(tx, "page", vault=ring.vault, compartment=compartment, page=number // SLOTS)
    return number if row is None or sealed(row, ring.origin).suite is suite else fresh_page(number)


def next_slot(tx: Transaction, vault: str, compartment: int) -> int:
    """The first slot of the compartment that no key ever had."""
    kept = one(tx, "counter", name=_name(vault, compartment))
    rows = tx.columns("page", ("page", "used"), vault=vault, compartment=compartment)
    used = max((cast("int", page) * SLOTS + cast("int", held) for page, held in rows), default=0)
    return max(used, cast("int", kept["value"]) if kept else 0)


def set_next(tx: Transaction, vault: str, compartment: int, after: int) -> None:
    """Remember that slots below `after` were used; it never goes back."""
    set_least(tx, _name(vault, compartment), after)


def high_water(tx: Transaction, vault: str) -> dict[str, Json]:
    """{compartment: its next slot}, for the ledger entry: a restore must not use a slot again that it never saw."""
    compartments = {cast("int", number) for (number,) in tx.columns("page", ("compartment",), vault=vault)}
    return {str(number): next_slot(tx, vault, number) for number in sorted(compartments)}


def _fill(
    tx: Transaction, ring: Keyring, compartment: int, placed: Sequence[tuple[NewKey, SlotPlace]], suite: Suite
) -> None:
    by_page: dict[int, dict[int, NewKey]] = defaultdict(dict)
    for who, place in placed:
        by_page[place.page][place.slot] = who
    for page, inside in sorted(by_page.items()):
        deks = {number: who.dek for number, who in inside.items()}
        row = one(tx, "page", vault=ring.vault, compartment=compartment, page=page)
        if row is None:
            add_page(tx, ring, (compartment, page), new_page(deks, suite), _members(b"", inside))
            continue
        slots = slots_of(tx, ring, compartment, page)
        fill(slots, deks)
        rewrite_page(tx, ring, compartment, page, slots)
        members = _members(cast("bytes", row["members"]), inside)
        used = len(members) // SUBJECT_BYTES
        tx.change("page", {"members": members, "used": used}, vault=ring.vault, compartment=compartment, page=page)


def _members(before: bytes, inside: Mapping[int, NewKey]) -> bytes:
    made = bytearray(before.ljust((max(inside) + 1) * SUBJECT_BYTES, b"\0"))
    for number, who in inside.items():
        made[number * SUBJECT_BYTES : (number + 1) * SUBJECT_BYTES] = who.subject
    return bytes(made)


def _name(vault: str, compartment: int) -> str:
    return f"slot:{vault}:{compartment}"
