"""What customers of a deal are told besides what follows from its acts: contacts, and planned days in their order (spec/portal.md §7)."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from custody.base.clock import day
from custody.base.errors import Malformed
from custody.ports.store import Transaction

DAYS: Final = ("answer_by", "closing_on", "destroy_by")
"""In the order in which they come: none may be before one that stands before it."""


def telling(tx: Transaction, matter: str) -> dict[str, str]:
    """{name: value}. A day that is none is not told: one bad row shuts nobody's page."""
    rows = ((str(row["name"]), str(row["value"])) for row in tx.find("told", matter=matter))
    return {name: value for name, value in rows if name not in DAYS or day(value) is not None}


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
