"""Seal what stays of a subject's compartment anew and shred its old slot: partial erasure, corrections that the law demands (§9).

Opened and sealed outside the transaction, compared inside it: if anything of the subject moved meanwhile, nothing is done.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts import let_go
from custody.acts.desk import Desk
from custody.acts.erasing import ERASED, LIVE, note_act
from custody.acts.evidence import append
from custody.acts.noted import PART
from custody.acts.reading import Reader
from custody.acts.segments import Draft, Written, write_segment
from custody.acts.shred import Shred, shred
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.sole import copying
from custody.acts.unindexed import note
from custody.acts.vaults import open_keyring, pack_slots, save_head, slot_places, writes_in
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing, Unavailable
from custody.ports.store import Row, Transaction, one

Change = Callable[[Row, bytes], bytes | None]
"""(record's row, payload) to the payload that stays, or None where the record goes."""
_KEY: Final = 32


class Resealed(NamedTuple):
    """What became of the records of the compartments."""

    slots: int
    kept: int
    dropped: int
    entry: int


def reseal(
    desk: Desk, vault: str, subject: bytes, compartments: Sequence[int], change: Change, why: str,
    also: Callable[[Transaction], None] | None = None, gone: Collection[int] = (),
) -> Resealed:  # fmt: skip
    """Apply `change` to every record of the subject in `compartments`; `also` is called in the same transaction. Records of the numbers `gone` go, and are not opened. Raises Refused `vault.held`, Unavailable `vault.raced`."""
    with desk.store.read() as tx:
        row, before = live_subject(tx, vault, subject), _records(tx, vault, subject, compartments)
        vault_row = cast("Row", one(tx, "vault", id=vault))
        with Reader(desk, tx, vault, only={subject}) as reader:
            left = [each for each in before if each["record"] not in gone]
            kept = [(each, payload) for each in left if (payload := change(each, reader.open(each))) is not None]
    deks = {
        compartment: secrets.token_bytes(_KEY) for compartment in {cast("int", each["compartment"]) for each, _ in kept}
    }
    drafts, suite = [_draft(each, payload, deks) for each, payload in kept], writes_in(vault_row)
    written = write_segment(desk, vault_row, drafts, suite) if kept else None
    # Not while a backup copies: its facts would name the old keys, and its keys be of after.
    with desk.store.alone(copying(desk)), desk.store.write() as tx:
        if live_subject(tx, vault, subject) != row or _records(tx, vault, subject, compartments) != before:
            raise Unavailable("vault.raced", "Another writer changed this customer.", retry=True, next="Run it again.")
        done = _commit(desk, tx, (vault, row), (kept, written, deks), compartments, len(before), why)
        if also is not None:
            also(tx)
        return done


def live_subject(tx: Transaction, vault: str, subject: bytes) -> Row:
    """The subject's row. Raises Missing `subject.unknown`."""
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None or row["state"] != LIVE:
        raise Missing("subject.unknown", "This vault has no such customer.", next="custody lookup VALUE")
    return row


def _records(tx: Transaction, vault: str, subject: bytes, compartments: Sequence[int]) -> list[Row]:
    found = tx.find("record", order=("record",), vault=vault, subject=subject)
    return [row for row in found if row["compartment"] in compartments]


def _draft(row: Row, payload: bytes, deks: Mapping[int, bytes]) -> Draft:
    compartment = cast("int", row["compartment"])
    numbers = (cast("int", row["record"]), compartment, cast("int", row["schema"]), cast("int", row["revision"]) + 1)
    return Draft(cast("bytes", row["subject"]), *numbers, payload, deks[compartment])


def _commit(
    desk: Desk, tx: Transaction, who: tuple[str, Row], made: tuple[list[tuple[Row, bytes]], Written | None, Mapping[int, bytes]],
    compartments: Sequence[int], before: int, why: str,
) -> Resealed:  # fmt: skip
    (vault, row), (kept, written, deks) = who, made
    subject, ring = cast("bytes", row["id"]), open_keyring(desk, tx, vault)
    held = slot_places(cast("bytes", row["slots"]))
    old = [Shred(subject, number, *held[number]) for number in compartments if number in held]
    now = stamp(desk.clock.now())
    gone = shred(tx, ring, old, now=now)
    suite = ring.suite if written is None else written.suite
    places = place_keys(tx, ring, [NewKey(subject, number, dek) for number, dek in deks.items()], suite)
    left = {number: place for number, place in held.items() if number not in compartments}
    left |= {number: place for (_, number), place in places.items()}
    tx.change("subject", {"slots": pack_slots(left)}, vault=vault, id=subject)
    let_go.follow(
        tx,
        vault,
        {(number, *held[number]): (number, *place) for (_, number), place in places.items() if number in held},
    )
    for number in compartments:
        tx.drop("record", vault=vault, subject=subject, compartment=number)
    if written is not None:
        tx.add("segment", [written.row])
        tx.add("record", [{**each, "revision": cast("int", each["revision"]) + 1, **written.location(number)}
                          for number, (each, _) in enumerate(kept)])  # fmt: skip
    for each in tx.find("revision", vault=vault, subject=subject):
        if one(tx, "record", vault=vault, subject=subject, record=each["record"]) is None or _moved(each, kept):
            tx.drop("revision", vault=vault, subject=subject, record=each["record"], revision=each["revision"])
    note(tx, vault, subject)
    says: dict[str, Json] = {"vault": vault, "slots": len(gone), "subjects": 0, "g": ring.generation, "part": why,
                             "head": save_head(tx, ring).root.hex(), "next": high_water(tx, vault)}  # fmt: skip
    steps: list[Json] = [[number, *held[number], *place] for (_, number), place in places.items() if number in held]
    entry = append(tx, desk.space, now, ERASED, says, detail={"slots": list(gone), "moved": steps})
    if before > len(kept):
        note_act(desk, tx, vault, {subject}, entry, PART)
    return Resealed(len(gone), len(kept), before - len(kept), entry)


def _moved(revision: Row, kept: Sequence[tuple[Row, bytes]]) -> bool:
    """Older revisions lie under the shredded key: their locations lead nowhere now."""
    return any(each["record"] == revision["record"] for each, _ in kept)
