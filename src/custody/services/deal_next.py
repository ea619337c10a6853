"""The next clock of each of some deals: of what is still to be done, what ends first (C1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from custody.acts import duties, lawbook, unanswered
from custody.acts.desk import Desk
from custody.acts.matters import called, deal, facts_of
from custody.base.canonical import Json
from custody.law.pack import Packs
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_RUN: Final = ("overdue", "at-once", "running")


def deal_next(desk: Desk, laws: Laws, named: Sequence[str]) -> Mapping[str, Json]:
    """{reference: the clock, or None}: what is late before what is at once, before what runs, by date. A closed deal has none."""
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        rows = [deal(desk, tx, name) for name in named]
        return {called(tx, row): _next(desk, tx, row, packs) for row in rows}


def _next(desk: Desk, tx: Transaction, row: Row, packs: Packs) -> Json:
    if row["state"] == "closed":
        return None
    facts, now = facts_of(tx, str(row["id"])), desk.clock.now()
    told = duties.outcome(tx, row, facts, packs, desk.today())
    unmet = replace(told, fired=duties.unmet(tx, row, told))
    found = [*duties.clocks(unmet, packs, facts, now), *unanswered.clocks(desk, tx, row, now)]
    return min((one for one in found if one["state"] in _RUN), key=duties.order, default=None)
