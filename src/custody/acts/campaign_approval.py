"""Who stands for a campaign: two people who may, of whom its author is one at most, once for as long as the same messages go (spec/campaigns.md §2).

A mailing of many days is one act: the approval under which it began goes on for exactly these words, people and way.
"""

from typing import Final

from custody.acts.approval import APPROVERS, demand, verified
from custody.acts.campaigning import approved_content, deal_of
from custody.acts.desk import Desk
from custody.acts.people import still_acts
from custody.ports.store import Row, Transaction

ACT: Final = "campaign"


def held(desk: Desk, tx: Transaction, row: Row) -> str:
    """The approval that a campaign goes by now. Raises Refused `act.unapproved`, Broken."""
    bound = approved_content(tx, row)
    # Whoever may approve stands for what they do themselves; for anybody else it is two who do, and the author is one of them.
    author = "" if desk.principal.roles & APPROVERS else str(row["planned_by"])
    return begun(tx, ACT, bound) or demand(desk, tx, ACT, bound, deal=deal_of(row), apart=author)


def approved(desk: Desk, tx: Transaction, row: Row) -> str:
    """The same, which is used from now on. Raises as `held`."""
    found = held(desk, tx, row)
    tx.change("approval", {"used_by": desk.principal.id}, id=found, used_by="")
    return found


def begun(tx: Transaction, act: str, bound: str) -> str:
    """The approval of exactly this by which something went before, of somebody who still acts; it was checked for who they were then."""
    for row in tx.find("approval", order=("id",), act=act, content=bound):
        if row["used_by"] and still_acts(tx, verified(tx, str(row["id"]), act, bound)):
            return str(row["id"])
    return ""
