"""What was printed was given to the post: on which day, by which receipt (B1, spec/campaigns.md §6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from custody.acts.campaigning import BOUNCED, POSTED, PRINTED, campaign, counts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.letters import number, numbers
from custody.acts.mirroring import mirrored
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import day, parse, stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Row, Transaction

_SHOWN: Final = 20


def campaign_post(desk: Desk, ref: str, on: str, proof: bytes, listed: bytes | None = None) -> Mapping[str, Json]:
    """`listed`: the numbers of the letters that went that day, one a line, where not all did. Raises Malformed `campaign.day` for a day that is none, not yet, or before the campaign, `campaign.numbers`; Missing `campaign.nothing-printed`."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        posted = desk.first_moment(_day(on, desk.day(parse(str(row["made_at"]))), desk.today()))
        waiting = tx.find("sending", order=("place",), campaign=str(row["id"]), state=PRINTED)
        chosen = waiting if listed is None else _of_these(tx, row, waiting, listed)
        people = [each["subject"] for each in chosen]
        if not people:
            raise Missing(
                "campaign.nothing-printed",
                "No letter of this campaign waits to be posted.",
                next="custody campaign print REF --to FOLDER",
            )
        for who in people:
            values = {"state": POSTED, "at": stamp(posted), "reply": "post"}
            tx.change("sending", values, campaign=str(row["id"]), subject=who)
        says: dict[str, Json] = {"campaign": str(row["id"]), "posted": len(people), "on": on, "receipt": sha256(proof)}
        position = append(
            tx, desk.space, stamp(desk.clock.now()), "letters-posted", says, detail={"matter": str(row["matter"])}
        )
        made = counts(tx, row)
    return {"campaign": ref, "posted": len(people), **({} if listed is None else {"left": len(waiting) - len(people)}), "posted_on": on, "proof": sha256(proof), "counts": made,
            "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}  # fmt: skip


def _of_these(tx: Transaction, row: Row, waiting: Sequence[Row], listed: bytes) -> list[Row]:
    """Those that wait and bear these numbers; one that was posted before, or came back, stays as it was. A number that is no one letter's here was mistyped: nothing is guessed."""
    wanted, known = numbers(listed), Counter[str]()
    for state in (PRINTED, POSTED, BOUNCED):  # one may come back before its posting is noted
        known.update(number(row, each) for each in tx.find("sending", campaign=str(row["id"]), state=state))
    wrong = [str(line) for line, one in enumerate(wanted, start=1) if known[one] != 1]
    if wrong or not wanted:
        raise Malformed(
            "campaign.numbers", f"No one letter of this campaign that was printed bears these numbers: {', '.join(wrong[:_SHOWN])}.",
            next="One number on each line, as it stands on the letter or in the list.",
        )  # fmt: skip
    return [each for each in waiting if number(row, each) in set(wanted)]


def _day(text: str, first: date, today: date) -> date:
    """The company's own day: of its post office, and of whoever stood there."""
    posted = day(text)
    if posted is None or not first <= posted <= today:
        raise Malformed("campaign.day", "Not a day between the campaign's first and today.", next="YYYY-MM-DD")
    return posted
