"""Say whom an incident was told to under one duty, and when; or that nobody is told, and why (E2; spec/incidents.md §3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from custody.acts import incidents
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.incidents import DECIDERS, DISCOVERED, NOBODY, SAID, TOLD
from custody.acts.matters import detail_of, facts_of
from custody.acts.mirroring import mirrored
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed, Missing
from custody.ports.laws import Laws


class Telling(NamedTuple):
    """`at` is an instant, '' for now; `reason` is asked for where nobody is told."""

    rule: str
    duty: str
    to: str
    at: str
    reason: str


def incident_tell(desk: Desk, laws: Laws, ref: str, said: Telling) -> Mapping[str, Json]:
    """Raises Missing `incident.duty`, Malformed `incident.to`, `incident.when`, `incident.reason`."""
    desk.person()
    desk.require(DECIDERS)
    reason = said.reason.strip()
    if said.to not in TOLD:
        raise Malformed("incident.to", f"Somebody is told: {', '.join(TOLD)}.")
    if (said.to == NOBODY or reason) and len(reason) not in SAID:
        raise Malformed(
            "incident.reason", f"A reason has {SAID.start} to {SAID.stop - 1} characters.", next="--reason WORDS"
        )
    with desk.store.write() as tx:
        now = desk.clock.now()
        row = incidents.live(tx, desk.space, ref)
        detail, known = dict(detail_of(row)), facts_of(tx, str(row["id"]))
        lines = incidents.duties(laws, detail, known, desk.card.place, stamp(now))
        if not any((line["rule"], line["duty"]) == (said.rule, said.duty) for line in lines):
            raise Missing("incident.duty", "This incident has no such duty.", next=f"custody incident list {ref}")
        on = _moment(said.at, parse(str(known[DISCOVERED])), now)
        mark: dict[str, Json] = {"rule": said.rule, "duty": said.duty, "to": said.to, "on": on}
        detail["done"] = [*cast("Sequence[Json]", detail["done"]), mark]
        tx.change("matter", {"detail": canonical.encode(detail)}, id=str(row["id"]))
        says = {"matter": str(row["id"]), **mark, "principal": desk.principal.id}
        position = append(tx, desk.space, stamp(now), "incident-told", says, detail={"reason": reason})
        told = incidents.told(tx, laws, incidents.incident(tx, desk.space, ref), desk.card.place, stamp(now))
    return {**told, "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}


def _moment(text: str, first: datetime, now: datetime) -> str:
    """Raises Malformed `incident.when`, `clock.instant`."""
    at = parse(text) if text else now
    if not first <= at <= now:
        raise Malformed(
            "incident.when",
            "Nobody is told before the incident is discovered, nor after now.",
            next="--at 2026-03-16T10:00:00+08:00",
        )
    return stamp(at)
