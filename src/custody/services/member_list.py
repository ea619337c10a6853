"""Who is and was a member of a deal, and why (D1; spec/access.md §6)."""

from collections.abc import Mapping

from custody.acts import members
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.base.canonical import Json


def member_list(desk: Desk, named: str, most: int | None = None, start: int = 0) -> Mapping[str, Json]:
    """Those who are first, in the order they came: the first `most` after `start`, and how many rows there are; owners and auditors see every deal and need not be among them."""
    today = desk.today()
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        rows = tx.find("deal_member", order=("at", "principal", "n"), matter=str(matter["id"]))
        rows.sort(key=lambda row: members.state(row, today) != "live")
        page = rows[start : None if most is None else start + most]
        told: list[Json] = [members.told(tx, row, today) for row in page]
    return {"deal": str(matter["ref"]), "members": told, "total": len(rows)}
