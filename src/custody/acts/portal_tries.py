"""How often somebody may try to be taken for a person on that person's page: counted for the person, whichever link they hold (spec/portal.md §2).

A link is forwarded, and there may be several of one person; a second link gives no further tries. Each try is counted before it is looked
at, so that a crash gives none away. Who runs into the lock is told so, and so is the company.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

from custody.acts import correction_tries
from custody.acts.about import append_about
from custody.acts.counter import add_up_to, set_to
from custody.acts.desk import Desk
from custody.acts.entries import KIND, positions
from custody.acts.own_evidence import own_about
from custody.acts.visiting import Visit
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Denied
from custody.ports.store import Transaction, one

TRIES: Final = 5
LINK_TRIES: Final = 15
"""Wrong ones with one link, for as long as it lives: a link that lies with a stranger is no lottery ticket of sixty days."""
SPAN: Final = timedelta(hours=24)
LOCKED: Final = "portal-locked"
_NOTICED: Final = 2 * SPAN
"""A lock alarms for as long, so that a day's run that comes late does not pass it by."""


def count(desk: Desk, tx: Transaction, seen: Visit) -> None:
    """One more try of this link, unless its person had as many as a day allows. Raises Denied `portal.tries`."""
    if _of_person(desk, tx, seen) >= TRIES:
        raise Denied(
            "portal.tries", "Too many wrong tries: for 24 hours nobody can be recognised here, with no link. The company was told.",
            next="Come back tomorrow, or ask the company. Refusing, objecting and withdrawing need none of this.",
        )  # fmt: skip
    if not add_up_to(tx, _counter(seen), 1, most=LINK_TRIES):
        raise Denied(
            "portal.link-tries", "Too many wrong tries with this link: with it nobody can be recognised any more.",
            next="Ask the company for a new link. Refusing, objecting and withdrawing need none of this.",
        )  # fmt: skip
    row = one(tx, "link", id=seen.link.id)
    assert row is not None
    now, last = desk.clock.now(), str(row["tried_at"])
    # From the last try on, not from the first: no stretch of a day, wherever it begins, has more than its tries.
    tries = 0 if not last or parse(last) + SPAN <= now else cast("int", row["tries"])
    tx.change("link", {"tries": tries + 1, "tried_at": stamp(now)}, id=seen.link.id)


def forgive(tx: Transaction, seen: Visit) -> None:
    """Whoever showed who they are has the day's tries of this link again, and this one was none; what other links were tried with stays counted."""
    tx.change("link", {"tries": 0, "tried_at": ""}, id=seen.link.id)
    row = one(tx, "counter", name=_counter(seen))
    set_to(tx, _counter(seen), max(0, int(row["value"] or 0) - 1) if row else 0)


def _counter(seen: Visit) -> str:
    return f"portal-tries:{seen.link.name}"


def lock(desk: Desk, tx: Transaction, seen: Visit) -> None:
    """The last try was wrong: that is entered once, and alarms whoever is responsible."""
    if _of_person(desk, tx, seen) < TRIES:
        return
    now = stamp(desk.clock.now())
    who = own_about(desk, tx, str(seen.matter["vault"]), seen.link.subject, now)
    detail: dict[str, Json] = {"subject": ids.subject_text(seen.link.subject), "link": seen.link.name}
    append_about(tx, desk.space, now, LOCKED, {"tries": TRIES}, who=who, detail=detail)


def locks(desk: Desk, tx: Transaction) -> int:
    """How many pages, and people's codes of corrections, were locked of late."""
    return sum(_of_late(desk, tx, kind) for kind in (LOCKED, correction_tries.LOCKED))


def _of_late(desk: Desk, tx: Transaction, kind: str) -> int:
    since, found = stamp(desk.clock.now() - _NOTICED), 0
    for position in positions(tx, desk.space, KIND, f"entry.{kind}"):
        row = one(tx, "ledger_entry", space=desk.space, position=position)
        told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["entry"]))) if row else {}
        if str(told.get("at", "")) < since:
            break
        found += 1
    return found


def _of_person(desk: Desk, tx: Transaction, seen: Visit) -> int:
    """How many tries of the last 24 hours any link to this person had, whatever deal it is of."""
    since = stamp(desk.clock.now() - SPAN)
    matters = tx.find("matter", vault=str(seen.matter["vault"]))
    rows = (row for matter in matters for row in tx.find("link", matter=matter["id"], subject=seen.link.subject))
    return sum(cast("int", row["tries"]) for row in rows if str(row["tried_at"]) > since)
