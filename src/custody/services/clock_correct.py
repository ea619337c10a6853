"""Put right, as an owner and with a second person, that the ledger is ahead of a clock that is right (spec/ledger.md §4a, decision 117).

Until that is done nothing can be entered, so nothing can be done: the entry is the first after which time goes on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.lapsing import lapse
from custody.acts.one_hand import key_made
from custody.acts.stepping import ACT, Leap, leap
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ledger.entry import STEP
from custody.ports.store import Transaction, one

CORRECTORS: Final = ("owner",)


def clock_correct(desk: Desk, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Enter that the clock was ahead, and go on from now.

    Raises Refused `clock.not-behind`, `clock.no-leap`, `act.unapproved`.
    """
    desk.require(CORRECTORS)
    desk.person()
    if dry_run:
        return _would(desk)
    with desk.store.write() as tx:
        now = desk.clock.now()
        over = leap(tx, desk.space, now)
        approval = demand(desk, tx, ACT, _content(desk, over, now), once=True)
        ended = lapse(tx, desk.space, now)
        says: dict[str, Json] = {"was": over.was, "since": over.since, "approval": approval}
        detail: dict[str, Json] = {"principal": desk.principal.id, "ended": dict(ended), **_by(desk, tx, approval)}
        position = append(tx, desk.space, stamp(now), STEP, says, detail=detail)
    return {**_told(over, now), "ended": dict(ended), "ledger": f"{desk.space}@{position}"}


def _would(desk: Desk) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        moment = desk.clock.now()
        over = leap(tx, desk.space, moment)
    return {**_told(over, moment), "would": {"approve": [ACT, _content(desk, over, moment)]}}


def _content(desk: Desk, over: Leap, now: datetime) -> str:
    """What is approved: this step, as the next entry of this ledger, on this day."""
    told: dict[str, Json] = {
        "act": ACT,
        "party": desk.space,
        "number": over.number,
        "was": over.was,
        "since": over.since,
    }
    return content_hash({**told, "day": now.date().isoformat()})


def _told(over: Leap, now: datetime) -> dict[str, Json]:
    return {"was": over.was, "now": stamp(now), "ahead_from": over.since, "ahead": over.number - over.since}


def _by(desk: Desk, tx: Transaction, approval: str) -> dict[str, Json]:
    """Who approved, and what an entry `approved` would say of their key."""
    row = one(tx, "approval", id=approval)
    who = str(row["principal"]) if row else ""
    made = key_made(tx, desk.space, who)
    return {"by": who, **({"key_by": made.by, "key_at": made.at} if made else {})}
