"""Which deals and people know of each other, for a face that keeps something beside a deal (D1; spec/access.md §6)."""

from collections.abc import Collection

from custody.acts import members
from custody.acts.campaigning import is_apart, told_to
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.base.errors import Missing
from custody.ports.store import OneOf, Transaction, one


def deal_known(desk: Desk, refs: Collection[str]) -> frozenset[str]:
    """Of these words those that are no reference of a deal which is closed to the acting person."""
    with desk.store.read() as tx:
        rows = tx.first("matter", None, (OneOf("ref", sorted(refs)),), order=("ref",), party=desk.space, kind="deal")
        mine = members.seen(desk, tx)
        closed = {str(row["ref"]) for row in rows if mine is not None and row["id"] not in mine}
        told = tx.first("campaign", None, (OneOf("ref", sorted(refs)),), order=("ref",), party=desk.space)
        return frozenset(refs) - closed - {str(row["ref"]) for row in told if not told_to(desk, tx, row)}


def deal_people(desk: Desk, named: str) -> frozenset[str]:
    """The principals who see this deal, or that of a campaign, and still act here; everybody who acts here where this is the name of neither."""
    with desk.store.read() as tx:
        matter = _matter(desk, tx, named)
        if matter:
            return members.see(tx, desk.space, matter, desk.today())
        rows = tx.find("principal", order=("id",), party=desk.space, revoked_at="")
        return frozenset(str(row["id"]) for row in rows)


def _matter(desk: Desk, tx: Transaction, named: str) -> str:
    row = one(tx, "campaign", party=desk.space, ref=named)
    if row is not None:
        return "" if is_apart(row) else str(row["matter"])
    try:
        return str(deal(desk, tx, named)["id"])
    except Missing:
        return ""
