"""Whether a rehearsal of a restore is overdue, or the last one failed: a task of `due` (A5, E8; spec/retention.md §6)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.drilling import standing
from custody.base.canonical import Json


def drills_due(desk: Desk) -> Mapping[str, Json]:
    """`ok` is False from a quarter after the last that went well, or after the first backup. A rehearsal is told and raises no alarm."""
    desk.require(("owner", "operator", "auditor"))
    with desk.store.read() as tx:
        found = standing(tx, desk.space, desk.clock.now())
    if not (found["drill_overdue"] or found["drill_failed"]):
        return {**found, "ok": True}
    return {**found, "ok": desk.rehearsal, "next": "custody drill PLACE"}
