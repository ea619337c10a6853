"""A later release at the buyer: new keys beside those that are there, in slots of this vault's own, and their records (C7).

The first release keeps the seller's places; by the next one the buyer's vault may have keys of its own there, so new keys
take the next free slots. After a re-seal the ciphertext is copied in again: what was never released was deleted then.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Final, cast

from custody.acts import job, taking
from custody.acts.arriving import Taken
from custody.acts.came import keys_at, located, open_all, owners, roll
from custody.acts.commitments import LAYOUT, layout
from custody.acts.desk import Desk
from custody.acts.erasing import ERASED, LIVE
from custody.acts.evidence import append
from custody.acts.foreign import foreign
from custody.acts.gone_here import GoneHere
from custody.acts.held_back import given_anew
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.unindexed import note
from custody.acts.vaults import Keyring, open_keyring, pack_slots, save_head, slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault.suite import suite_of

_NEAR: Final = 4_096
"""People in a stretch."""
Held = Mapping[int, tuple[int, int]]


def add(desk: Desk, matter: Row, taken: Taken, source: Files) -> Mapping[str, Json]:
    """Take the slots of a later release in and answer with its receipt. Who was erased here meanwhile, whole or in part, stays erased and is counted."""
    vault = str(matter["vault"])
    key = f"receive:{matter['id']!s}:{taken.accepted.manifest.n}"
    begun = job.begin(desk, key, "receive", {"receipt": ids.new("rct"), "segment": ids.new("dmp")})
    with desk.store.read() as tx:
        kept = foreign(tx, vault)
        row = cast("Row", one(tx, "vault", id=vault))
    segment, file = str(begun["segment"]), f"vaults/{row['name']!s}/segments/{begun['segment']}.seg"
    if kept:
        segment, file = str(kept[0]["id"]), str(kept[0]["file"])
    else:
        taking.copy(desk, taken, source, file)
    everybody = roll(taken)
    open_all(desk, taken, file, everybody)
    with desk.store.write() as tx:
        if not kept:
            tx.add("segment", [_segment(taken, vault, segment, file)])
        erased = _keep(desk, tx, taken, vault, segment)
        given_anew(desk, tx, str(matter["id"]), lambda owners: everybody.find(owners).tolist())
        answered = taking.answer(
            desk, tx, matter, taken, everybody.people, source, (key, str(begun["receipt"])), erased=erased
        )
    taking.lay(desk, str(matter["id"]), taken.accepted.manifest.n, source)
    return answered


def _segment(taken: Taken, vault: str, segment: str, file: str) -> Row:
    about, origin = taken.contents.segments[0], ids.id_text("vlt", bytes.fromhex(taken.contents.origin))
    return {"vault": vault, "id": segment, "origin": origin, "file": file, "bytes": about.bytes,
            "records": about.records, "sha256": about.sha256}  # fmt: skip


def _keep(desk: Desk, tx: Transaction, taken: Taken, vault: str, segment: str) -> int:
    """Everybody in stretches by id, as their records come, too: who is known, their new keys, what lies under these. Returns how many keys stay away."""
    ring, gone, erased = open_keyring(desk, tx, vault), GoneHere(tx, desk.space, vault), 0
    people, came = owners(taken.spill), located(taken.spill, vault, segment)
    later = next(came, None)
    while near := dict(islice(people, _NEAR)):
        new, away = _place(tx, ring, taken, near, gone)
        erased += away
        last, mine = max(near), list[Row]()
        while later is not None and cast("bytes", later["subject"]) <= last:
            if (later["subject"], later["compartment"]) in new:
                mine.append(later)
            later = next(came, None)
        tx.add("record", mine)
    head = save_head(tx, ring)
    says: dict[str, Json] = {
        "vault": vault,
        "g": ring.generation,
        "head": head.root.hex(),
        "next": high_water(tx, vault),
        "erased_here": erased,
    }
    append(tx, desk.space, stamp(desk.clock.now()), "taken-in", says, detail={LAYOUT: layout(tx, vault)})
    return erased


def _place(
    tx: Transaction, ring: Keyring, taken: Taken, near: Mapping[bytes, Held], gone: GoneHere
) -> tuple[Mapping[tuple[bytes, int], tuple[int, int]], int]:
    """New keys of some people into slots of this vault's own, and the people's rows; who was erased or has the part already gets none. Whom a recall took whole comes back.

    Returns the new ones, and how many stay away because they were erased here.
    """
    vault, known = ring.vault, dict[bytes, tuple[bytes, str]]()
    for who, slots, state in tx.among("subject", ("id", "slots", "state"), "id", near, vault=vault):
        known[cast("bytes", who)] = cast("bytes", slots), str(state)
    held = {who: slot_places(known[who][0]) if who in known else {} for who in near}
    wanted = {
        (who, compartment): (compartment, *place)
        for who, places in near.items() for compartment, place in places.items()
        if (who not in known or known[who][1] in {LIVE, ERASED}) and compartment not in held[who]
    }  # fmt: skip
    deks, suite = keys_at(taken.accepted.slots, wanted.values()), suite_of(taken.contents.suite)
    # Also of whom this vault does not know: after a restore from before they came, what was erased of them since is on file by its keys alone.
    here = {suite.key_id(deks[place]): owner for owner, place in wanted.items()}
    away = {here[key] for key in gone.among(here.keys())}
    dead = {who for who, (_, state) in known.items() if state != LIVE}
    if dead:  # of whom the company here erased something itself, or never had any of this, nothing comes
        dead -= {here[key][0] for key in gone.taken_back(here.keys())} - {who for who, _ in away}
    dead |= {here[key][0] for key in gone.whole([key for key, owner in here.items() if owner in away])} - known.keys()
    keys = [NewKey(*owner, deks[place]) for owner, place in wanted.items() if owner not in away and owner[0] not in dead]  # fmt: skip
    placed = place_keys(tx, ring, keys, suite)
    for (who, compartment), place in placed.items():
        held[who][compartment] = place
    lost = sorted({who for who, _ in away} - known.keys())
    for who in dict.fromkeys((*(who for who, _ in placed), *lost)):
        slots = pack_slots(held[who])
        if who not in known:  # of whom nothing is left is not met again as somebody new
            tx.add("subject", [{"vault": vault, "id": who, "kind": "customer", "slots": slots, "facts": b"{}",
                                "state": ERASED if who in dead else LIVE, "members": b""}])  # fmt: skip
        else:
            tx.change("subject", {"slots": slots, "state": LIVE}, vault=vault, id=who)
        note(tx, vault, who)
    return placed, sum(who not in dead for who, _ in away) + sum(len(near[who]) for who in dead)
