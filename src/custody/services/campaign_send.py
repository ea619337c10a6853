"""Send what a second person approved, one message after the other, so that a kill at any point loses none and doubles none (B1).

Before a message is handed over it is journalled as `sending`; what a crash leaves so is in doubt, at most one, and is not sent again
before the relay's log was asked (`campaign settle`).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from custody.acts.approval import demand
from custody.acts.campaigning import (
    NO_ADDRESS,
    PLANNED,
    REFUSED,
    SENDING,
    SENT,
    address,
    approved_content,
    campaign,
    composed,
    counts,
    texts,
)
from custody.acts.contacts import Contact, contacts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.sole import holding
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused, Unavailable
from custody.ports.mail import Mailer
from custody.ports.store import Cells, Row, one

_BATCH: Final = 200


class _Ended(NamedTuple):
    """What became of one message."""

    subject: bytes
    state: str
    reply: str


def campaign_send(desk: Desk, mailer: Mailer, ref: str, most: int) -> Mapping[str, Json]:
    """At most `most` messages now (0: all). Raises Missing `campaign.unknown`, Refused `act.unapproved`, Unavailable `vault.busy`."""
    desk.require(("owner", "privacy", "data"))
    with holding(desk, f"campaign {ref}"):
        with desk.store.read() as tx:
            row = campaign(tx, desk.space, ref)
            demand(desk, tx, "campaign", approved_content(tx, row))
        left, stopped, sent = most or -1, "", 0
        while not stopped and left and (batch := _batch(desk, row, left)):
            told, stopped = _send(desk, mailer, row, batch)
            left, sent = left - len(batch), sent + told
        with desk.store.read() as tx:
            found = counts(tx, row)
    return {
        "campaign": ref,
        "sent": sent,
        "counts": found,
        "in_doubt": found[SENDING],
        "stopped": stopped,
        "done": not found[PLANNED],
    }


def _batch(desk: Desk, row: Row, left: int) -> list[Row]:
    size = _BATCH if left < 0 else min(left, _BATCH)
    with desk.store.read() as tx:
        rows = tx.scan("sending", order=("place",), campaign=str(row["id"]), state=PLANNED)
        return [one_row for _, one_row in zip(range(size), rows, strict=False)]


def _send(desk: Desk, mailer: Mailer, row: Row, batch: list[Row]) -> tuple[int, str]:
    """(how many the relay took, why it stopped). One commit between two messages: how one ended and that the next begins."""
    people, pages = _opened(desk, row, batch)
    ended, taken, stopped = None, 0, ""
    for sending in batch:
        who = cast("bytes", sending["subject"])
        _move(desk, row, ended, sending if people[who].email else None)
        ended, stopped = _one(mailer, row, sending, people[who], pages[who])
        taken += bool(ended and ended.state == SENT)
        if stopped:
            break
    _move(desk, row, ended, None)
    with desk.store.write() as tx:
        says: dict[str, Json] = {"campaign": str(row["id"]), "taken": taken, "principal": desk.principal.id}
        append(tx, desk.space, stamp(desk.clock.now()), "campaign-sent", says)
    return taken, stopped


def _one(mailer: Mailer, row: Row, sending: Row, contact: Contact, page: str) -> tuple[_Ended | None, str]:
    who = cast("bytes", sending["subject"])
    if not contact.email:
        return _Ended(who, NO_ADDRESS, ""), ""
    try:
        reply = mailer.send(_sender(row), contact.email, composed(row, sending, contact, page))
    except Refused as error:
        return _Ended(who, REFUSED, str(error.where.get("code", ""))), ""
    except Unavailable as error:
        if error.slug == "mail.in-doubt":
            return None, ""  # it stays `sending`: nobody knows
        return _Ended(who, PLANNED, ""), error.slug
    return _Ended(who, SENT, reply), ""


def _sender(row: Row) -> str:
    return texts(row)["sender"]


def _opened(desk: Desk, row: Row, batch: list[Row]) -> tuple[Mapping[bytes, Contact], Mapping[bytes, str]]:
    """Names, addresses and pages of one batch, which live in memory alone."""
    with desk.store.read() as tx:
        matter = one(tx, "matter", id=str(row["matter"]))
        assert matter is not None
        who = [cast("bytes", sending["subject"]) for sending in batch]
        found = contacts(desk, tx, str(matter["vault"]), who)
        return found, {cast("bytes", sending["subject"]): address(desk, tx, row, sending) for sending in batch}


def _move(desk: Desk, row: Row, ended: _Ended | None, begins: Row | None) -> None:
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        if ended is not None:
            values: Cells = {"state": ended.state, "reply": ended.reply, "at": now}
            tx.change("sending", values, campaign=str(row["id"]), subject=ended.subject)
        if begins is not None:
            values = {"state": SENDING, "at": now, "attempts": int(begins["attempts"] or 0) + 1}
            tx.change("sending", values, campaign=str(row["id"]), subject=begins["subject"])
