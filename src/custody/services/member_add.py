"""Make somebody a member of a deal: from now on they see it and work on it, as far as their roles go (D1; spec/access.md §6)."""

from collections.abc import Mapping

from custody.acts import members
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.people import by_handle
from custody.acts.tokens import LETS_IN
from custody.base.canonical import Json
from custody.base.errors import Denied
from custody.model.party import MACHINES


def member_add(desk: Desk, named: str, handle: str, reason: str, until: str) -> Mapping[str, Json]:
    """`until` may be empty. To the same day twice changes nothing; to another day, that day holds.

    Raises Missing `deal.unknown`, `principal.unknown`, Denied `principal.revoked`, `member.machine`, Malformed `member.reason`, `member.until`.
    """
    desk.require((*members.GIVERS, LETS_IN))
    said, last = members.worded(reason), members.last_day(until, desk.today())
    person = by_handle(desk.store, desk.space, handle)
    if person.roles & MACHINES:
        raise Denied(
            "member.machine", "A machine acts for the company and is no member.", next="custody principal list"
        )
    with desk.store.write() as tx:
        matter = deal(desk, tx, named)
        name = str(matter["id"])
        known = members.live(tx, name, person.id, desk.today())
        told: dict[str, Json] = {"deal": str(matter["ref"]), "handle": handle, "until": last}
        if known is not None and known["until"] == last:
            return {**told, "resumed": True}
        position = members.join(desk, tx, name, person.id, said, last)
    return {**told, "resumed": False, "ledger": f"{desk.space}@{position}"}
