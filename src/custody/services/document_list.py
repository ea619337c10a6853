"""The papers that a deal needs: by which rule, until when, what each still lacks, whether one is on file (C1, spec/law.md §10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.matters import deal, filed
from custody.acts.papers import known, needed, papers
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.law.deadlines import Deadline, deadlines, first
from custody.law.needs import Facts, Need
from custody.law.pack import Packs
from custody.law.paper import Composer, Known
from custody.law.papers import DEAL, Kind, Papers
from custody.ports.laws import Laws


def document_list(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """By the newest gate; before the first, by the facts of the deal alone."""
    packs, told = lawbook.packs(laws), papers(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        found = needed(tx, matter, packs, told, desk.today())
        facts = known(desk, tx, matter)
        held = filed(tx, str(matter["id"]))
    by = {one.rule.id: one for one in found}
    rows: list[Json] = []
    for kind in _kinds(told, packs, by):
        needs = [by[name] for name in kind.rules if name in by]
        rows.append(_paper(kind, needs, told, packs, facts, held))
    return {"deal": str(matter["ref"]), "version": packs.version, "documents": rows}


def _kinds(told: Papers, packs: Packs, by: Mapping[str, Need]) -> Sequence[Kind]:
    """Kinds of which a rule binds, then the papers of rules that no kind serves."""
    kinds = [
        kind
        for kind in told.kinds.values()
        if kind.about == DEAL and any(by[name].rule.contents for name in kind.rules if name in by)
    ]
    served = {name for kind in told.kinds.values() for name in kind.rules}
    alone = [told.kind(name, packs) for name in by if name not in served]
    return [*kinds, *(kind for kind in alone if kind)]


def _paper(
    kind: Kind, needs: Sequence[Need], told: Papers, packs: Packs, facts: Known, held: frozenset[str]
) -> dict[str, Json]:
    rules = [one.rule for one in needs]
    lacks = Composer(told, packs, facts, {}, "en").compose(kind, rules).lacks
    asked: list[Json] = [{"item": name, **told.item(name).words} for name in lacks]
    return {
        "kind": kind.name,
        "title": dict(kind.title),
        "to": kind.to,
        "filed": f"document.{kind.name.lower()}" in held,
        "needed": any(one.binds for one in needs),
        "rules": [_rule(one, packs, facts.facts, held) for one in needs],
        "to_give": asked,
    }


def _rule(one: Need, packs: Packs, facts: Facts, held: frozenset[str]) -> Json:
    rule = one.rule
    return {
        "rule": rule.id,
        "binds": one.binds,
        "missing": list[Json](sorted(one.missing)),
        "reference": dict(rule.reference),
        "before": rule.before,
        "due_at": _due(one, packs, facts),
        "evidence": list[Json](rule.evidence),
        "open": [name for name in rule.evidence if name not in held],
    }


def _due(one: Need, packs: Packs, facts: Facts) -> str | None:
    """The first day by which it is due, where the facts hold the moment it counts from."""
    try:
        chosen: Deadline | None = first(deadlines(packs, one.rule, facts))
    except CustodyError:  # a calendar that is not known leaves the date open
        return None
    if chosen is None:
        return None
    return chosen.due.at.isoformat() if isinstance(chosen.due.at, datetime) else chosen.due.at
