"""Asking whether a value is known is an oracle: so many times a minute and a day for each person, and no more (spec/vault.md §13)."""

from datetime import timedelta
from typing import Final

from custody.acts.counter import add_up_to
from custody.acts.desk import Desk
from custody.acts.people import behind
from custody.base.clock import stamp
from custody.base.errors import Denied
from custody.ports.store import Cells, Transaction

PER_MINUTE: Final = 30
PER_DAY: Final = 1_000
LISTED_PER_DAY: Final = 50_000
"""Values of lists, which serve for work and not for a look: more than a year's answers of a small company, less than a city's telephones."""


def count_asking(desk: Desk, tx: Transaction) -> None:
    """One more, unless there were too many; what is older than a day is dropped. Raises Denied `lookup.limit`."""
    now, who = desk.clock.now(), _who(desk, tx)
    mine = [str(row["at"]) for row in tx.find("looked_up", principal=who)]
    minute, day = (stamp(now - span) for span in (timedelta(minutes=1), timedelta(days=1)))
    if sum(at > minute for at in mine) >= PER_MINUTE or sum(at > day for at in mine) >= PER_DAY:
        raise Denied(
            "lookup.limit",
            "Too many look-ups by one person.",
            next="Wait a minute; for many at once, export with a reason.",
        )
    for at in {at for at in mine if at <= day}:
        tx.drop("looked_up", principal=who, at=at)
    row: Cells = {"principal": who, "at": stamp(now), "n": len(mine)}
    tx.add("looked_up", [row])


def count_listed(desk: Desk, tx: Transaction, values: int) -> None:
    """So many values of a list more, for one person and day of the company, unless there were too many. Raises Denied `lookup.limit`."""
    if not add_up_to(tx, f"listed:{_who(desk, tx)}:{desk.today()}", values, most=LISTED_PER_DAY):
        raise Denied(
            "lookup.limit",
            "Too many values of lists by one person today.",
            next="Go on tomorrow, or divide the list with a colleague.",
        )


def _who(desk: Desk, tx: Transaction) -> str:
    """Who asks: a machine asks for the owner of its token, so that more tokens do not ask more."""
    return behind(tx, desk.principal.id)
