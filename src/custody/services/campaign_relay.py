"""Say by which relay or gateway a campaign goes, before it is approved: it goes by no other (B1, spec/campaigns.md §2)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.campaigning import approved_content, campaign, keep_way, require_channel, way_of
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.going import require_going
from custody.acts.sole import holding
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.model.way import Way

SAYERS: Final = ("owner", "privacy", "lawyer", "data")


def campaign_relay(desk: Desk, ref: str, way: Way) -> Mapping[str, Json]:
    """Another way is another content: what was approved before serves no more. The same once more changes nothing.

    Raises Malformed `campaign.channel` for a way of another channel, Refused `deal.ended`, Unavailable `vault.busy` while it is being sent.
    """
    desk.require(SAYERS)
    with holding(desk, f"campaign {ref}"), desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        require_going(tx, row)
        require_channel(row, way)
        position = ""
        if way_of(row) != way:
            row = keep_way(tx, row, way)
            says: dict[str, Json] = {
                "campaign": str(row["id"]),
                "way": {**way.open},
                "content": approved_content(tx, row),
            }
            detail = {"matter": str(row["matter"])}
            position = (
                f"{desk.space}@{append(tx, desk.space, stamp(desk.clock.now()), 'campaign-relay', says, detail=detail)}"
            )
        content = approved_content(tx, row)
    return {
        "campaign": ref,
        "way": {**way._asdict()},
        "changed": bool(position),
        "approve": ["campaign", content],
        "ledger": position,
    }
