"""Whether a campaign may still go on: of a deal that is off nobody is told (spec/campaigns.md §1)."""

from typing import cast

from custody.acts.campaigning import is_apart
from custody.acts.matters import require_live
from custody.acts.passing import BUYER, side_of
from custody.acts.untrue import require_true
from custody.ports.store import Row, Transaction, one


def require_going(tx: Transaction, row: Row) -> None:
    """Nobody is told of a transfer that is off; a company introduces itself, asks whether values are right, and tells of an incident, whatever became of the deal.

    Raises Refused `deal.ended`, `campaign.untrue`.
    """
    matter = cast("Row", one(tx, "matter", id=str(row["matter"])))
    if not is_apart(row) and side_of(tx, matter) != BUYER:
        require_live(matter)
        require_true(tx, row)
