"""A key of our own for evidence about somebody whose data was received and not re-sealed yet (spec/vault.md §9): what is noted outlives the seller's keys."""

import secrets
from typing import cast

from custody.acts.about import About, about
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.takeover import foreign
from custody.acts.vaults import AUDIT, open_keyring, pack_slots, save_head, slot_places
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction

_KEY = 32


def own_about(desk: Desk, tx: Transaction, vault: str, subject: Row, at: str) -> tuple[About, bytes]:
    """As `about`, after giving the person an audit slot where a seller's key alone would hold what is noted. Returns their slots, too."""
    who, slots, ring = cast("bytes", subject["id"]), cast("bytes", subject["slots"]), open_keyring(desk, tx, vault)
    held = slot_places(slots)
    if AUDIT in held or not foreign(tx, vault):
        return about(tx, ring, who, slots), slots
    suite = about(tx, ring, who, slots).suite
    places = place_keys(tx, ring, [NewKey(who, AUDIT, secrets.token_bytes(_KEY))], suite)
    slots = pack_slots({**held, AUDIT: places[who, AUDIT]})
    tx.change("subject", {"slots": slots}, vault=vault, id=who)
    says: dict[str, Json] = {"vault": vault, "records": 0, "head": save_head(tx, ring).root.hex(), "next": high_water(tx, vault)}  # fmt: skip
    append(tx, desk.space, at, "evidence-key", says)
    return about(tx, open_keyring(desk, tx, vault), who, slots), slots
