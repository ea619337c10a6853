"""Everybody's verdict at one moment: group people into distinct cases, decide those, join back (design §6, Scale)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from custody.acts.matters import EVERYBODY, EVERYTHING, evidence_of, facts_of
from custody.acts.vaults import AUDIT, QUARANTINE, SUBJECT_BYTES, slot_places
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.law import subject as subjects
from custody.law.gate import VERDICTS, Case, Decision, Gate, Reason
from custody.law.pack import Packs
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.ports.store import Row, Transaction

_OUT = Decision(
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
_REFERENCE = Decision("hand_over", (), ())


@dataclass(slots=True)
class Verdicts:
    """`of[(subject, compartment)]` is a number into `decisions`; `kinds` and `places` of every live subject."""

    decisions: list[Decision] = field(default_factory=list)
    cases: list[Json] = field(default_factory=list)
    of: dict[tuple[bytes, int], int] = field(default_factory=dict)
    kinds: dict[bytes, str] = field(default_factory=dict)
    places: dict[bytes, dict[int, tuple[int, int]]] = field(default_factory=dict)

    def verdict(self, subject: bytes, compartment: int) -> str:
        """The slug; withhold for what was not decided."""
        number = self.of.get((subject, compartment))
        return "withhold" if number is None else self.decisions[number].verdict

    def best(self, subject: bytes) -> str:
        """The most permissive verdict over the subject's compartments: how the subject is counted."""
        return min((self.verdict(subject, one) for one in self.places[subject]), key=VERDICTS.index, default="withhold")

    @property
    def regimes(self) -> tuple[str, ...]:
        """Every place whose law binds somebody here."""
        found = {
            str(place)
            for one in self.cases
            if isinstance(one, Mapping)
            for place in cast("list[str]", one.get("regimes", []))
        }
        return tuple(sorted(found))

    def leaves(self) -> Iterator[bytes]:
        """Sorted leaf hashes of (subject, compartment, verdict, rules): what the gate's root is over."""
        for (subject, compartment), number in sorted(self.of.items()):
            one = self.decisions[number]
            value: list[Json] = [subject.hex(), compartment, one.verdict, list(one.rules)]
            yield merkle.leaf_hash(canonical.encode(value))

    def root(self) -> str:
        """`sha256:` root of the leaves."""
        return "sha256:" + merkle.root(list(self.leaves())).hex()


@dataclass(slots=True)
class Deciding:
    """One run of the gate over a vault."""

    packs: Packs
    facts: Mapping[str, Json]
    on: date
    compartments: Mapping[int, tuple[str, tuple[str, ...]]]
    evidence: Mapping[bytes, Mapping[int, set[str]]]
    made: Verdicts = field(default_factory=Verdicts)
    _known: dict[Case, int] = field(default_factory=dict)
    _fixed: dict[str, int] = field(default_factory=dict)

    def run(self, rows: Iterator[Row]) -> Verdicts:
        """Decide every live subject."""
        gate, joint = Gate(self.packs, self.facts, self.on), []
        people: dict[bytes, Mapping[str, Json]] = {}
        for row in rows:
            subject = cast("bytes", row["id"])
            kind = str(row["kind"])
            held = {c: p for c, p in slot_places(cast("bytes", row["slots"])).items() if c not in {AUDIT, QUARANTINE}}
            self.made.kinds[subject], self.made.places[subject] = kind, held
            facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"])))
            people[subject] = facts
            if kind == "joint":
                joint.append((subject, cast("bytes", row["members"])))
                continue
            for compartment in held:
                self.made.of[subject, compartment] = self._number(gate, kind, subject, facts, compartment)
        for subject, members in joint:
            split = [members[place : place + SUBJECT_BYTES] for place in range(0, len(members), SUBJECT_BYTES)]
            for compartment in self.made.places[subject]:
                numbers = [self._number(gate, self.made.kinds[one], one, people[one], compartment) for one in split]
                strictest = max(numbers, key=lambda number: VERDICTS.index(self.made.decisions[number].verdict))
                self.made.of[subject, compartment] = strictest
        return self.made

    def _number(self, gate: Gate, kind: str, subject: bytes, facts: Mapping[str, Json], compartment: int) -> int:
        if kind != "customer":
            return self._fixed_number(kind)
        case = self._case(subject, facts, compartment)
        if case not in self._known:
            self._known[case] = self._add(gate.decide(case), _told(case))
        return self._known[case]

    def _case(self, subject: bytes, facts: Mapping[str, Json], compartment: int) -> Case:
        tier, purposes = self.compartments[compartment]
        held: set[str] = set()
        for who in (EVERYBODY, subject):
            by = self.evidence.get(who, {})
            held |= by.get(EVERYTHING, set()) | by.get(compartment, set())
        if facts.get("objected"):
            held.add("objection")
        own = subjects.facts(facts, tier, purposes, self.on, self.facts.get("data.categories"))
        if self._assumed("assumed.adults"):
            own = {**{f"data.minors_u{years}": False for years in (13, 14, 16, 18)}, **own}
        told = tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in own.items()))
        seller = self.facts.get("seller.jurisdiction")
        assumed = self._assumed("assumed.residence.")
        lived = facts if "residence" in facts or not assumed else {**facts, "residence": assumed[0]}
        places = subjects.regimes(lived, seller if isinstance(seller, str) else "")
        regimes = tuple(place for place in places if place not in self._assumed("assumed.clear."))
        return Case(regimes, cast("tuple[tuple[str, Json], ...]", told), frozenset(held))

    def _assumed(self, lead: str) -> list[str]:
        """What a rehearsal assumes; nothing in a real deal, where such evidence cannot be recorded."""
        held = self.evidence.get(EVERYBODY, {}).get(EVERYTHING, set())
        return sorted(one.removeprefix(lead) for one in held if one.startswith(lead))

    def _fixed_number(self, kind: str) -> int:
        if kind not in self._fixed:
            decision = _REFERENCE if kind == "reference" else _OUT
            self._fixed[kind] = self._add(decision, {"kind": kind})
        return self._fixed[kind]

    def _add(self, decision: Decision, told: Json) -> int:
        self.made.decisions.append(decision)
        self.made.cases.append(told)
        return len(self.made.decisions) - 1


def decide(tx: Transaction, matter: Row, packs: Packs, on: date) -> Verdicts:
    """Verdicts for the deal `matter` as of everything on file now."""
    vault = str(matter["vault"])
    kept = tx.find("compartment", order=("number",), vault=vault)
    compartments = {int(row["number"] or 0): (str(row["tier"]), tuple(str(row["purposes"]).split(","))) for row in kept}
    compartments.setdefault(REFERENCE_COMPARTMENT, ("general", ("internal",)))
    run = Deciding(packs, facts_of(tx, str(matter["id"])), on, compartments, evidence_of(tx, str(matter["id"])))
    return run.run(tx.scan("subject", order=("id",), vault=vault, state="live"))


def by_verdict(verdicts: Verdicts, kind: str = "customer") -> dict[str, int]:
    """Subjects of one kind counted once each by their most permissive verdict; every slug is there."""
    counts = dict.fromkeys(VERDICTS, 0)
    for subject, own in verdicts.kinds.items():
        if own == kind:
            counts[verdicts.best(subject)] += 1
    return counts


def members_by_place(verdicts: Verdicts) -> dict[tuple[int, int], dict[int, tuple[bytes, int]]]:
    """{(compartment, page): {slot: (subject, decision)}}."""
    found: dict[tuple[int, int], dict[int, tuple[bytes, int]]] = defaultdict(dict)
    for (subject, compartment), number in verdicts.of.items():
        page, slot = verdicts.places[subject][compartment]
        found[compartment, page][slot] = (subject, number)
    return found


def _told(case: Case) -> Json:
    facts: dict[str, Json] = {name: list(value) if isinstance(value, tuple) else value for name, value in case.facts}
    return {"regimes": list(case.regimes), "facts": facts, "evidence": sorted(case.evidence)}
