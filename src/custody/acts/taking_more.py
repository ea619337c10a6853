"""A later release at the buyer: new keys beside those that are there, in slots of this vault's own, and their records (C7).

The first release keeps the seller's places; by the next one the buyer's vault may have keys of its own there, so new keys
take the next free slots. After a re-seal the ciphertext is copied in again: what was never released was deleted then.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts import job, taking
from custody.acts.arriving import Taken, dek, open_all, opened
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.evidence import append
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.takeover import foreign
from custody.acts.unindexed import note
from custody.acts.vaults import open_keyring, pack_slots, save_head, slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.package.leaf import Leaf
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault.suite import suite_of


def add(desk: Desk, matter: Row, taken: Taken, source: Files) -> Mapping[str, Json]:
    """Take the slots of a later release in and answer with its receipt. Who was erased here meanwhile stays erased."""
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
        taking.copy(desk, source, file)
    rows = [{"vault": vault, "segment": segment, **one_row} for one_row in open_all(desk, taken, file)]
    with desk.store.write() as tx:
        if not kept:
            tx.add("segment", [_segment(taken, vault, segment, file)])
        _keep(desk, tx, taken, vault, rows)
        answered = taking.answer(desk, tx, matter, taken, source, (key, str(begun["receipt"])))
    taking.lay(desk, str(matter["id"]), taken.accepted.manifest.n, source)
    return answered


def _segment(taken: Taken, vault: str, segment: str, file: str) -> Row:
    about, origin = taken.contents.segments[0], ids.id_text("vlt", bytes.fromhex(taken.contents.origin))
    return {"vault": vault, "id": segment, "origin": origin, "file": file, "bytes": about.bytes,
            "records": about.records, "sha256": about.sha256}  # fmt: skip


def _keep(desk: Desk, tx: Transaction, taken: Taken, vault: str, rows: Sequence[Row]) -> None:
    ring = open_keyring(desk, tx, vault)
    known = {who: one(tx, "subject", vault=vault, id=who) for who in {leaf.subject for leaf in opened(taken)}}
    held = {who: slot_places(cast("bytes", row["slots"])) if row else {} for who, row in known.items()}
    wanted = [leaf for leaf in opened(taken) if _new(leaf, known[leaf.subject], held[leaf.subject])]
    keys = [NewKey(leaf.subject, leaf.compartment, dek(taken, leaf)) for leaf in wanted]
    added: dict[bytes, dict[int, tuple[int, int]]] = defaultdict(dict)
    for (who, compartment), place in place_keys(tx, ring, keys, suite_of(taken.contents.suite)).items():
        added[who][compartment] = place
    for who, places in added.items():
        slots = pack_slots({**held[who], **places})
        if known[who] is None:
            tx.add("subject", [{"vault": vault, "id": who, "kind": "customer", "slots": slots, "facts": b"{}",
                                "state": LIVE, "members": b""}])  # fmt: skip
        else:
            tx.change("subject", {"slots": slots}, vault=vault, id=who)
        note(tx, vault, who)
    mine = {(one_key.subject, one_key.compartment) for one_key in keys}
    tx.add("record", (row for row in rows if (row["subject"], row["compartment"]) in mine))
    head = save_head(tx, ring)
    says: dict[str, Json] = {
        "vault": vault,
        "g": ring.generation,
        "head": head.root.hex(),
        "next": high_water(tx, vault),
    }
    append(tx, desk.space, stamp(desk.clock.now()), "taken-in", says)


def _new(leaf: Leaf, row: Row | None, held: Mapping[int, tuple[int, int]]) -> bool:
    return (row is None or row["state"] == LIVE) and leaf.compartment not in held
