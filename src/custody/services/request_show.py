"""Read what a customer wrote with a request: it is entered first, then opened with that customer's own key (B4)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import done_for
from custody.acts.about import append_about
from custody.acts.asked import request, said_with, told
from custody.acts.clock_steps import steps
from custody.acts.desk import Desk
from custody.acts.kept_copies import copies_of
from custody.acts.own_evidence import own_about
from custody.acts.reseal import live_subject
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp

READERS: Final = ("owner", "privacy", "lawyer", "data")


def request_show(desk: Desk, ref: str) -> Mapping[str, Json]:
    """Raises Missing `request.unknown`, `subject.unknown` when nothing of that person is left to open it with."""
    desk.require(READERS)
    with desk.store.write() as tx:
        row = request(desk, tx, ref)
        vault, whom, now = str(row["vault"]), cast("bytes", row["subject"]), stamp(desk.clock.now())
        live_subject(tx, vault, whom)
        who = own_about(desk, tx, vault, whom, now)
        says: dict[str, Json] = {
            "matter": str(row["matter"]),
            "request": str(row["id"]),
            "principal": desk.principal.id,
        }
        position = append_about(tx, desk.space, now, "request-read", says, who=who,
                                detail={"subject": ids.subject_text(who.subject)})  # fmt: skip
        subject = live_subject(tx, vault, whom)  # anew: the entry may have given them a key
        words, clock_steps = said_with(desk, tx, row, subject), steps(desk, tx, row, subject)
        acts, copies = done_for.told(tx, row), copies_of(desk, tx, row)
        lacking = done_for.lacking(desk, tx, row)
    return {
        **told(row, now),
        **words,
        "steps": clock_steps,
        "acts": acts,
        "lacking": lacking,
        "copies": copies,
        "ledger": f"{desk.space}@{position}",
    }
