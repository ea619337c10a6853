"""What customers of a deal are told besides what follows from its acts: contacts, and planned days in their order (spec/portal.md §7).

The days bind: nothing is released while customers may still answer, nor before the day on which it was to move. What was told is
moved against them by two people with a reason, and by nobody else.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from custody.acts.desk import Desk
from custody.base.clock import day
from custody.base.errors import Malformed, Refused
from custody.law.form import NOTICE
from custody.law.gate import PUBLISHED
from custody.ports.store import Row, Transaction

ANSWER, CLOSING, DESTROY = "answer_by", "closing_on", "destroy_by"
DAYS: Final = (ANSWER, CLOSING, DESTROY)
"""In the order in which they come: none may be before one that stands before it."""
UNTRUE: Final = "untrue_since"
"""Kept beside what is told, and told to nobody: what was read until then is not so any more (`untrue`)."""


def telling(tx: Transaction, matter: str) -> dict[str, str]:
    """{name: value}. A day that is none is not told: one bad row shuts nobody's page."""
    rows = ((str(row["name"]), str(row["value"])) for row in tx.find("told", matter=matter))
    return {name: value for name, value in rows if name != UNTRUE and (name not in DAYS or day(value) is not None)}


def answer_until(told: Mapping[str, str]) -> str:
    """The last day to answer: as told, or the day before the data moves; empty where neither was told."""
    closing = day(told.get(CLOSING, ""))
    return told.get(ANSWER) or ((closing - timedelta(days=1)).isoformat() if closing else "")


def require_days(known: Mapping[str, str], given: Mapping[str, str], today: date) -> None:
    """Raises Malformed `deal.tell` for a day that is none or is over when it is first told, `deal.tell-order` for days in another order."""
    for name in DAYS:
        at = day(given[name]) if name in given else today
        if at is None or (at < today and known.get(name) != given[name]):
            raise Malformed("deal.tell", "A day is YYYY-MM-DD and not over.", where={"field": name})
    told = [(value, name) for name in DAYS if (value := {**known, **given}.get(name))]
    for (first, _), (then, name) in pairwise(told):
        if then < first:
            raise Malformed(
                "deal.tell-order",
                "Customers answer until a day, then the data moves, then it is destroyed: the days stand in another order.",
                where={"field": name},
            )


def against(known: Mapping[str, str], given: Mapping[str, str]) -> dict[str, list[str]]:
    """{day: [as told, as given]} of each that is moved against the customers: less time to answer, an earlier move, a later destruction."""
    was, then = ({**told, ANSWER: answer_until(told)} for told in (known, {**known, **given}))
    moved = {
        name: [was.get(name, ""), then.get(name, "")] for name in DAYS if was.get(name) and name in {*given, ANSWER}
    }
    return {name: days for name, days in moved.items() if (days[1] > days[0] if name == DESTROY else days[1] < days[0])}


def anybody(tx: Transaction, matter: str) -> bool:
    """Whether a customer could read what is told: somebody has a link, or the deal is on the company's openness page, or is on file as told, by whatever way."""
    return bool(
        tx.count("link", matter=matter)
        or tx.count("statement", matter=matter, kind="notice")
        or tx.count("publication", matter=matter)
        or any(tx.count("evidence", matter=matter, type=kind) for kind in (NOTICE, PUBLISHED))
    )


def require_over(desk: Desk, tx: Transaction, matter: Row, places: Iterable[str]) -> None:
    """Nothing moves while customers were told that they can answer, nor before the day that was told. Raises Refused `release.told`.

    The last day to answer is over when it is over where the company is and in every place whose law binds one of them.
    """
    told = telling(tx, str(matter["id"]))
    until, closing = day(answer_until(told)), day(told.get(CLOSING, ""))
    if (until and not desk.over(until, places)) or (closing and desk.today() < closing):
        days = ", ".join(f"{name} {told[name]}" for name in (ANSWER, CLOSING) if name in told)
        raise Refused(
            "release.told",
            f"Customers were told otherwise: {days}. Until the last day to answer is over, and before the day of the move, nothing goes.",
            next="custody deal tell DEAL, with --why and a second person where a day comes nearer",
        )
