"""Read what a customer wrote with a request: a look, decided, counted and entered first, then opened with that customer's own key (B4, A3)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import beside, done_for, revealing, twins
from custody.acts.asked import request, said_with, told
from custody.acts.clock_steps import steps
from custody.acts.desk import Desk
from custody.acts.kept_copies import copies_of
from custody.acts.reseal import live_subject
from custody.base.canonical import Json
from custody.base.clock import stamp

READERS: Final = ("owner", "privacy", "lawyer", "data")
_PURPOSE: Final = "legal"


def request_show(desk: Desk, ref: str) -> Mapping[str, Json]:
    """The reason of the look is the request itself. Raises Missing `request.unknown`, `subject.unknown` when nothing of that person is left to open it with, Denied `reveal.denied`, `reveal.day`."""
    desk.person()
    desk.require(READERS)
    with desk.store.write() as tx:
        row = request(desk, tx, ref)
        vault, whom, now = str(row["vault"]), cast("bytes", row["subject"]), stamp(desk.clock.now())
        live_subject(tx, vault, whom)
        more = {"matter": str(row["matter"]), "request": str(row["id"])}
        look = beside.look(desk, tx, (vault, whom), beside.WORDS, (_PURPOSE, ref), more)
    if not look.made.open:
        raise revealing.denied(desk, look, _PURPOSE)
    twins.seek_if_may(desk, vault, [whom])
    with desk.store.read() as tx:
        records = [each.to_json() for each in twins.here(tx, vault, whom)]
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
        "records": list[Json](records),
        "ledger": f"{desk.space}@{look.position}",
    }
