"""Zero slots: the one door through which a key dies, with holds looked up in the same transaction (spec/vault.md §9, §22)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple, cast

from custody.acts.alike import JOINT, split
from custody.acts.counter import next_number
from custody.acts.vaults import Keyring, rewrite_page, slots_of, unlist
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import Refused
from custody.ports.store import Cells, Row, Transaction
from custody.privacy.retention import today
from custody.vault.keyid import NO_KEY
from custody.vault.page import put, slot

_ROUND: Final = 32


class Shred(NamedTuple):
    """One slot to be zeroed and whose it is; `subject` is empty where it is nobody's."""

    subject: bytes
    compartment: int
    page: int
    slot: int


def shred(
    tx: Transaction, ring: Keyring, wanted: Iterable[Shred], *, now: str, moved: bool = False
) -> list[list[Json]]:
    """Zero the slots and note the erasures; returns [compartment, page, slot, key id] of each key that was there.

    The caller enters what it returns in the ledger, and saves the head. With `moved` the same transaction puts all that lay under
    these keys under others, so that a hold has nothing against it. Raises Refused `vault.held`.
    """
    asked = sorted(set(wanted))
    if not moved:
        require_unheld(tx, ring.vault, {one.subject for one in asked if one.subject}, now)
    by_page: dict[tuple[int, int], list[int]] = defaultdict(list)
    for one in asked:
        by_page[one.compartment, one.page].append(one.slot)
    gone: list[list[Json]] = []
    for (compartment, page), numbers in sorted(by_page.items()):
        gone += _zero(tx, ring, (compartment, page), numbers)
    if gone:
        _note(tx, ring, gone)
    return gone


def require_unheld(tx: Transaction, vault: str, subjects: Collection[bytes], now: str) -> None:
    """Refuse while any of `subjects` is held. Raises Refused `vault.held`, which says how many, not who."""
    kept = held(tx, vault, now)
    if found := sum(1 for one in subjects if one in kept):
        raise Refused("vault.held", f"A hold keeps {found} of these customers; nothing was erased.",
                      next="custody hold list; leave them out with --skip-held", where={"held": found})  # fmt: skip


def held(tx: Transaction, vault: str, now: str) -> Mapping[bytes, list[Row]]:
    """{subject: the live holds that keep it}: what several people share is kept while one of them is held."""
    found = dict(holds(tx, vault, now))
    if found:
        for subject, members in tx.columns("subject", ("id", "members"), vault=vault, kind=JOINT):
            if own := [row for one in split(cast("bytes", members)) for row in found.get(one, ())]:
                found[cast("bytes", subject)] = own
    return found


def holds(tx: Transaction, vault: str, now: str) -> Mapping[bytes, list[Row]]:
    """{subject: its own live holds}. The day on which one ends is over when it is over wherever on Earth one looks."""
    found: dict[bytes, list[Row]] = defaultdict(list)
    on = today(parse(now)).isoformat()
    for row in tx.find("hold", order=("subject", "reason"), vault=vault):
        if not row["until"] or str(row["until"]) >= on:
            found[cast("bytes", row["subject"])].append(row)
    return dict(found)


def _zero(tx: Transaction, ring: Keyring, place: tuple[int, int], numbers: list[int]) -> list[list[Json]]:
    slots = slots_of(tx, ring, *place)
    gone: list[list[Json]] = []
    for number in numbers:
        if slot(slots, number) != NO_KEY:
            gone.append([*place, number, slots.key_id(number).hex()])
            put(slots, number, NO_KEY)
    if gone:
        rewrite_page(tx, ring, *place, slots)
        unlist(tx, ring.vault, place, numbers)
    return gone


def _note(tx: Transaction, ring: Keyring, gone: list[list[Json]]) -> None:
    first = next_number(tx, f"erasure:{ring.vault}") << _ROUND
    rows: list[Cells] = []
    for place, (compartment, page, number, key) in enumerate(cast("list[tuple[int, int, int, str]]", gone)):
        rows.append({"vault": ring.vault, "seq": first + place, "compartment": compartment, "page": page, "slot": number,
                     "key_id": bytes.fromhex(key), "generation": ring.generation, "final_at": ""})  # fmt: skip
    tx.add("erasure", rows)
