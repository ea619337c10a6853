"""Everybody's verdict at one moment: group people into distinct cases, decide those, join back (docs/architecture.md §1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

import numpy as np

from custody.acts import on_file
from custody.acts.alike import JOINT, Alike, Numbers, person
from custody.acts.census import census
from custody.acts.filed import Filed
from custody.acts.gated import Gated
from custody.acts.groups import Groups
from custody.acts.matters import EVERYBODY, EVERYTHING, facts_of
from custody.acts.roots import too_many
from custody.acts.sorting import Alone, Living, People, Sorting
from custody.acts.verdicts import Verdicts
from custody.base import canonical
from custody.base.canonical import Json
from custody.law import subject as subjects
from custody.law.gate import VERDICTS, Case, Decision, Gate, Reason
from custody.law.kept import Kept
from custody.law.pack import Packs
from custody.law.subject import INACTIVE
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.ports.store import Row, Transaction

_OUT: Final = Decision(
    "withhold",
    (
        Reason(
            "OUT-OF-SCOPE",
            "withhold",
            {"zh": "不是客户，不在本交易范围内。", "en": "Not a customer: outside this deal."},
        ),
    ),
    (),
)
_REFERENCE: Final = Decision("hand_over", (), ())


@dataclass(slots=True)
class Deciding:
    """One run of the gate over a vault."""

    packs: Packs
    facts: Mapping[str, Json]
    on: date
    compartments: Mapping[int, tuple[str, tuple[str, ...]]]
    evidence: Filed
    decisions: list[Decision] = field(default_factory=list)
    cases: list[Json] = field(default_factory=list)
    kept: Kept | None = None
    _gate: Gate = field(init=False)
    _known: dict[Case, int] = field(default_factory=dict)
    _fixed: dict[str, int] = field(default_factory=dict)
    _pairs: dict[tuple[Alike, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._gate = Gate(self.packs, self.facts, self.on, self.kept)

    def run(self, people: People) -> Verdicts:
        """Decide everybody, person by person."""
        groups, ids, group = census(Sorting(self.evidence, self.on), people)
        made = self.settle(groups)
        return Verdicts(groups, made.decisions, made.cases, made.numbers, ids, group)

    def settle(self, groups: Groups) -> Gated:
        """Decide every group in each of its compartments."""
        found = {
            (place, where): self.pair(one.alike, where) for place, one in groups.living() for where in one.compartments
        }
        renamed = self.in_order()
        too_many(self.decisions)
        return Gated(groups, self.decisions, self.cases, {key: int(renamed[number]) for key, number in found.items()})

    def in_order(self) -> Numbers:
        """Number the vectors by what they say, so that the same people give the same root in any order."""
        said = [
            canonical.encode([one.verdict, list(one.rules), told])
            for one, told in zip(self.decisions, self.cases, strict=True)
        ]
        order = sorted(range(len(said)), key=said.__getitem__)
        self.decisions, self.cases = [self.decisions[one] for one in order], [self.cases[one] for one in order]
        renamed = np.zeros(len(order), dtype=np.int64)
        renamed[order] = np.arange(len(order))
        return renamed

    def pair(self, alike: Alike, compartment: int) -> int:
        key = (alike, compartment)
        if key not in self._pairs:
            self._pairs[key] = self._decide(alike, compartment)
        return self._pairs[key]

    def _decide(self, alike: Alike, compartment: int) -> int:
        if alike.kind == JOINT:
            numbers = [self.pair(one, compartment) for one in alike.members]
            return max(numbers, key=lambda number: VERDICTS.index(self.decisions[number].verdict))
        if alike.kind != "customer":
            return self._fixed_number(alike.kind)
        case = self._case(alike, compartment)
        if case not in self._known:
            made = self.kept.decide(self._gate, case) if self.kept else self._gate.decide(case)
            self._known[case] = self._add(made, _told(case, made))
        return self._known[case]

    def _case(self, alike: Alike, compartment: int) -> Case:
        facts = dict(alike.facts)
        tier, purposes = self.compartments[compartment]
        everybody = self.evidence.get(EVERYBODY)
        held = {what for where, what in (*everybody, *alike.held) if where in {EVERYTHING, compartment}}
        if facts.get("objected"):
            held.add("objection")
        places = self._places(facts)
        own = subjects.facts(facts, tier, purposes, self.on, self.facts.get("data.categories"))
        own = {leaf: value for leaf, value in own.items() if leaf != INACTIVE or self._gate.reads(leaf, places)}
        if self._assumed("assumed.adults"):
            own = {**{f"data.minors_u{years}": False for years in (13, 14, 16, 18)}, **own}
        told = tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in own.items()))
        return Case(places, cast("tuple[tuple[str, Json], ...]", told), frozenset(held))

    def _places(self, facts: Mapping[str, Json]) -> tuple[str, ...]:
        """Whose law binds somebody with these facts."""
        seller = self.facts.get("seller.jurisdiction")
        assumed = self._assumed("assumed.residence.")
        lived = facts if "residence" in facts or not assumed else {**facts, "residence": assumed[0]}
        places = subjects.regimes(lived, seller if isinstance(seller, str) else "")
        return tuple(place for place in places if place not in self._assumed("assumed.clear."))

    def _assumed(self, lead: str) -> list[str]:
        """What a rehearsal assumes; nothing in a real deal, where such evidence cannot be recorded."""
        held = {what for where, what in self.evidence.get(EVERYBODY) if where == EVERYTHING}
        return sorted(one.removeprefix(lead) for one in held if one.startswith(lead))

    def _fixed_number(self, kind: str) -> int:
        if kind not in self._fixed:
            decision = _REFERENCE if kind == "reference" else _OUT
            self._fixed[kind] = self._add(decision, {"kind": kind})
        return self._fixed[kind]

    def _add(self, decision: Decision, told: Json) -> int:
        self.decisions.append(decision)
        self.cases.append(told)
        return len(self.decisions) - 1


def decide(tx: Transaction, matter: Row, packs: Packs, on: date, over: Mapping[str, Json] | None = None) -> Verdicts:
    """Verdicts for the deal `matter` as of everything on file now; `over` are facts of a later stage, laid over its own, null for unknown."""
    return deciding(tx, matter, packs, on, on_file.of_everybody(tx, matter, on, packs), over).run(
        Living(tx, str(matter["vault"]))
    )


def deciding(
    tx: Transaction, matter: Row, packs: Packs, on: date, held: Filed,
    over: Mapping[str, Json] | None = None, kept: Kept | None = None,
) -> Deciding:  # fmt: skip
    """A run over the deal's vault with this on file."""
    laid = {**facts_of(tx, str(matter["id"])), **(over or {})}
    facts = {leaf: value for leaf, value in laid.items() if value is not None}
    return Deciding(packs, facts, on, _compartments(tx, str(matter["vault"])), held, kept=kept)


def decide_one(tx: Transaction, matter: Row, packs: Packs, on: date, subject: Row) -> dict[int, Decision]:
    """{compartment: decision} of one live person as of everything on file now: what the next gate will say of them."""
    who = cast("bytes", subject["id"])
    held = Filed.of(
        {EVERYBODY: on_file.of_deal(tx, matter, on), who: on_file.of_person(tx, matter, subject, on, packs)}
    )
    run = deciding(tx, matter, packs, on, held)
    made = run.run(Alone(person(subject)))
    return {place[0]: made.decisions[number] for _, _, place, number in made.each()}


def _compartments(tx: Transaction, vault: str) -> dict[int, tuple[str, tuple[str, ...]]]:
    kept = tx.find("compartment", order=("number",), vault=vault)
    found = {int(row["number"] or 0): (str(row["tier"]), tuple(str(row["purposes"]).split(","))) for row in kept}
    found.setdefault(REFERENCE_COMPARTMENT, ("general", ("internal",)))
    return found


def _told(case: Case, made: Decision) -> Json:
    facts: dict[str, Json] = {name: list(value) if isinstance(value, tuple) else value for name, value in case.facts}
    told: dict[str, Json] = {"regimes": list(case.regimes), "facts": facts, "evidence": sorted(case.evidence)}
    return {**told, "overridden": list(made.overridden)} if made.overridden else told
