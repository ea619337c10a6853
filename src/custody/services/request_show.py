"""Read what a customer wrote with a request: it is entered first, then opened with that customer's own key (B4)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import done_for
from custody.acts.about import about, append_about
from custody.acts.asked import request, said_with, told
from custody.acts.desk import Desk
from custody.acts.kept_copies import copies_of
from custody.acts.vaults import open_keyring
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import one

READERS: Final = ("owner", "privacy", "lawyer", "data")


def request_show(desk: Desk, ref: str) -> Mapping[str, Json]:
    """Raises Missing `request.unknown`, `subject.unknown` when nothing of that person is left to open it with."""
    desk.require(READERS)
    with desk.store.write() as tx:
        row = request(tx, desk.space, ref)
        subject = one(tx, "subject", vault=row["vault"], id=row["subject"], state="live")
        if subject is None:
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        ring = open_keyring(desk, tx, str(row["vault"]))
        who = about(tx, ring, cast("bytes", row["subject"]), cast("bytes", subject["slots"]))
        now = stamp(desk.clock.now())
        says: dict[str, Json] = {"request": str(row["id"]), "principal": desk.principal.id}
        position = append_about(tx, desk.space, now, "request-read", says, who=who,
                                detail={"subject": ids.subject_text(who.subject)})  # fmt: skip
        words, acts, copies = said_with(desk, tx, row, subject), done_for.told(tx, row), copies_of(tx, row)
        lacking = done_for.lacking(desk, tx, row)
    return {
        **told(row, now),
        **words,
        "acts": acts,
        "lacking": lacking,
        "copies": copies,
        "ledger": f"{desk.space}@{position}",
    }
