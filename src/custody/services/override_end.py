"""End an override before its day: from the next gate on the rule holds again (spec/law.md §7)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import one

ENDERS: Final = ("lawyer", "privacy", "owner")


def override_end(desk: Desk, named: str, made: str) -> Mapping[str, Json]:
    """To be stricter needs nobody's approval. Ending it twice changes nothing. Raises Missing `override.unknown`."""
    desk.require(ENDERS)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        matter = deal(desk, tx, named)
        row = one(tx, "override", id=made, matter=str(matter["id"]))
        if row is None:
            raise Missing(
                "override.unknown", "There is no such override in this deal.", next="custody override list DEAL"
            )
        base: dict[str, Json] = {"deal": str(matter["ref"]), "id": made, "rule": str(row["rule"])}
        if row["ended_at"]:
            return {**base, "ended_at": str(row["ended_at"]), "resumed": True}
        says: dict[str, Json] = {"override": made, "rule": str(row["rule"]), "principal": desk.principal.id}
        append(tx, desk.space, now, "override-ended", says, detail={"matter": str(matter["id"])})
        tx.change("override", {"ended_at": now}, id=made)
    return {**base, "ended_at": now, "resumed": False}
