"""Whose turn a deal is, and whether the law lets it go on: asked of every open deal, so nothing else of it is read (C1)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import gates, line
from custody.acts.desk import Desk
from custody.acts.matters import facts_of
from custody.base.canonical import Json
from custody.law.pack import Packs
from custody.ports.store import Row, Transaction

TAKERS: Final = ("privacy", "data")
"""Whose work it is to take in what customers say."""
_CARRIES: Final = frozenset(("ship", "release"))


def mine(tx: Transaction, desk: Desk, matter: Row) -> bool:
    """Whether what comes next is work of a role of the acting person: before anybody is cleared, customers' answers are too."""
    step = _next(tx, desk, matter, facts_of(tx, str(matter["id"])))
    if step is None:
        return False
    roles = {
        *cast("list[str]", step["roles"]),
        *(TAKERS if waits(step, gates.newest_gate(tx, str(matter["id"]))) else ()),
    }
    return bool(desk.principal.roles & roles)


def waits(step: Mapping[str, Json], newest: Mapping[str, Json]) -> bool:
    """Whether the next step would carry nobody: what customers say comes first."""
    counts = cast("Mapping[str, Json]", newest.get("by_verdict") or {})
    return bool(newest) and step["act"] in _CARRIES and not counts.get("hand_over")


def stuck(tx: Transaction, desk: Desk, matter: Row, packs: Packs) -> bool:
    """Whether a rule keeps shut what comes next."""
    facts = facts_of(tx, str(matter["id"]))
    step = _next(tx, desk, matter, facts)
    if step and step["act"] == "handover-control":
        return bool(gates.control(tx, matter, facts, packs, desk.today()))
    stages = [stage for stage in gates.GATED if step and stage == step["act"]]
    return bool(gates.shut(tx, matter, facts, packs, desk.today(), stages))


def _next(tx: Transaction, desk: Desk, matter: Row, facts: Mapping[str, Json]) -> Mapping[str, Json] | None:
    steps = line.line_of(tx, matter, facts).steps
    return cast("Mapping[str, Json] | None", line.onward(line.stages(tx, desk, matter, steps), steps))
