"""Settle a campaign: what was in doubt by the relay's log, and as delivered what came back from nowhere in time (B1)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from custody.acts import relay_log, replies
from custody.acts.campaigning import (
    BOUNCED,
    DELIVERED,
    PLANNED,
    POSTED,
    REFUSED,
    SENDING,
    SENT,
    address,
    campaign,
    counts,
    is_apart,
    texts,
)
from custody.acts.contacts import SMS
from custody.acts.delays import GIVES_UP, is_held, is_noted, waits
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.log_times import times
from custody.acts.matters import EVERYTHING, record_evidence
from custody.acts.sole import holding
from custody.acts.statements import issue
from custody.acts.untrue import is_untrue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed
from custody.base.statement import subject as named
from custody.package.statements import Notice
from custody.ports.store import Row, Transaction, one

WAIT_HOURS: Final = GIVES_UP // timedelta(hours=1)
"""How long a message that the relay took may still come back before it counts as delivered: relays give up after four to five days (RFC 5321 §4.5.4.1)."""
LETTER_DAYS: Final = 15
"""The same for a letter, from the day on which it was posted."""
LEAST_HOURS: Final = WAIT_HOURS
LEAST_TEXT_HOURS: Final = 24
LEAST_DAYS: Final = 3
"""Nobody shortens the wait to less: that it was delivered is evidence for the gate, and of mail relays say that it was not on the fifth day."""
_GONE: Final = (SENT, DELIVERED, BOUNCED)


def campaign_settle(
    desk: Desk, ref: str, log: str | None, wait_hours: int, letter_days: int = LETTER_DAYS
) -> Mapping[str, Json]:
    """`log` is text in which the relay names the Message-IDs it took, or the gateway our names for its messages. Without it what is in doubt stays so.

    Raises Malformed `campaign.wait`, `campaign.log` for a log in which nothing is named that is known to have gone, or that is of another time than what is in doubt.
    """
    desk.require(("owner", "privacy", "data"))
    with holding(desk, f"campaign {ref}"), desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        _require_waits(row, wait_hours, letter_days)
        found, again = _doubts(desk, tx, row, log)
        now_ = desk.clock.now()
        written = replies.holding(tx, row)
        fresh = _delivered(tx, row, SENT, now_, timedelta(hours=wait_hours), written)
        fresh += _delivered(tx, row, POSTED, now_, timedelta(days=letter_days), written)
        now = stamp(now_)
        says: dict[str, Json] = {"campaign": str(row["id"]), "found": found, "again": again, "delivered": len(fresh)}
        position = append(tx, desk.space, now, "campaign-settled", says, detail={"matter": str(row["matter"])})
        unread = len(replies.waiting(tx, row))
        made, unclear = counts(tx, row), sum(map(is_held, tx.find("sending", campaign=str(row["id"]), state=SENT)))
        untrue = not is_apart(row) and is_untrue(tx, row)
        if (
            fresh and not is_apart(row) and not untrue
        ):  # neither a question nor the news of an incident is a notice of the deal
            record_evidence(
                tx, str(row["matter"]), [(who, EVERYTHING, "notice.delivered") for who in fresh], now, position
            )
            _say(desk, tx, row, made)
    return {"campaign": ref, "found": found, "again": again, "delivered": len(fresh), "counts": made,
            "in_doubt": made[SENDING], "unclear": unclear, "replies": unread, **({"untrue": untrue} if untrue else {}), "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _require_waits(row: Row, hours: int, days: int) -> None:
    least = LEAST_TEXT_HOURS if row["channel"] == SMS else LEAST_HOURS
    if hours < least or days < LEAST_DAYS:
        raise Malformed(
            "campaign.wait", f"What was sent counts as delivered after {least} hours at the soonest, a letter after {LEAST_DAYS} days.",
            next=f"Leave it at {WAIT_HOURS} hours and {LETTER_DAYS} days, or wait longer.",
        )  # fmt: skip


def _doubts(desk: Desk, tx: Transaction, row: Row, log: str | None) -> tuple[int, int]:
    """(taken by the relay, to be sent again): the log decides, and without one nothing is decided.

    A gateway that keeps no name of ours shows the words it took, with the link that is one person's alone.
    """
    if log is None:
        return 0, 0
    seen, found, again = relay_log.taken(log), 0, 0
    doubts = tx.find("sending", campaign=str(row["id"]), state=SENDING)
    if doubts:
        _require_its_log(desk, tx, row, log, doubts)
    for sending in doubts:
        took = str(sending["message_id"]) in seen or (row["channel"] == SMS and address(desk, tx, row, sending) in log)
        found, again = found + took, again + (not took)
        values = {
            "state": SENT if took else PLANNED,
            "at": stamp(desk.clock.now()),
            "reply": _noted(sending) if took else "",
        }
        tx.change("sending", values, campaign=str(row["id"]), subject=sending["subject"])
    return found, again


def _noted(sending: Row) -> str:
    """What came back of it meanwhile stays with it."""
    return str(sending["reply"]) if is_noted(sending) else "log"


def _require_its_log(desk: Desk, tx: Transaction, row: Row, log: str, doubts: Sequence[Row]) -> None:
    """Of another day, another relay, or rotated since, a log is silent about everything, and silence would send again.

    It is the one that names a message of ours; where none is known to have gone, one whose lines surely reach over the time of each in doubt.
    """
    short, named_ = row["channel"] == SMS, relay_log.mentioned(log)

    def met(each: Row) -> bool:
        return str(each["message_id"]) in named_ or (short and address(desk, tx, row, each) in log)

    gone = [one_row for state in _GONE for one_row in tx.find("sending", campaign=str(row["id"]), state=state)]
    silent = [each for each in doubts if not met(each)]
    known, begun = len(silent) < len(doubts) or any(map(met, gone)), [parse(str(each["at"])) for each in silent]
    told = times(log, desk.clock.now())
    if any(told.miss(at) for at in begun) or (not known and (gone or not all(told.reach_over(at) for at in begun))):
        raise Malformed("campaign.log", "This log names no message of the campaign, or is not of the time at which what is in doubt was sent.",
                        where={"campaign": str(row["ref"])}, next="Give the relay's log of the time of sending, whole; where its times have no zone, from the day before to the day after.")  # fmt: skip


def _delivered(
    tx: Transaction, row: Row, state: str, now: datetime, wait: timedelta, written: Collection[bytes]
) -> list[bytes]:
    """Silence says nothing of whoever wrote something that nobody has read."""
    found, before = [], stamp(now - wait)
    for sending in tx.find("sending", order=("subject",), campaign=str(row["id"]), state=state):
        if str(sending["at"]) <= before and not waits(sending, now) and sending["subject"] not in written:
            tx.change("sending", {"state": DELIVERED}, campaign=str(row["id"]), subject=sending["subject"])
            found.append(cast("bytes", sending["subject"]))
    return found


def _say(desk: Desk, tx: Transaction, row: Row, made: Mapping[str, Json]) -> None:
    matter = one(tx, "matter", id=str(row["matter"]))
    assert matter is not None
    delivered = cast("int", made[DELIVERED])
    bounced = cast("int", made[BOUNCED]) + cast("int", made[REFUSED])
    letters = tx.count("sending", campaign=str(row["id"]), state=DELIVERED, reply="post")
    ways = {str(row["channel"]): delivered + bounced - letters, "letter": letters}
    text = sha256(cast("bytes", row["texts"]))
    n = tx.count("statement", matter=str(row["matter"]), kind="notice") + 1
    says = Notice(deal=str(matter["ref"]), law=tuple(one for one in texts(row).get("rules", "").split(",") if one), languages=("zh", "en"), recipients=delivered + bounced, delivered=delivered,
                  bounced=bounced, channels={way: count for way, count in ways.items() if count}, text=text)  # fmt: skip
    issue(desk, tx, str(row["matter"]), [named("notice", text)], says, n=n)
