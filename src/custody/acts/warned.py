"""What is kept of the word to old addresses: whose it is, and when it counts as delivered (spec/freshness.md §4a)."""

from datetime import datetime
from typing import Final, cast

from custody.acts import corrections, replies
from custody.acts.approval import content_hash, demand
from custody.acts.campaign_approval import begun
from custody.acts.delays import GIVES_UP, waits
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.returned import Returned
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.model.way import Way
from custody.ports.store import Cells, Row, Transaction, one

ROLES: Final = ("owner", "privacy", "data")
ACT: Final = "correction-warn"
"""What a second person approves: by which way, from whom."""
HELD: Final = "corrections +warn"
"""What whoever sends or settles it holds; no vault is called so."""
WAIT: Final = GIVES_UP
"""How long a message may still come back before it counts as delivered: as long as one of a campaign."""


def settings_of(desk: Desk, way: Way, sender: str, contact: str) -> str:
    """What a second person approves: by which way, from whom, and where an answer leads."""
    return content_hash(
        {"act": ACT, "party": desk.space, "way": {**way._asdict()}, "sender": sender, "contact": contact}
    )


def stood_for(desk: Desk, tx: Transaction, bound: str) -> str:
    """The approval by which these settings go: once used it goes on, as long as whoever gave it acts here. Raises Refused `act.unapproved`.

    Each word to an old address is one of few; to approve each anew would teach people to press. Any other server, account, sender or contact is approved anew.
    """
    return begun(tx, ACT, bound) or demand(desk, tx, ACT, bound)


def told_since(desk: Desk, tx: Transaction) -> int:
    """What came back from nowhere in time is delivered, and entered: the evidence that the old address was told."""
    now = desk.clock.now()
    sent = [row for row in ours(desk, tx, corrections.SENT) if parse(str(row["at"])) + WAIT <= now]
    gone = [row for row in sent if not waits(row, now) and not replies.holds(tx, str(row["correction"]))]
    for row in gone:
        put(tx, row, {"state": corrections.TOLD, "at": stamp(now)})
    if gone:
        says: dict[str, Json] = {"corrections": [str(row["correction"]) for row in gone]}
        append(tx, desk.space, stamp(now), "correction-warning-delivered", says)
    return len(gone)


def written_back(tx: Transaction, row: Row, correction: Row, said: Returned, now: datetime) -> bool:
    """Whoever reads the old address wrote: that is read by somebody before the address counts as told and content (spec/freshness.md §4a)."""
    if not replies.note(
        tx, str(correction["id"]), cast("bytes", correction["subject"]), said, parse(str(row["at"])), now
    ):
        return False
    hold(tx, str(correction["id"]))
    return True


def answers(desk: Desk, tx: Transaction) -> list[Json]:
    """What was written back and nobody has read, the oldest first."""
    rows = tx.find(replies.TABLE, order=("came_at", "id"), said=replies.UNREAD)
    return [
        {"work": str(row["id"]), "correction": str(row["campaign"]), "subject": ids.subject_text(cast("bytes", row["subject"])), "came_at": str(row["came_at"])}
        for row in rows if one(tx, "correction", id=row["campaign"], party=desk.space) is not None
    ]  # fmt: skip


def hold(tx: Transaction, correction: str) -> None:
    """What counted as told does so again when it is settled after somebody has read what was written."""
    for row in tx.find("correction_to", correction=correction, name=corrections.OLD_NAME, state=corrections.TOLD):
        put(tx, row, {"state": corrections.SENT})


def ours(desk: Desk, tx: Transaction, state: str) -> list[Row]:
    """The company's own of one state."""
    rows = tx.find("correction_to", order=("correction",), name=corrections.OLD_NAME, state=state)
    return [row for row in rows if one(tx, "correction", id=row["correction"], party=desk.space) is not None]


def put(tx: Transaction, row: Row, values: Cells) -> None:
    """Note what became of one."""
    tx.change("correction_to", values, correction=row["correction"], name=corrections.OLD_NAME)
