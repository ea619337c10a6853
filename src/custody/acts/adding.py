"""New people into a vault that exists: segment first, then one transaction of keys, rows and entry (spec/vault.md)."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, cast

from custody.acts.alike import JOINT
from custody.acts.commitments import LAYOUT, fixed
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.expiring import QUARANTINED
from custody.acts.residency import require_own
from custody.acts.segments import Draft, write_segment
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.vaults import AUDIT, open_keyring, pack_slots, save_head, writes_in
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction, one
from custody.vault.payload import unpack

_KEY: Final = 32


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be sealed in: (compartment, schema, payload) of each record; `members` are whose rows these are, where several share them."""

    kind: str
    records: Sequence[tuple[int, int, bytes]] = field(repr=False)
    facts: dict[str, Json] = field(default_factory=dict)
    members: Sequence[bytes] = ()


def add_people(desk: Desk, vault: str, people: Sequence[Newcomer]) -> list[bytes]:
    """Seal `people`; returns their subject ids in order. Raises Refused `residency.*`."""
    require_own(desk)
    with desk.store.read() as tx:
        row = cast("Row", one(tx, "vault", id=vault))
    made = [(ids.new_subject(), person) for person in people]
    deks = _deks(made)
    drafts = [Draft(subject, number, compartment, schema, 1, payload, deks[subject, compartment])
              for subject, person in made for number, (compartment, schema, payload) in enumerate(person.records, start=1)]  # fmt: skip
    written = write_segment(desk, row, drafts, writes_in(row))
    with desk.store.write() as tx:
        ring = open_keyring(desk, tx, vault)
        places = place_keys(
            tx, ring, [NewKey(subject, compartment, dek) for (subject, compartment), dek in deks.items()], written.suite
        )
        tx.add("segment", [written.row])
        tx.add("subject", _subjects(vault, sorted(made, key=itemgetter(0)), places))
        # In the order of their keys: in any other each row would be looked for, and its page written, on its own.
        tx.add("record", sorted((
            {"vault": vault, "subject": one_draft.subject, "record": one_draft.record, "compartment": one_draft.compartment,
             "schema": one_draft.schema, "revision": 1, "row": unpack(one_draft.payload)[0], **written.location(number)}
            for number, one_draft in enumerate(drafts)
        ), key=itemgetter("subject", "record")))  # fmt: skip
        # Nobody new is noted yet.
        tx.add("unindexed", [{"vault": vault, "subject": subject} for subject in sorted(who for who, _ in made)])
        _enter(desk, tx, ring.vault, len(drafts), save_head(tx, ring).root.hex(), _others(tx, vault, made))
    return [subject for subject, _ in made]


def _deks(made: Sequence[tuple[bytes, Newcomer]]) -> dict[tuple[bytes, int], bytes]:
    wanted = [(subject, compartment) for subject, person in made
              for compartment in sorted({each[0] for each in person.records} | {AUDIT})]  # fmt: skip
    return {place: secrets.token_bytes(_KEY) for place in wanted}


def _subjects(
    vault: str, made: Sequence[tuple[bytes, Newcomer]], places: Mapping[tuple[bytes, int], tuple[int, int]]
) -> list[Row]:
    slots: dict[bytes, dict[int, tuple[int, int]]] = defaultdict(dict)
    for (who, compartment), place in places.items():
        slots[who][compartment] = place
    return [
        {"vault": vault, "id": subject, "kind": person.kind, "slots": pack_slots(slots[subject]),
         "facts": canonical.encode(person.facts), "state": "live", "members": b"".join(person.members)}
        for subject, person in made
    ]  # fmt: skip


def _others(tx: Transaction, vault: str, made: Sequence[tuple[bytes, Newcomer]]) -> dict[str, Json]:
    """What the entry commits to: the layout, and whoever came that is no person of their own."""
    joint: dict[str, Json] = {who.hex(): b"".join(one.members).hex() for who, one in made if one.kind == JOINT}
    aside = sorted(who.hex() for who, one in made if one.kind == QUARANTINED)
    return {LAYOUT: fixed(tx, vault), "joint": joint, "aside": list[Json](aside)}


def _enter(desk: Desk, tx: Transaction, vault: str, records: int, head: str, detail: Mapping[str, Json]) -> None:
    says: dict[str, Json] = {"vault": vault, "records": records, "head": head, "next": high_water(tx, vault)}
    append(tx, desk.space, stamp(desk.clock.now()), "added", says, detail=detail)
