"""End a grant, a department or a training before its day: to be stricter needs nobody's approval (A3)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.entitlements import GIVERS, asked, told
from custody.acts.evidence import append
from custody.base.canonical import Json
from custody.base.clock import stamp


def grant_end(desk: Desk, named: str) -> Mapping[str, Json]:
    """One's own, or anybody's. Ending it twice changes nothing. Raises Missing `entitlement.unknown`, Denied `act.role`."""
    with desk.store.write() as tx:
        now = desk.clock.now()
        row = asked(tx, desk.space, named)
        if row["principal"] != desk.principal.id:
            desk.require(GIVERS | {"lawyer"})
        if row["ended_at"]:
            return {**told(tx, row, desk.today()), "resumed": True}
        tx.change("entitlement", {"ended_at": stamp(now)}, id=named)
        says: dict[str, Json] = {"id": named, "principal": desk.principal.id}
        position = append(tx, desk.space, stamp(now), "entitlement-ended", says)
        return {
            **told(tx, asked(tx, desk.space, named), desk.today()),
            "resumed": False,
            "ledger": f"{desk.space}@{position}",
        }
