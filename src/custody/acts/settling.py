"""The end of a sealing: its keys into pages, its people and places into rows, streamed in the order in which they will lie (spec/vault.md §7).

Keys stand in random order in each compartment, so that a slot tells nothing of a customer's age, nor which slot of another
compartment is theirs.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from custody.acts.crowd import Owner
from custody.acts.sealing import Location, Sealing
from custody.acts.suppressing import NO_CONTACT
from custody.acts.vaults import AUDIT, Keyring, add_page, pack_slots, page_of
from custody.base import canonical
from custody.ports.spill import Entry, Spill
from custody.ports.store import Row, Transaction
from custody.vault.page import SLOTS
from custody.vault.suite import Suite

_AUDITED: Final = frozenset(("customer", "prospect", "employee", "contact"))
_CHANCE_BYTES: Final = 8
_HELD: Final = 5_000


def sort_out(run: Sealing, spill: Spill) -> Counter[str]:
    """Everybody of whom there are records, and each of their keys; {kind: how many people}."""
    kinds, owners = Counter[str](), (owner for owner in run.crowd.everybody() if owner.records)
    while some := list(islice(owners, _HELD)):
        for owner in some:
            kinds[owner.facts.kind] += 1
            if owner.facts.kind in _AUDITED:
                run.dek(owner, AUDIT)
        spill.put("dek", [key for owner in some for key in _keys(owner)])
        spill.put("person", [_person(run, owner) for owner in some])
    return kinds


def place_all(tx: Transaction, ring: Keyring, spill: Spill, suite: Suite) -> dict[int, int]:
    """Every key on a page of the new vault; {compartment: how many pages}."""
    pages: dict[int, int] = {}
    for compartment, keys in groupby(spill.scan("dek", ("compartment", "chance")), itemgetter(0)):
        number = 0
        while some := list(islice(keys, SLOTS)):
            add_page(tx, ring, (compartment, number), page_of([dek for _, _, _, dek in some], suite),
                     b"".join(subject for _, _, subject, _ in some))  # fmt: skip
            spill.put("slot", [(subject, compartment, number, slot) for slot, (_, _, subject, _) in enumerate(some)])
            number += 1
        pages[compartment] = number
    return pages


def people(spill: Spill, vault: str) -> Iterator[Row]:
    """The rows of `subject`, once their keys are placed."""
    slots = groupby(spill.scan("slot", ("subject",)), itemgetter(0))
    for (subject, kind, facts, members), (_, held) in zip(spill.scan("person", ("subject",)), slots, strict=True):
        yield {"vault": vault, "id": subject, "kind": kind, "slots": pack_slots({c: (page, slot) for _, c, page, slot in held}),
               "facts": facts, "state": "live", "members": members}  # fmt: skip


def records(spill: Spill, vault: str, segment: str) -> Iterator[Row]:
    """The rows of `record`, in the order of their keys: in any other each would be looked for on its own."""
    for one in map(Location._make, spill.scan("place", ("subject", "record"))):
        yield {"vault": vault, "subject": one.subject, "record": one.record, "compartment": one.compartment,
               "schema": one.schema, "revision": 1, "row": one.row, "segment": segment, "position": one.position,
               "length": one.length}  # fmt: skip


def _keys(owner: Owner) -> Iterable[Entry]:
    return ((compartment, os.urandom(_CHANCE_BYTES), owner.subject, dek) for compartment, dek in owner.deks.items())


def _person(run: Sealing, owner: Owner) -> Entry:
    said = (("objected", owner.facts.objected), (NO_CONTACT, owner.facts.no_contact))
    facts = owner.facts.to_json() | {name: True for name, given in said if given}
    members = b"".join(run.crowd.get(one).subject for one in owner.members)
    return owner.subject, owner.facts.kind, canonical.encode(facts), members
