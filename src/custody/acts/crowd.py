"""Everybody of one sealing, of whom memory holds the few who are being looked at; the others lie aside, sealed (`ports.spill`).

Two generations: whoever was not asked for while as many others were goes aside. Who is taken to be changed is changed before
the next few are asked for: no more is kept of anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

import msgpack

from custody.acts.derive import PersonFacts
from custody.base import ids
from custody.ports.spill import Spill

MOST: Final = 40_000
"""People of one generation in memory; one takes about three kilobytes, and two generations are full at most."""


@dataclass(slots=True)
class Owner:
    """A subject being sealed: random id, facts, keys by compartment, records so far. `members` when it stands for several."""

    facts: PersonFacts
    subject: bytes = field(default_factory=ids.new_subject)
    deks: dict[int, bytes] = field(default_factory=dict, repr=False)
    key_ids: dict[int, bytes] = field(default_factory=dict)
    records: int = 0
    members: tuple[int, ...] = ()
    child: bool = False
    kept_out: bool = False


class Crowd:
    """Owners by number, from 0."""

    def __init__(self, spill: Spill) -> None:
        self._spill, self._most = spill, MOST
        self._young: dict[int, Owner] = {}
        self._old: dict[int, Owner] = {}
        self._changed: set[int] = set()
        self.count = 0

    def add(self, owner: Owner) -> int:
        """Take one in; returns their number."""
        number, self.count = self.count, self.count + 1
        self._changed.add(number)
        self._hold(number, owner)
        return number

    def get(self, number: int) -> Owner:
        """To look at."""
        if (owner := self._young.get(number)) is None:
            if (owner := self._old.pop(number, None)) is None:
                owner = _unpack(self._spill.get("owner", number)[0][1])
            self._hold(number, owner)
        return owner

    def take(self, number: int) -> Owner:
        """To change."""
        owner = self.get(number)
        self._changed.add(number)
        return owner

    def settle(self) -> None:
        """All that was changed is aside too."""
        self._aside(self._old | self._young)

    def everybody(self) -> Iterator[Owner]:
        """All of them, by number, to look at."""
        self.settle()
        return (_unpack(held) for _, held in self._spill.scan("owner", ("number",)))

    def _hold(self, number: int, owner: Owner) -> None:
        self._young[number] = owner
        if len(self._young) >= self._most:
            self._aside(self._old)
            self._old, self._young = self._young, {}

    def _aside(self, some: dict[int, Owner]) -> None:
        gone = sorted(self._changed.intersection(some))
        self._spill.put("owner", ((number, _pack(some[number])) for number in gone))
        self._changed.difference_update(gone)


def _pack(owner: Owner) -> bytes:
    facts = owner.facts
    told = (facts.kind, facts.born.toordinal() if facts.born else 0, facts.place, sorted(facts.categories), facts.status,
            facts.last, facts.objected, facts.no_contact, facts.lives, facts.unclear)  # fmt: skip
    keys = [(number, dek, owner.key_ids[number]) for number, dek in owner.deks.items()]
    return cast(
        "bytes",
        msgpack.packb((told, owner.subject, keys, owner.records, owner.members, owner.child, owner.kept_out)),
    )


def _unpack(held: bytes) -> Owner:
    (kind, born, place, categories, *rest), subject, keys, records, members, child, kept_out = msgpack.unpackb(held)
    facts = PersonFacts(kind, date.fromordinal(born) if born else None, place, set(categories), *rest)
    deks, key_ids = {number: dek for number, dek, _ in keys}, {number: key_id for number, _, key_id in keys}
    return Owner(facts, subject, deks, key_ids, records, tuple(members), child, kept_out)
