"""What of a person a release let go, and what they may still say no to: to the hand-over before it, afterwards to the use of what went (spec/consent.md §3)."""

from typing import Final, cast

from custody.acts.asking import OBJECTION, Question, own_compartments
from custody.ports.store import Row, Transaction, one
from custody.vault.page import SLOTS

_WENT: Final = "objection.moved"


def went(tx: Transaction, matter: Row, subject: Row) -> int:
    """How many of the person's slots a release of this deal let go."""
    found = 0
    who = cast("bytes", subject["id"])
    for row in tx.find("released_page", matter=str(matter["id"])):
        page = one(tx, "page", vault=str(matter["vault"]), compartment=row["compartment"], page=row["page"])
        members, live = cast("bytes", page["members"]) if page else b"", cast("bytes", row["live"])
        place = members.find(who)
        number = place // len(who)
        if place >= 0 and place % len(who) == 0 and number < SLOTS and live[number // 8] >> number % 8 & 1:
            found += 1
    return found


def objection(tx: Transaction, matter: Row, subject: Row) -> Question:
    """The objection of this person, in words that are true now: what went stays nowhere by a no, and is not called back by it."""
    return Question(OBJECTION, own_compartments(subject), (), words=_WENT if went(tx, matter, subject) else "")
