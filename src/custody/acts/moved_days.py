"""The days of what became of one person's data: when it moved, when the buyer confirmed that it was called back, when it was destroyed here (spec/portal.md §3)."""

from typing import NamedTuple

from custody.acts.desk import Desk
from custody.acts.passing import BUYER
from custody.acts.visiting import CALLED_BACK, RELEASED, WENT, Visit
from custody.acts.went import Went, confirmed_at, went
from custody.ports.store import Transaction


class Days(NamedTuple):
    """'' for what did not happen, or is not known to have."""

    moved: str = ""
    called_back: str = ""
    destroyed: str = ""


def days(desk: Desk, tx: Transaction, seen: Visit, becomes: str) -> Days:
    """Nobody is told of a day on which others moved: theirs is that of the release which let them go. What was called back is not destroyed here."""
    matter = seen.link.matter
    if becomes not in WENT:
        return Days()
    if seen.side == BUYER:
        return Days(day(tx, matter, "received"), "", day(tx, matter, "destroyed"))
    gone = went(desk, tx, seen.matter, seen.subject) if seen.live else Went()
    moved = day(tx, matter, RELEASED, gone.by)
    if becomes == CALLED_BACK:
        return Days(moved, confirmed_at(desk, tx, seen.matter, gone.back), "")
    return Days(moved, "", day(tx, matter, "destroyed"))


def day(tx: Transaction, matter: str, kind: str, n: int = 0) -> str:
    """When the n-th statement of a kind was made, or the first; '' while there is none."""
    rows = tx.find("statement", order=("n",), matter=matter, kind=kind, **({"n": n} if n else {}))
    return str(rows[0]["at"]) if rows else ""
