"""Why one person's compartments were decided as they were: rules, facts, evidence, and what would change it (C3)."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.matters import deal, facts_of
from custody.acts.overrides import lifted_of, of_person
from custody.acts.reasons import explained
from custody.acts.standing import vectors_of
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.law.gate import Case, Gate, Reason
from custody.law.pack import Packs
from custody.ports.laws import Laws
from custody.ports.store import Row, one


def verdict(desk: Desk, laws: Laws, named_deal: str, named: str) -> Mapping[str, Json]:
    """By the newest gate of the deal. Raises Missing `subject.unknown`, `gate.none`; Malformed `ids.subject`."""
    desk.require(("lawyer", "privacy", "owner", "advisor"))
    packs, on = lawbook.packs(laws), desk.today()
    subject = ids.subject_bytes(named)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        row = one(tx, "subject", vault=str(matter["vault"]), id=subject)
        if row is None:
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        found = vectors_of(tx, str(matter["id"]), row)
        facts = facts_of(tx, str(matter["id"]))
        lifted = of_person(tx, str(matter["id"]), named, on)
    if not found:
        raise Missing("gate.none", "The gate has not decided this person yet.", next="custody gate DEAL")
    told: list[Json] = [
        {**_told(packs, facts, on, compartment, vector), "overridden": lifted_of(vector, lifted)}
        for compartment, vector in sorted(found.items())
    ]
    return {
        "deal": str(matter["ref"]),
        "subject": named,
        "on_date": on.isoformat(),
        "version": packs.version,
        "compartments": told,
    }


def _told(packs: Packs, facts: Mapping[str, Json], on: date, compartment: int, vector: Row) -> dict[str, Json]:
    said = cast("dict[str, Json]", canonical.decode(cast("bytes", vector["facts"])))
    own = cast("dict[str, Json]", said.get("facts", {}))
    regimes = cast("list[str]", said.get("regimes", []))
    held = frozenset(cast("list[str]", said.get("evidence", [])))
    told = tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in own.items()))
    reasons = Gate(packs, facts, on).decide(Case(tuple(regimes), told, held)).reasons if "regimes" in said else ()
    all_facts = {**facts, **own}
    return {
        "compartment": compartment,
        "verdict": str(vector["verdict"]),
        "vector": vector["number"],
        "regimes": list[Json](regimes),
        "evidence": list[Json](sorted(held)),
        "reasons": [_reason(packs, reason, all_facts, on) for reason in reasons],
    }


def _reason(packs: Packs, reason: Reason, facts: Mapping[str, Json], on: date) -> Json:
    text = next((rule for rule in packs.texts(reason.rule) if rule.in_force(on)), None)
    return {
        "rule": reason.rule,
        "verdict": reason.verdict,
        "text": dict(reason.text),
        "missing": list[Json](reason.missing),
        "explained": explained(packs, text, facts) if text else None,
    }
