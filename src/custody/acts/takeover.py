"""Delivered people under the buyer's own keys: opened, sealed anew in the buyer's vault, the seller's keys shredded (A15).

In batches of people who lie on the same few key pages, each one transaction, so that it resumes after a crash: who still lies in
a segment of another origin is still to do. A compartment of somebody's of which a record cannot be read stays as it is, and is counted: it stops nobody else. By their ids each batch would meet every page, and each page be rewritten once a batch. What the rows say of where somebody lives, how old they are and the like is noted as at sealing. What was shipped and never released is never copied, and goes with the old segment.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Final, NamedTuple, TypeAlias, cast

from custody.acts.alike import split
from custody.acts.desk import Desk
from custody.acts.erasing import ERASED, TAKEN_OVER
from custody.acts.evidence import append
from custody.acts.foreign import foreign
from custody.acts.learned import Learner, joined, learner
from custody.acts.reading import Reader
from custody.acts.segments import Draft, Written, write_segment
from custody.acts.shred import Shred, shred
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.sole import copying
from custody.acts.vaults import AUDIT, SUBJECT_BYTES, open_keyring, pack_slots, save_head, slot_places, writes_in
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.ports.store import Cell, Cells, Row, Transaction
from custody.vault.page import SLOTS

_PAGES: Final = 4
"""Key pages whose people go together: as many people as memory holds at a time."""
_BATCH: Final = _PAGES * SLOTS
_KEY: Final = 32
_Wanted: TypeAlias = dict[bytes, set[int]]
_Spot: TypeAlias = tuple[bytes, int]
"""Whose, and which compartment."""


class _Batch(NamedTuple):
    """Some people: their records as they lie now, what was there before a correction, and what each holds, in this order."""

    records: Sequence[Row]
    older: Sequence[Row]
    payloads: Sequence[bytes]
    audited: AbstractSet[bytes]
    """Who has a key for evidence already, which is ours."""

    def __repr__(self) -> str:
        return f"_Batch({len(self.records)} records)"  # what is opened stands in no message


def take_over(desk: Desk, vault: Row) -> Counter[_Spot]:
    """Every delivered record into segments of this vault's own, until none lies in a foreign one but those that stay: {whose compartment: how many records of it nobody can read}."""
    name, lost = str(vault["id"]), Counter[_Spot]()
    with desk.store.read() as tx:
        learns, spots = learner(tx, name), _spots(tx, name)
    for at in range(0, len(spots), _PAGES):
        _take(desk, vault, learns, partial(_on, vault=name, spots=spots[at : at + _PAGES]), lost)
    while _take(desk, vault, learns, partial(_some, vault=name, lost=lost), lost):
        pass  # whoever no page lists
    return lost


def _take(
    desk: Desk, vault: Row, learns: Learner, whose: Callable[[Transaction], _Wanted], lost: Counter[_Spot]
) -> bool:
    """One batch; whether there was anybody to be in it."""
    with desk.store.read() as tx:
        wanted = whose(tx)
        batch = _batch(desk, tx, str(vault["id"]), wanted, lost)
    if batch.records:
        deks = _deks(batch)
        learnt = learns.learn(batch.records, batch.payloads[: len(batch.records)])
        lying = zip((*batch.records, *batch.older), batch.payloads, strict=True)
        written = write_segment(desk, vault, [_draft(*one, deks) for one in lying], writes_in(vault))
        # Not while a backup copies: its facts would name the old keys, and its keys be of after.
        with desk.store.alone(copying(desk)), desk.store.write() as tx:
            _commit(desk, tx, str(vault["id"]), batch, written, deks, learnt)
    return bool(wanted)


def _spots(tx: Transaction, vault: str) -> list[tuple[int, int]]:
    """Where key pages lie, in the order in which people came to them; evidence is under keys of our own."""
    rows = tx.columns("page", ("compartment", "page"), order=("compartment", "page"), vault=vault)
    return [(cast("int", compartment), cast("int", page)) for compartment, page in rows if compartment != AUDIT]


def _on(tx: Transaction, vault: str, spots: Sequence[tuple[int, int]]) -> _Wanted:
    """Who of these pages is still to do, in which compartments."""
    people = set[bytes]()
    for compartment, page in spots:
        for (members,) in tx.columns("page", ("members",), vault=vault, compartment=compartment, page=page):
            people |= set(split(cast("bytes", members)))
    people.discard(bytes(SUBJECT_BYTES))
    away, wanted, where = {str(row["id"]) for row in foreign(tx, vault)}, _Wanted(), dict[tuple[Cell, Cell], int]()
    names = ("subject", "record", "compartment", "segment")
    for who, record, number, segment in tx.among("record", names, "subject", sorted(people), vault=vault):
        where[who, record] = cast("int", number)
        if segment in away:
            wanted.setdefault(cast("bytes", who), set()).add(where[who, record])
    earlier = ("subject", "record", "segment")
    for who, record, segment in tx.among("revision", earlier, "subject", sorted(people), vault=vault):
        if segment in away and (who, record) in where:
            wanted.setdefault(cast("bytes", who), set()).add(where[who, record])
    return wanted


def _some(tx: Transaction, vault: str, lost: Collection[_Spot]) -> _Wanted:
    """Some of all who are still to do and can be read."""
    wanted = _Wanted()
    for who, compartment in _left(tx, vault):
        if (who, compartment) in lost:
            continue
        if who not in wanted and len(wanted) == _BATCH:
            break
        wanted.setdefault(who, set()).add(compartment)
    return wanted


def _batch(desk: Desk, tx: Transaction, vault: str, wanted: _Wanted, lost: Counter[_Spot]) -> _Batch:
    """All of a compartment goes at once, also what was corrected here meanwhile: its key is the seller's, and goes. Where a record of it cannot be read none goes: its key opens that record where the file is found again."""
    records = [
        row
        for who, compartments in sorted(wanted.items())
        for row in tx.find("record", order=("record",), vault=vault, subject=who)
        if row["compartment"] in compartments
    ]
    with Reader(desk, tx, vault, only=set(wanted)) as reader:
        older = _older(tx, vault, records)
        read = [(row, reader.opened(row)) for row in (*records, *older)]
    lost.update(_spot(row) for row, payload in read if payload is None)
    whole = [(row, payload) for row, payload in read if payload is not None and _spot(row) not in lost]
    records = [row for row in records if _spot(row) not in lost]
    older, payloads = [row for row, _ in whole[len(records) :]], [payload for _, payload in whole]
    slots = {who: cast("bytes", tx.find("subject", vault=vault, id=who)[0]["slots"]) for who in wanted}
    return _Batch(records, older, payloads, {who for who, held in slots.items() if AUDIT in slot_places(held)})


def _spot(row: Row) -> _Spot:
    return cast("bytes", row["subject"]), cast("int", row["compartment"])


def _older(tx: Transaction, vault: str, records: Sequence[Row]) -> list[Row]:
    """What each of these was before it was corrected, as a record that lies there."""
    corrected = {(row["subject"], row["record"]): row for row in records if cast("int", row["revision"]) > 1}
    rows = [
        row
        for who in sorted({cast("bytes", who) for who, _ in corrected})
        for row in tx.find("revision", order=("record", "revision"), vault=vault, subject=who)
    ]
    places = ("revision", "segment", "position", "length")
    return [
        {**now, **{name: row[name] for name in places}}
        for row in rows
        if (now := corrected.get((row["subject"], row["record"])))
    ]


def _left(tx: Transaction, vault: str) -> Iterator[tuple[bytes, int]]:
    """Whose compartments have a record that lies in a segment of another origin, or lay there before it was corrected."""
    for segment in foreign(tx, vault):
        for row in tx.scan("record", order=("subject", "record"), vault=vault, segment=str(segment["id"])):
            yield cast("bytes", row["subject"]), cast("int", row["compartment"])
        for row in tx.find("revision", order=("subject", "record"), vault=vault, segment=str(segment["id"])):
            for now in tx.find("record", vault=vault, subject=row["subject"], record=row["record"]):
                yield cast("bytes", row["subject"]), cast("int", now["compartment"])


def _deks(batch: _Batch) -> dict[tuple[bytes, int], bytes]:
    """A new key for each compartment a person has here, and one for evidence about them where they have none: the seller never gives that away."""
    wanted = {(cast("bytes", row["subject"]), cast("int", row["compartment"])) for row in batch.records}
    wanted |= {
        (who, AUDIT) for who, compartment in wanted if compartment != REFERENCE_COMPARTMENT and who not in batch.audited
    }
    return {place: secrets.token_bytes(_KEY) for place in sorted(wanted)}


def _draft(row: Row, payload: bytes, deks: Mapping[tuple[bytes, int], bytes]) -> Draft:
    who, compartment = cast("bytes", row["subject"]), cast("int", row["compartment"])
    numbers = (cast("int", row["record"]), compartment, cast("int", row["schema"]), cast("int", row["revision"]))
    return Draft(who, *numbers, payload, deks[who, compartment])


def _commit(
    desk: Desk,
    tx: Transaction,
    vault: str,
    batch: _Batch,
    written: Written,
    deks: Mapping[tuple[bytes, int], bytes],
    learnt: Mapping[bytes, Mapping[str, Json]],
) -> None:
    ring, now = open_keyring(desk, tx, vault), stamp(desk.clock.now())
    people = {who for who, _ in deks}
    known = {who: tx.find("subject", vault=vault, id=who)[0] for who in sorted(people)}
    held = {who: slot_places(cast("bytes", row["slots"])) for who, row in known.items()}
    # Whoever looked at somebody meanwhile made their key for evidence: what was noted stands under it, so it stays.
    deks = {(who, number): dek for (who, number), dek in deks.items() if number != AUDIT or AUDIT not in held[who]}
    old = [
        Shred(who, number, *place)
        for who, places in held.items()
        for number, place in places.items()
        if (who, number) in deks
    ]
    gone = shred(tx, ring, old, now=now, moved=True)
    placed = place_keys(tx, ring, [NewKey(who, number, dek) for (who, number), dek in deks.items()], written.suite)
    for (who, number), place in placed.items():
        held[who][number] = place
    for who, places in held.items():
        facts = joined(_told(known[who]), learnt[who]) if who in learnt else _told(known[who])
        changed: Cells = {"slots": pack_slots(places), "facts": canonical.encode(facts)}
        tx.change("subject", changed, vault=vault, id=who)
    tx.add("segment", [written.row])
    # Rows are replaced in bulk: one statement each would cost more than sealing them.
    tx.drop_many("record", ({name: row[name] for name in ("vault", "subject", "record")} for row in batch.records))
    tx.add("record", ({**row, **written.location(number)} for number, row in enumerate(batch.records)))
    for number, row in enumerate(batch.older, len(batch.records)):
        where: Cells = {name: row[name] for name in ("vault", "subject", "record", "revision")}
        tx.change("revision", written.location(number), **where)
    says: dict[str, Json] = {"vault": vault, "slots": len(gone), "subjects": 0, "g": ring.generation, "part": TAKEN_OVER, "revisions": len(batch.older),
                             "head": save_head(tx, ring).root.hex(), "next": high_water(tx, vault)}  # fmt: skip
    steps: list[Json] = [[number, page, slot, *placed[who, number]] for who, number, page, slot in old]
    append(tx, desk.space, now, ERASED, says, detail={"slots": list(gone), "moved": steps})


def _told(subject: Row) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
