"""What was printed was given to the post: on which day, by which receipt (B1, spec/campaigns.md §6)."""

from collections.abc import Mapping
from datetime import date

from custody.acts.campaigning import POSTED, PRINTED, campaign, counts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import day, parse, stamp
from custody.base.errors import Malformed, Missing


def campaign_post(desk: Desk, ref: str, on: str, proof: bytes) -> Mapping[str, Json]:
    """Raises Malformed `campaign.day` for a day that is none, not yet, or before the campaign; Missing `campaign.nothing-printed`."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        posted = desk.first_moment(_day(on, desk.day(parse(str(row["made_at"]))), desk.today()))
        people = [
            each["subject"] for each in tx.find("sending", order=("place",), campaign=str(row["id"]), state=PRINTED)
        ]
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
    return {"campaign": ref, "posted": len(people), "posted_on": on, "proof": sha256(proof), "counts": made,
            "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}  # fmt: skip


def _day(text: str, first: date, today: date) -> date:
    """The company's own day: of its post office, and of whoever stood there."""
    posted = day(text)
    if posted is None or not first <= posted <= today:
        raise Malformed("campaign.day", "Not a day between the campaign's first and today.", next="YYYY-MM-DD")
    return posted
