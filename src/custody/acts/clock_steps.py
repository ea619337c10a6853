"""What was done to the clock of a request, and how the person learns of it and why (spec/requests.md §2).

A clock that stops waits for the person, and most laws give more time only to a company that told them so, and why: so the page of
whoever has one shows each step, its reason once they proved who they are, and of anybody else it is said how they were told.
"""

from typing import Final, cast

from custody.acts import links
from custody.acts.asked import entered
from custody.acts.desk import Desk
from custody.acts.entries import read_at
from custody.base.canonical import Json
from custody.base.errors import Malformed, Refused
from custody.ports.store import Row, Transaction

PAGE: Final = "page"
WAYS: Final = (PAGE, "email", "phone", "letter", "in-person")
"""How somebody is told of a step: their page shows it, or staff told them so."""


def way(desk: Desk, tx: Transaction, row: Row, said: str) -> str:
    """How the person of this request is told: as staff say, else by their page. Raises Malformed `request.told`, Refused `request.untold`."""
    if said and said not in WAYS:
        raise Malformed(
            "request.told", "This way of telling somebody is not known.", next=f"Say one of: {', '.join(WAYS)}."
        )
    if (said or PAGE) == PAGE and not links.live(desk, tx, str(row["matter"]), cast("bytes", row["subject"])):
        raise Refused("request.untold", "This person has no page that would tell them, so the clock runs on until somebody does.",
                      next="Tell them what you need or why it takes longer, then say how: --told email, phone, letter or in-person")  # fmt: skip
    return said or PAGE


def steps(desk: Desk, tx: Transaction, row: Row, subject: Row | None) -> list[Json]:
    """Each step in order: which, when, how the person is told, and why; without `subject`, whose key opens it, no reason is given."""
    rows, told = tx.find("request_step", order=("n",), request=row["id"]), list[Json]()
    for each in rows:
        position = cast("int", each["position"])
        says = read_at(tx, desk.space, position).says
        ours = (
            says.get("step") == each["step"]
        )  # a step of the company that passed the request on stands in one entry with others
        why = entered(desk, tx, row, subject, position).get("why") if subject is not None and ours else ""
        told.append(
            {"step": str(each["step"]), "at": str(each["at"]), "told": str(says.get("told", "")), "why": str(why or "")}
        )
    return told
