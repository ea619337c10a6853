"""Close an incident, with what was done about it; only when everybody whom a law names was told (E2; spec/incidents.md §4)."""

from collections.abc import Mapping

from custody.acts import incidents
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.incidents import CLOSED, DECIDERS, SAID
from custody.acts.matters import detail_of, facts_of
from custody.acts.mirroring import mirrored
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.ports.laws import Laws


def incident_close(desk: Desk, laws: Laws, ref: str, done: str) -> Mapping[str, Json]:
    """`done` names no customer. Raises Malformed `incident.reason`, Refused `incident.untold`, `incident.closed`."""
    desk.person()
    desk.require(DECIDERS)
    if len(done.strip()) not in SAID:
        raise Malformed(
            "incident.reason", f"A reason has {SAID.start} to {SAID.stop - 1} characters.", next="--done WORDS"
        )
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = incidents.live(tx, desk.space, ref)
        detail = detail_of(row)
        waits = [
            line
            for line in incidents.duties(laws, detail, facts_of(tx, str(row["id"])), desk.card.place, now)
            if not line["told_on"]
        ]
        if waits:
            rules = ", ".join(dict.fromkeys(str(line["rule"]) for line in waits))
            raise Refused(
                "incident.untold",
                f"Nobody said whom this was told to: {rules}.",
                where={"rule": str(waits[0]["rule"])},
                next=f"custody incident tell {ref} RULE --to WHOM",
            )
        tx.change(
            "matter", {"state": CLOSED, "detail": canonical.encode({**detail, "closed_at": now})}, id=str(row["id"])
        )
        says: dict[str, Json] = {"matter": str(row["id"]), "principal": desk.principal.id}
        position = append(tx, desk.space, now, "incident-closed", says, detail={"done": done.strip()})
        told = incidents.told(tx, laws, incidents.incident(tx, desk.space, ref), desk.card.place, now)
    return {**told, "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}
