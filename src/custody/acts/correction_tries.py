"""How often a code that a person was sent may be tried: five times for one code, ten a day for one person, whichever codes (spec/freshness.md §3).

A correction may be asked for anew, and each has a code of its own: a further code gives no further tries. Each try is counted before it is
looked at. The last wrong one of a day is entered, and alarms.
"""

from datetime import timedelta
from typing import Final, cast

from custody.acts.about import append_about
from custody.acts.counter import add_up_to
from custody.acts.desk import Desk
from custody.acts.own_evidence import own_about
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied
from custody.ports.store import Row, Transaction, one

TRIES: Final = 5
A_DAY: Final = 10
LOCKED: Final = "correction-locked"
_NEXT: Final = timedelta(days=1)


def count(desk: Desk, tx: Transaction, row: Row) -> None:
    """One more, before it is looked at. Raises Denied `correction.tries`, `correction.tries-person`."""
    tries = cast("int", row["tries"])
    if tries >= TRIES:
        raise Denied("correction.tries", "Too many tries with this code.", next="custody correction new")
    if not add_up_to(tx, _today(desk, row), 1, most=A_DAY):
        tomorrow = (desk.today() + _NEXT).isoformat()
        raise Denied(
            "correction.tries-person",
            "Too many tries with codes of this customer today, whichever correction they are of.",
            where={"again": tomorrow},
            next="Try again tomorrow, or see the customer in person: custody correction new",
        )
    tx.change("correction", {"tries": tries + 1}, id=row["id"])


def lock(desk: Desk, tx: Transaction, row: Row) -> None:
    """The try was wrong: where it was the last of the day, that is entered, once."""
    used = one(tx, "counter", name=_today(desk, row))
    subject = one(tx, "subject", vault=row["vault"], id=row["subject"])
    if used is None or cast("int", used["value"]) < A_DAY or subject is None:
        return
    now = stamp(desk.clock.now())
    who = own_about(desk, tx, str(row["vault"]), cast("bytes", row["subject"]), now)
    says: dict[str, Json] = {"tries": A_DAY, "principal": desk.principal.id}
    detail: dict[str, Json] = {"subject": ids.subject_text(who.subject), "correction": str(row["id"])}
    append_about(tx, desk.space, now, LOCKED, says, who=who, detail=detail)


def _today(desk: Desk, row: Row) -> str:
    return f"correction-tries:{row['vault']!s}:{cast('bytes', row['subject']).hex()}:{desk.today()}"
