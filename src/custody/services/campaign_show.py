"""Where a campaign stands: figures that add up, and the work list of those who were not reached (B1)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.approval import APPROVERS
from custody.acts.campaigning import WORK, approved_content, campaign, counts, others, texts, told_to, way_of
from custody.acts.desk import Desk
from custody.acts.same_words import same_words
from custody.base import ids
from custody.base.canonical import Json

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
        listed = [
            one for state in WORK for one in tx.find("sending", order=("place",), campaign=str(row["id"]), state=state)
        ]
        work: list[Json] = [
            {
                "subject": ids.subject_text(cast("bytes", one["subject"])),
                "state": str(one["state"]),
                "reply": str(one["reply"]),
            }
            for one in listed[:most]
        ]
        way = way_of(row)
        return {"campaign": ref, "channel": str(row["channel"]), "sender": texts(row)["sender"], "way": {**way._asdict()} if way else None, "counts": found, "people": sum(cast("int", one) for one in found.values()), "work": work,
                "work_total": len(listed), "same_words": [{"campaign": other, "people": count} for other, count in same_words(desk, tx, row).items()], "other_rules": others(row), "approve": ["campaign", approved_content(tx, row)]}  # fmt: skip
