"""End that somebody is a member of a deal: from this moment they see nothing of it (D1; spec/access.md §6)."""

from collections.abc import Mapping

from custody.acts import members
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.acts.tokens import LETS_IN
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import one


def member_end(desk: Desk, named: str, handle: str, reason: str) -> Mapping[str, Json]:
    """Raises Missing `deal.unknown`, `member.unknown` (also of somebody who is none any more), Malformed `member.reason`."""
    desk.require((*members.GIVERS, LETS_IN))
    said = members.worded(reason)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        matter = deal(desk, tx, named)
        name, row = str(matter["id"]), one(tx, "principal", party=desk.space, handle=handle)
        if row is None or members.live(tx, name, str(row["id"]), desk.today()) is None:
            raise Missing(
                "member.unknown", "Nobody of that name is a member of this deal.", next="custody member list DEAL"
            )
        person = str(row["id"])
        members.end(desk, tx, name, person, now, said)
        says: dict[str, Json] = {"matter": name, "member": person, "principal": desk.principal.id}
        position = append(tx, desk.space, now, "deal-member-ended", says, detail={"reason": said})
    return {"deal": str(matter["ref"]), "handle": handle, "ended_at": now, "ledger": f"{desk.space}@{position}"}
