"""What people write back to a message of ours: read by somebody before silence, or anything else, is taken from it (spec/campaigns.md §4a, ADR 0108).

Of what was written nothing is kept: whose it is, on which day it came, and what somebody says it was. The words stay in the mailbox.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final, cast

from custody.acts.campaigning import DELIVERED, SENT, is_apart
from custody.acts.desk import Desk
from custody.acts.matters import EVERYTHING
from custody.acts.returned import Returned
from custody.base import ids
from custody.base.clock import parse, stamp
from custody.ports.store import Cells, OneOf, Row, Transaction, one

TABLE: Final = "replied"
UNREAD: Final = ""
ASKED: Final = "asked"
NOTHING: Final = "nothing"
UNPROVEN: Final = "unproven"
SAYS: Final = (ASKED, NOTHING, UNPROVEN)
"""It asked for something that was taken in; for nothing; for something of which its writer did not show who they are."""
HOLDING: Final = (UNREAD, UNPROVEN)
"""While it stands so, its writer is nobody who was told and is silent."""


def take(tx: Transaction, campaign: Row, sending: Row, said: Returned, now: datetime) -> bool:
    """One more of them, which is not here yet; who counted as told counts so no more. Its day is that of the message, between the day it answers and now."""
    who = cast("bytes", sending["subject"])
    if not note(tx, str(campaign["id"]), who, said, parse(str(sending["at"] or campaign["made_at"])), now):
        return False
    hold(tx, campaign, who)
    return True


def note(tx: Transaction, to: str, who: bytes, said: Returned, sent: datetime, now: datetime) -> bool:
    """Keep that it came, once; `to` is the campaign, or the correction of which an old address was told."""
    mark = hashlib.sha256(b"custody/reply/1\0" + said.mark.encode()).hexdigest()
    whose: Cells = {"campaign": to, "subject": who, "mark": mark}
    if tx.count(TABLE, **whose):
        return False
    came = min(now, max(said.at or now, sent))
    tx.add(
        TABLE, [{**whose, "id": ids.new("rep"), "came_at": stamp(came), "said": UNREAD, "said_at": "", "said_by": ""}]
    )
    return True


def hold(tx: Transaction, campaign: Row, who: bytes) -> None:
    """Whoever was told by this message is so again when it is settled after somebody has read what they wrote.

    After the release what they were told stays: the gate waits for a reader by itself, and a "thank you" calls nobody back.
    """
    if tx.count("statement", matter=str(campaign["matter"]), kind="released"):
        return
    whose: Cells = {"campaign": str(campaign["id"]), "subject": who}
    sending = one(tx, "sending", **whose)
    if sending is None or sending["state"] != DELIVERED:
        return
    tx.change("sending", {"state": SENT}, **whose)
    if not is_apart(campaign):
        tx.drop(
            "evidence", matter=str(campaign["matter"]), subject=who, compartment=EVERYTHING, type="notice.delivered"
        )


def holding(tx: Transaction, campaign: Row) -> set[bytes]:
    """Of whom something waits that says more than that they were reached."""
    rows = [row for said in HOLDING for row in tx.find(TABLE, campaign=str(campaign["id"]), said=said)]
    return {cast("bytes", row["subject"]) for row in rows}


def holds(tx: Transaction, to: str) -> bool:
    """Whether something of the kind waits of a campaign or a correction."""
    return any(tx.count(TABLE, campaign=to, said=said) for said in HOLDING)


def writers(tx: Transaction, vault: str, said: Collection[str] = HOLDING) -> set[bytes]:
    """Who wrote back to a message of any campaign over the vault, and it stands so: whatever tells them something else meanwhile, their silence is none."""
    campaigns = _campaigns(tx, vault)
    rows = tx.first(TABLE, None, (OneOf("campaign", campaigns), OneOf("said", said)), order=()) if campaigns else []
    return {cast("bytes", row["subject"]) for row in rows}


def wrote(tx: Transaction, vault: str, who: bytes) -> bool:
    """Whether that is so of one person."""
    campaigns = _campaigns(tx, vault)
    here = (OneOf("campaign", campaigns), OneOf("said", HOLDING))
    return bool(campaigns) and tx.count(TABLE, here, subject=who) > 0


def _campaigns(tx: Transaction, vault: str) -> list[str]:
    deals = tx.find("matter", order=("id",), vault=vault)
    return [str(row["id"]) for deal in deals for row in tx.find("campaign", order=("id",), matter=str(deal["id"]))]


def waiting(tx: Transaction, campaign: Row) -> list[Row]:
    """What nobody has read yet, the oldest first."""
    return tx.find(TABLE, order=("came_at", "id"), campaign=str(campaign["id"]), said=UNREAD)


def seen_to(desk: Desk, tx: Transaction, vault: str, row: Row) -> bool:
    """Whether a request of its writer's was taken in on its day or since."""
    day = desk.day(parse(str(row["came_at"])))
    rows = tx.find("request", vault=vault, subject=row["subject"])
    return any(desk.day(parse(str(each["received_at"]))) >= day for each in rows)
