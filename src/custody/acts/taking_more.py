"""A later release at the buyer: new keys beside those that are there, in slots of this vault's own, and their records (C7).

The first release keeps the seller's places; by the next one the buyer's vault may have keys of its own there, so new keys
take the next free slots. After a re-seal the ciphertext of what comes is copied in again, and of nothing else: what was never
released, and what was erased here since, was deleted then, and the seller's keys would open it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, cast

import numpy as np

from custody.acts import job, taking
from custody.acts.alike import Numbers
from custody.acts.arriving import Taken
from custody.acts.came import Roll, keys_at, located, open_all, owners, roll
from custody.acts.commitments import LAYOUT, layout
from custody.acts.desk import Desk
from custody.acts.erasing import ERASED, LIVE
from custody.acts.evidence import append
from custody.acts.foreign import foreign
from custody.acts.gone_here import GoneHere
from custody.acts.held_back import given_anew
from custody.acts.reopened import giving, narrow
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.unindexed import note
from custody.acts.vaults import AUDIT, QUARANTINE, Keyring, open_keyring, pack_slots, save_head, slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.files import Files
from custody.ports.store import Row, Transaction
from custody.ports.store import one as one_row
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
        whole = next((one for one in foreign(tx, vault) if one["sha256"] == taken.contents.segments[0].sha256), None)
        row = cast("Row", one_row(tx, "vault", id=vault))
    everybody = roll(taken)
    if whole is not None:
        made = whole
        open_all(desk.files.open(str(whole["file"])), taken, everybody)
    else:
        file = f"vaults/{row['name']!s}/segments/{begun['segment']}.seg"
        made = taking.pick(
            desk,
            taken,
            source,
            everybody,
            (vault, str(begun["segment"]), file),
            _staying(desk, vault, taken, everybody),
        )
    with desk.store.write() as tx:
        if whole is None:
            tx.add("segment", [made])
        erased = _keep(desk, tx, taken, vault, str(made["id"]))
        given_anew(desk, tx, str(matter["id"]), lambda owners: everybody.find(owners).tolist())
        answered = taking.answer(
            desk, tx, matter, taken, everybody.people, source, (key, str(begun["receipt"])), erased=erased
        )
    taking.lay(desk, str(matter["id"]), taken.accepted.manifest.n, source)
    return answered


def _staying(desk: Desk, vault: str, taken: Taken, everybody: Roll) -> Numbers:
    """What of the delivered is not taken in, by where its key lies: it was erased here, or is here."""
    found, people = list[Numbers](), owners(taken.spill)
    with desk.store.read() as tx:
        gone = GoneHere(tx, desk.space, vault)
        while near := dict(islice(people, _NEAR)):
            new = {(key.subject, key.compartment) for key in _choose(tx, vault, taken, near, gone).keys}
            every = ((who, number) for who, places in near.items() for number in places)
            found.append(everybody.find([owner for owner in every if owner not in new]))
    return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


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
    vault, chosen = ring.vault, _choose(tx, ring.vault, taken, near, gone)
    known, held, away, dead = chosen.known, chosen.held, chosen.away, chosen.dead
    placed = place_keys(tx, ring, chosen.keys, suite_of(taken.contents.suite))
    for (who, compartment), place in placed.items():
        held[who][compartment] = place
    lost, deals = sorted({who for who, _ in away} - known.keys()), giving(tx, vault)
    for who in dict.fromkeys((*(who for who, _ in placed), *lost)):
        slots = pack_slots(held[who])
        if who not in known:  # of whom nothing is left is not met again as somebody new
            tx.add("subject", [{"vault": vault, "id": who, "kind": "customer", "slots": slots, "facts": b"{}",
                                "state": ERASED if who in dead else LIVE, "members": b""}])  # fmt: skip
        else:
            tx.change("subject", {"slots": slots, "state": LIVE}, vault=vault, id=who)
            narrow(tx, deals, who, sorted(slot_places(known[who][0]).keys() - {AUDIT, QUARANTINE}))
        note(tx, vault, who)
    return placed, sum(who not in dead for who, _ in away) + sum(len(near[who]) for who in dead)


class _Choice(NamedTuple):
    """Of some people: the new keys that come; who is known (slots, state), what each holds; whose keys were erased here, and of whom nothing comes at all."""

    keys: Sequence[NewKey]
    known: Mapping[bytes, tuple[bytes, str]]
    held: Mapping[bytes, dict[int, tuple[int, int]]]
    away: set[tuple[bytes, int]]
    dead: set[bytes]

    def __repr__(self) -> str:
        return f"_Choice({len(self.keys)} keys)"


def _dead(gone: GoneHere, here: Mapping[bytes, tuple[bytes, int]], states: Mapping[bytes, str]) -> set[bytes]:
    """Of whom nothing comes: the company here let them go as a whole, or erased something of them before a recall took the rest. Whoever a recall took comes again."""
    away, back = _by_person(gone.among(here.keys()), here), _by_person(gone.taken_back(here.keys()), here)
    ended = {here[key][0] for key in gone.whole(set().union(*away.values()))} - states.keys() if away else set[bytes]()
    dead = {who for who, state in states.items() if state != LIVE and who not in back} | ended
    for who in away.keys() & back.keys() - ended:
        if states.get(who) != LIVE and not gone.came_since(away[who], back[who]):
            dead.add(who)
    return dead


def _by_person(keys: Collection[bytes], here: Mapping[bytes, tuple[bytes, int]]) -> Mapping[bytes, set[bytes]]:
    found = defaultdict[bytes, set[bytes]](set)
    for key in keys:
        found[here[key][0]].add(key)
    return found


def _choose(tx: Transaction, vault: str, taken: Taken, near: Mapping[bytes, Held], gone: GoneHere) -> _Choice:
    """Which of the delivered keys of some people come."""
    known = dict[bytes, tuple[bytes, str]]()
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
    dead = _dead(gone, here, {who: state for who, (_, state) in known.items()})
    keys = [NewKey(*owner, deks[place]) for owner, place in wanted.items() if owner not in away and owner[0] not in dead]  # fmt: skip
    return _Choice(keys, known, held, away, dead)
