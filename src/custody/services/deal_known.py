"""Which deals and people know of each other, for a face that keeps something beside a deal (D1; spec/access.md §6)."""

from collections.abc import Collection

from custody.acts import members
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.base.errors import Missing
from custody.ports.store import OneOf


def deal_known(desk: Desk, refs: Collection[str]) -> frozenset[str]:
    """Of these words those that are no reference of a deal which is closed to the acting person."""
    with desk.store.read() as tx:
        rows = tx.first("matter", None, (OneOf("ref", sorted(refs)),), order=("ref",), party=desk.space, kind="deal")
        mine = members.seen(desk, tx)
        closed = {str(row["ref"]) for row in rows if mine is not None and row["id"] not in mine}
        return frozenset(refs) - closed


def deal_people(desk: Desk, named: str) -> frozenset[str]:
    """The principals who see this deal and still act here; everybody who acts here where this is no deal's name."""
    with desk.store.read() as tx:
        try:
            return members.see(tx, desk.space, str(deal(desk, tx, named)["id"]), desk.today())
        except Missing:
            rows = tx.find("principal", order=("id",), party=desk.space, revoked_at="")
            return frozenset(str(row["id"]) for row in rows)
