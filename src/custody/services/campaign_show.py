"""Where a campaign stands: figures that add up, and the work list of those who were not reached (B1)."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from custody.acts import replies
from custody.acts.approval import APPROVERS
from custody.acts.campaigning import (
    NO_ADDRESS,
    SENT,
    UNREAD,
    WORK,
    campaign,
    counts,
    deal_of,
    others,
    shown_content,
    texts,
    told_to,
    way_of,
)
from custody.acts.delays import HELDS, is_held
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.returned import UNCLEAR
from custody.acts.same_words import same_words
from custody.base import ids
from custody.base.canonical import Json
from custody.ports.store import Cells, Row, Transaction

READERS: Final = APPROVERS | {"data", "auditor"}
"""Whoever may confirm a campaign sees what they confirm."""


def campaign_show(desk: Desk, ref: str | None, most: int) -> Mapping[str, Json]:
    """One campaign, or the list of all."""
    desk.require(READERS)
    with desk.store.read() as tx:
        if ref is None:
            every = tx.find("campaign", order=("ref",), party=desk.space)
            rows = [row for row in every if told_to(desk, tx, row)]
            return {
                "campaigns": [
                    {"campaign": str(row["ref"]), "made_at": str(row["made_at"]), "counts": counts(tx, row)}
                    for row in rows
                ]
            }
        row = campaign(desk, tx, ref)
        found = counts(tx, row)
        work: list[Json] = [
            {
                "subject": ids.subject_text(cast("bytes", one["subject"])),
                "state": UNCLEAR if is_held(one) else str(one["state"]),
                "reply": str(one["reply"]),
            }
            for one in _work(tx, row, most)
        ]
        written = replies.waiting(tx, row)
        back: list[Json] = [{"work": str(one["id"]), "subject": ids.subject_text(cast("bytes", one["subject"])), "came_at": str(one["came_at"])}
                            for one in written[:most]]  # fmt: skip
        held = sum(tx.count("sending", campaign=str(row["id"]), state=SENT, reply=reply) for reply in HELDS)
        way, unread = way_of(row), tx.count("sending", campaign=str(row["id"]), state=NO_ADDRESS, reply=UNREAD)
        return {"campaign": ref, "deal": _deal(desk, tx, row), "channel": str(row["channel"]), "sender": texts(row)["sender"], "way": {**way._asdict()} if way else None, "counts": found, "people": sum(cast("int", one) for one in found.values()), "work": work,
                "work_total": held + sum(cast("int", found[state]) for state in WORK), "replies": back, "replies_total": len(written), "same_words": [{"campaign": other, "people": count} for other, count in same_words(desk, tx, row).items()], "other_rules": others(row), **({"unread": unread} if unread else {}), "approve": ["campaign", shown_content(tx, row)]}  # fmt: skip


def _deal(desk: Desk, tx: Transaction, row: Row) -> str:
    """What the deal is called that it tells of, '' for what is the company's."""
    named = deal_of(row)
    return str(deal(desk, tx, named)["ref"]) if named else ""


def _work(tx: Transaction, row: Row, most: int) -> Iterator[Row]:
    """The first of them, state by state: no more are read than are shown."""
    left = most
    kinds: list[Cells] = [{"state": SENT, "reply": reply} for reply in HELDS]
    kinds += [{"state": state} for state in WORK]
    for kind in kinds if most else ():
        some = tx.first("sending", left, order=("place",), campaign=str(row["id"]), **kind)
        yield from some
        left -= len(some)
        if left <= 0:
            return
