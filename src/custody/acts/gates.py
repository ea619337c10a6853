"""A stage stays shut while a rule of the deal itself lacks its evidence: one check for every act that the law can hold up (C1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from custody.acts.matters import detail_of
from custody.acts.overrides import held
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.law import subject
from custody.law.gate import Gate
from custody.law.pack import Packs, Rule
from custody.ports.store import Row, Transaction, one

GATED = ("ship", "release", "destroy")
CONTROL = "control"
_ASKED_BY_CONTROL = ("ship", "release", CONTROL)
_OF_LINE: Mapping[str, Sequence[str]] = {
    "hand-over": GATED,
    "hand-over-and-winding-up": GATED,
    "winding-up": ("destroy",),
}
"""Before the other side is known a hand-over has no stages yet, and its gates are told all the same."""


def require_open(
    tx: Transaction, matter: str, stage: str, facts: Mapping[str, Json], packs: Packs, on: date, regimes: Sequence[str]
) -> None:
    """Raises Refused `gate.shut`, which names the rules; `regimes` are the places whose law binds somebody in the deal."""
    shut = Gate(packs, facts, on).blocked(stage, held(tx, matter, on), regimes)
    if shut:
        rules = ", ".join(rule.id for rule in shut)
        raise Refused("gate.shut", f"Not yet: {rules}.", next="Put the evidence these rules ask for on file.")


def shut(
    tx: Transaction, matter: Row, facts: Mapping[str, Json], packs: Packs, on: date, stages: Sequence[str] = GATED,
    newest: Mapping[str, Json] | None = None,
) -> list[dict[str, Json]]:  # fmt: skip
    """What keeps stages shut: each rule, and what it still asks for. `newest` is the newest gate where it was read already."""
    filed = held(tx, str(matter["id"]), on)
    gate, places = Gate(packs, facts, on), places_of(tx, matter, facts, packs, newest)
    return [_told(stage, rule, packs, facts, filed) for stage in stages for rule in gate.blocked(stage, filed, places)]


def control(tx: Transaction, matter: Row, facts: Mapping[str, Json], packs: Packs, on: date) -> list[dict[str, Json]]:
    """What keeps a change of control shut: nobody is handed over, so it is asked all at once, each rule once, by the law of the company's own place."""
    filed, seller = held(tx, str(matter["id"]), on), facts.get("seller.jurisdiction")
    gate, places = Gate(packs, facts, on), subject.regimes({"residence": seller}, str(seller or ""))
    rules = {rule.id: rule for stage in _ASKED_BY_CONTROL for rule in gate.blocked(stage, filed, places)}
    return [_told(CONTROL, rule, packs, facts, filed) for rule in rules.values()]


def of_line(
    tx: Transaction, matter: Row, facts: Mapping[str, Json], packs: Packs, on: date, line: str,
    newest: Mapping[str, Json] | None = None,
) -> list[dict[str, Json]]:  # fmt: skip
    """What keeps shut the stages that a line has, by its name."""
    if line == CONTROL:
        return control(tx, matter, facts, packs, on)
    return shut(tx, matter, facts, packs, on, _OF_LINE.get(line, ()), newest)


def places_of(
    tx: Transaction, matter: Row, facts: Mapping[str, Json], packs: Packs, newest: Mapping[str, Json] | None = None
) -> tuple[str, ...]:
    """Whose law the deal touches: as the newest gate found; before the first, as was told when it was opened, or as the facts say."""
    gate = newest_gate(tx, str(matter["id"])) if newest is None else newest
    told = gate.get("regimes") or detail_of(matter).get("regimes")
    if isinstance(told, list):
        return tuple(sorted(set(map(str, told)) & packs.regimes))
    lived = {str(value) for leaf, value in facts.items() if leaf.endswith("jurisdiction")}
    bound = {law for place in lived for law in subject.regimes({"residence": place}, place)}
    return tuple(sorted(bound & packs.regimes))


def newest_gate(tx: Transaction, matter: str) -> dict[str, Json]:
    """What the newest gate of a deal said, with its number, moment and place in the ledger; empty before the first."""
    rows = tx.find("statement", order=("n",), matter=matter, kind="gate")
    if not rows:
        return {}
    kept = one(tx, "job", key=f"gate:{matter}:{rows[-1]['n']!s}")
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", kept["result"]))) if kept else {}
    return {**told, "gate": rows[-1]["n"], "at": str(rows[-1]["at"]), "ledger": rows[-1]["position"]}


def _told(stage: str, rule: Rule, packs: Packs, facts: Mapping[str, Json], filed: frozenset[str]) -> dict[str, Json]:
    answer = packs.ask(rule, facts)
    return {
        "stage": stage, "rule": rule.id, "title": dict(rule.title), "says": dict(rule.says), "reference": dict(rule.reference),
        "unknown": answer.value is None, "asks": list[Json](sorted(answer.missing)),
        "evidence": [one for one in rule.evidence if one not in filed],
    }  # fmt: skip
