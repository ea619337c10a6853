"""Whoever notes something about a person does it under a key of our own: what a buyer notes before its re-seal outlives the seller's keys (spec/vault.md §9)."""

import secrets
from typing import cast

from custody.acts.about import Own, about
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.foreign import foreign
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.vaults import AUDIT, open_keyring, pack_slots, save_head, slot_places
from custody.base.canonical import Json
from custody.base.errors import Broken
from custody.ports.store import Transaction, one

_KEY = 32


def own_about(desk: Desk, tx: Transaction, vault: str, subject: bytes, at: str) -> Own:
    """The person as evidence about them is written; they get an audit slot first where a seller's key alone would hold what is noted.

    Slots read before are old then. Raises Broken `vault.no-key` when no key of theirs is left.
    """
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None:
        raise Broken("vault.no-key", "There is no key of this person.", kind="missing")
    held = slot_places(cast("bytes", row["slots"]))
    if AUDIT not in held and foreign(tx, vault):
        held = {**held, AUDIT: _place(desk, tx, vault, subject, at, held)}
    who = about(tx, open_keyring(desk, tx, vault), subject, pack_slots(held))
    return Own(who.origin, who.subject, who.key, who.suite)


def _place(
    desk: Desk, tx: Transaction, vault: str, who: bytes, at: str, held: dict[int, tuple[int, int]]
) -> tuple[int, int]:
    """Where the new key lies: among those of the suite that their records are in."""
    ring = open_keyring(desk, tx, vault)
    suite = about(tx, ring, who, pack_slots(held)).suite
    placed = place_keys(tx, ring, [NewKey(who, AUDIT, secrets.token_bytes(_KEY))], suite)[who, AUDIT]
    tx.change("subject", {"slots": pack_slots({**held, AUDIT: placed})}, vault=vault, id=who)
    says: dict[str, Json] = {"vault": vault, "records": 0, "head": save_head(tx, ring).root.hex(), "next": high_water(tx, vault)}  # fmt: skip
    append(tx, desk.space, at, "evidence-key", says)
    return placed
