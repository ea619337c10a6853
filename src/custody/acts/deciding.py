"""Everybody's verdict at one moment: group people into distinct cases, decide those, join back (docs/architecture.md §1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

import numpy as np

from custody.acts import overrides
from custody.acts.grown import counts, grown, turned
from custody.acts.matters import EVERYBODY, EVERYTHING, facts_of
from custody.acts.vaults import AUDIT, QUARANTINE, SUBJECT_BYTES
from custody.acts.verdicts import Numbers, Verdicts
from custody.base import canonical
from custody.base.canonical import Json
from custody.law import subject as subjects
from custody.law.gate import VERDICTS, Case, Decision, Gate, Reason
from custody.law.pack import Packs
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.ports.store import Cell, Row, Transaction

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
_COMPARTMENTS: Final = 16
_SLOT: Final = np.dtype([("compartment", "u1"), ("page", ">u4"), ("slot", ">u2")])
Held = frozenset[tuple[int, str]]
_NOTHING: Final[Held] = frozenset()
Person = tuple[bytes, str, bytes, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Alike:
    """What people share who cannot be told apart: kind, facts, evidence of their own, members of a joint subject."""

    kind: str
    facts: tuple[tuple[str, Json], ...]
    held: Held
    members: bytes


@dataclass(slots=True)
class Deciding:
    """One run of the gate over a vault."""

    packs: Packs
    facts: Mapping[str, Json]
    on: date
    compartments: Mapping[int, tuple[str, tuple[str, ...]]]
    evidence: Mapping[bytes, Held]
    decisions: list[Decision] = field(default_factory=list)
    cases: list[Json] = field(default_factory=list)
    _gate: Gate = field(init=False)
    _known: dict[Case, int] = field(default_factory=dict)
    _fixed: dict[str, int] = field(default_factory=dict)
    _pairs: dict[tuple[Alike, int], int] = field(default_factory=dict)
    _rows: list[tuple[str, bytes, Held, bytes]] = field(default_factory=list)
    _of: dict[bytes, Alike] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._gate = Gate(self.packs, self.facts, self.on)

    def run(self, rows: Iterable[Person]) -> Verdicts:
        """Decide every live subject, given as (id, kind, slots, facts, members)."""
        ids, groups, slots = self._grouped(rows)
        alike, groups = self._merged(groups)
        if any(one.kind == "joint" for one in alike):
            self._of = {one: alike[group] for one, group in zip(ids, groups, strict=True)}
        table = np.frombuffer(b"".join(slots), dtype=_SLOT)
        who = np.repeat(np.arange(len(ids)), [len(one) // _SLOT.itemsize for one in slots])
        inside = (table["compartment"] != AUDIT) & (table["compartment"] != QUARANTINE)
        table, who = table[inside], who[inside]
        compartment = table["compartment"].astype(np.int64)
        group = np.array(groups, dtype=np.int64)
        pair = group[who] * _COMPARTMENTS + compartment
        number = self._numbers(alike, pair)
        number = self._in_order()[number] if len(number) else number
        names = sorted({one.kind for one in alike})
        kinds = np.array([names.index(one.kind) for one in alike], dtype=np.int64)
        kind = kinds[group] if len(group) else group
        page, slot = table["page"].astype(np.int64), table["slot"].astype(np.int64)
        return Verdicts(self.decisions, self.cases, ids, kind, names, who, compartment, page, slot, number)

    def _grouped(self, rows: Iterable[Person]) -> tuple[list[bytes], list[int], list[bytes]]:
        """Ids, the group of each, and their slots. This loop meets every person: nothing else may."""
        ids, groups, slots = list[bytes](), list[int](), list[bytes]()
        known: dict[tuple[str, bytes, Held, bytes], int] = {}
        held_by = self.evidence.get
        for subject, kind, held, facts, members in rows:
            key = (kind, facts, held_by(subject, _NOTHING), members)
            group = known.get(key)
            if group is None:
                known[key] = group = len(known)
                self._rows.append(key)
            ids.append(subject)
            groups.append(group)
            slots.append(held)
        return ids, groups, slots

    def _merged(self, groups: list[int]) -> tuple[list[Alike], list[int]]:
        """Groups whose facts differ only in what nobody reads become one."""
        found: dict[Alike, int] = {}
        renamed = [
            found.setdefault(Alike(kind, self._read(facts), held, members), len(found))
            for kind, facts, held, members in self._rows
        ]
        return list(found), np.array(renamed, dtype=np.int64)[groups].tolist() if groups else []

    def _read(self, facts: bytes) -> tuple[tuple[str, Json], ...]:
        row = canonical.decode(facts, strict=False)
        assert isinstance(row, Mapping)
        return subjects.read(row, self.on)

    def _numbers(self, alike: list[Alike], pair: Numbers) -> Numbers:
        """The vector of each entry: decided once per group and compartment that occur together."""
        number = np.zeros(len(alike) * _COMPARTMENTS, dtype=np.int64)
        present = np.zeros(len(alike) * _COMPARTMENTS, dtype=bool)
        present[pair] = True
        for one in np.flatnonzero(present).tolist():
            number[one] = self._pair(alike[one // _COMPARTMENTS], one % _COMPARTMENTS)
        return number[pair]

    def _in_order(self) -> Numbers:
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

    def _pair(self, alike: Alike, compartment: int) -> int:
        key = (alike, compartment)
        if key not in self._pairs:
            self._pairs[key] = self._decide(alike, compartment)
        return self._pairs[key]

    def _decide(self, alike: Alike, compartment: int) -> int:
        if alike.kind == "joint":
            places = range(0, len(alike.members), SUBJECT_BYTES)
            members = [self._of[alike.members[place : place + SUBJECT_BYTES]] for place in places]
            numbers = [self._pair(one, compartment) for one in members]
            return max(numbers, key=lambda number: VERDICTS.index(self.decisions[number].verdict))
        if alike.kind != "customer":
            return self._fixed_number(alike.kind)
        case = self._case(alike, compartment)
        if case not in self._known:
            made = self._gate.decide(case)
            self._known[case] = self._add(made, _told(case, made))
        return self._known[case]

    def _case(self, alike: Alike, compartment: int) -> Case:
        facts = dict(alike.facts)
        tier, purposes = self.compartments[compartment]
        everybody = self.evidence.get(EVERYBODY, _NOTHING)
        held = {what for where, what in (*everybody, *alike.held) if where in {EVERYTHING, compartment}}
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
        held = {what for where, what in self.evidence.get(EVERYBODY, _NOTHING) if where == EVERYTHING}
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
    vault = str(matter["vault"])
    laid = {**facts_of(tx, str(matter["id"])), **(over or {})}
    facts = {leaf: value for leaf, value in laid.items() if value is not None}
    run = Deciding(packs, facts, on, _compartments(tx, vault), _held(tx, matter, on))
    rows = tx.columns("subject", ("id", "kind", "slots", "facts", "members"), vault=vault, state="live")
    return run.run(cast("Iterator[Person]", rows))


def _held(tx: Transaction, matter: Row, on: date) -> dict[bytes, Held]:
    """What is on file for whom and still counts, and what people set aside for whom."""
    name = str(matter["id"])
    found = _evidence(tx, name)
    if any(kind.startswith("consent.") for held in set(found.values()) for _, kind in held):
        found |= {who: _own(tx, name, who, day) for who, day in grown(tx, matter, on) if who in found}
    for subject, names in overrides.live(tx, name, on).items():
        found[subject] = found.get(subject, _NOTHING) | {(EVERYTHING, name) for name in names}
    return found


def decide_one(tx: Transaction, matter: Row, packs: Packs, on: date, subject: Row) -> dict[int, Decision]:
    """{compartment: decision} of one live person as of everything on file now: what the next gate will say of them."""
    vault, who = str(matter["vault"]), cast("bytes", subject["id"])
    day = turned(cast("bytes", subject["facts"]))
    since = day if day <= on.isoformat() else ""
    name = str(matter["id"])
    held = {EVERYBODY: _own(tx, name, EVERYBODY, ""), who: _own(tx, name, who, since)}
    for one, names in overrides.live(tx, str(matter["id"]), on).items():
        if one in held:
            held[one] |= {(EVERYTHING, name) for name in names}
    run = Deciding(packs, facts_of(tx, str(matter["id"])), on, _compartments(tx, vault), held)
    row = (
        who,
        str(subject["kind"]),
        cast("bytes", subject["slots"]),
        cast("bytes", subject["facts"]),
        cast("bytes", subject["members"]),
    )
    made = run.run([row])
    return {
        int(place): made.decisions[int(number)] for place, number in zip(made.compartment, made.number, strict=True)
    }


def _compartments(tx: Transaction, vault: str) -> dict[int, tuple[str, tuple[str, ...]]]:
    kept = tx.find("compartment", order=("number",), vault=vault)
    found = {int(row["number"] or 0): (str(row["tier"]), tuple(str(row["purposes"]).split(","))) for row in kept}
    found.setdefault(REFERENCE_COMPARTMENT, ("general", ("internal",)))
    return found


def _own(tx: Transaction, matter: str, subject: bytes, since: str) -> Held:
    """What is on file for one person; where they turned 14 on `since`, without the consents from before."""
    rows = tx.find("evidence", matter=matter, subject=subject)
    return frozenset((cast("int", row["compartment"]), str(row["type"])) for row in rows if counts(row, since))


def _evidence(tx: Transaction, matter: str) -> dict[bytes, Held]:
    """{subject: what is on file for them}; people with the same evidence share one set.

    A row moves from one set to the next larger one, which is made once: this loop meets every row.
    """
    names = ("subject", "compartment", "type")
    sets: list[Held] = [_NOTHING]
    larger: dict[tuple[int, Cell, Cell], int] = {}
    found: dict[bytes, int] = {}
    last, place = None, 0
    for subject, compartment, kind in tx.columns("evidence", names, order=names, matter=matter):
        if subject != last:
            if last is not None:
                found[cast("bytes", last)] = place
            last, place = subject, 0
        step = (place, compartment, kind)
        known = larger.get(step)
        if known is None:
            known = larger[step] = len(sets)
            sets.append(sets[place] | {(cast("int", compartment), str(kind))})
        place = known
    if last is not None:
        found[cast("bytes", last)] = place
    return {subject: sets[one] for subject, one in found.items()}


def _told(case: Case, made: Decision) -> Json:
    facts: dict[str, Json] = {name: list(value) if isinstance(value, tuple) else value for name, value in case.facts}
    told: dict[str, Json] = {"regimes": list(case.regimes), "facts": facts, "evidence": sorted(case.evidence)}
    return {**told, "overridden": list(made.overridden)} if made.overridden else told
