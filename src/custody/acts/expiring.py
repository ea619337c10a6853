"""Whose clock has run out: each live person's compartments against the rules of a policy (spec/retention.md §4).

Unknown never destroys: a clock whose start is not known is counted and shown, and nothing follows from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, cast

from custody.acts.bases import purposes
from custody.acts.erasing import LIVE
from custody.acts.stepping import Corrected, corrections, latest
from custody.acts.vaults import AUDIT, QUARANTINE, SUBJECT_BYTES, slot_places
from custody.base import canonical
from custody.ports.store import Row, Transaction, one
from custody.privacy.retention import Clock, Policy, Rule, Start

OVER: Final = "over"
RUNNING: Final = "running"
UNKNOWN: Final = "unknown"
WITHOUT_RULE: Final = "without_rule"
_WITHDRAWN: Final = "withdrawal"
QUARANTINED: Final = "quarantine"
_FILED: Final = frozenset(("sealed", "added", "taken-in"))


class State(NamedTuple):
    """One compartment of one person: which rule, and whether its clock has run out."""

    subject: bytes
    compartment: int
    rule: int
    state: str
    last_day: date | None


@dataclass(slots=True)
class Clocks:
    """The clocks of one vault on one day, under one policy."""

    tx: Transaction
    vault: str
    policy: Policy
    on: date
    bases: Mapping[int, frozenset[str]]
    rules: Mapping[int, int | None] = field(init=False)
    _withdrawn: dict[bytes, dict[int, str]] = field(default_factory=dict)
    _sealed_on: str = ""

    def __post_init__(self) -> None:
        self.rules = rules_of(self.tx, self.vault, self.policy, self.bases)
        self._withdrawn = _withdrawals(self.tx, self.vault)
        if any(rule.start is Start.SEALED for rule in self.policy.rules):
            self._sealed_on = last_filed(self.tx, self.vault)

    def all(self) -> Iterator[State]:
        """Every compartment of every live person."""
        for row in self.tx.scan("subject", order=(), vault=self.vault, state=LIVE):
            yield from self.of(row)

    def of(self, subject: Row) -> Iterator[State]:
        """Every compartment of one person that holds anything but evidence."""
        if subject["kind"] == "reference":
            return
        who, clock = cast("bytes", subject["id"]), None
        for compartment in slot_places(cast("bytes", subject["slots"])):
            if compartment == AUDIT:
                continue
            number = self.rules.get(compartment)
            if number is None:
                yield State(who, compartment, -1, WITHOUT_RULE, None)
                continue
            clock = clock or self._clocks(subject)
            yield State(who, compartment, number, *self._state(self.policy.rules[number], clock, compartment))

    def _state(self, rule: Rule, clocks: list[Row], compartment: int) -> tuple[str, date | None]:
        """Of a row that several people share, the longest clock counts, and one unknown makes it unknown."""
        states = [self._one(rule, row, compartment) for row in clocks]
        for worst in (UNKNOWN, RUNNING):
            if found := [one for one in states if one[0] == worst]:
                return found[0]
        return max(states, key=lambda one: one[1] or date.min) if states else (UNKNOWN, None)

    def _one(self, rule: Rule, row: Row, compartment: int) -> tuple[str, date | None]:
        facts = cast("dict[str, str]", canonical.decode(cast("bytes", row["facts"])))
        on = self._withdrawn.get(cast("bytes", row["id"]), {}).get(compartment, "")
        clock = Clock(facts.get("contract_status", ""), facts.get("last_activity", ""), on, self._sealed_on)
        began, waits = clock.began(rule.start)
        if began is None:
            return (RUNNING if waits else UNKNOWN), None
        last = rule.last_day(began)
        return (OVER if self.on > last else RUNNING), last

    def _clocks(self, subject: Row) -> list[Row]:
        members = cast("bytes", subject["members"])
        if subject["kind"] != "joint":
            return [subject]
        rows = (one(self.tx, "subject", vault=self.vault, id=members[place : place + SUBJECT_BYTES])
                for place in range(0, len(members), SUBJECT_BYTES))  # fmt: skip
        return [row for row in rows if row is not None and row["state"] == LIVE] or [subject]


def rules_of(
    tx: Transaction, vault: str, policy: Policy, bases: Mapping[int, frozenset[str]]
) -> Mapping[int, int | None]:
    """{compartment: the rule that speaks of it}; None where nobody wrote one, and nothing follows."""
    found = {QUARANTINE: policy.rule_for(QUARANTINED, (), ())}
    for row in tx.find("compartment", order=("number",), vault=vault):
        number = cast("int", row["number"])
        found[number] = policy.rule_for(str(row["retention"]), purposes(row), bases[number])
    return found


def _corrections(tx: Transaction, vault: str) -> list[Corrected]:
    row = one(tx, "vault", id=vault)
    return corrections(tx, str(row["party"])) if row else []


def _withdrawals(tx: Transaction, vault: str) -> dict[bytes, dict[int, str]]:
    """{person: {compartment: when its consent was withdrawn}}; an answer to a deal as a whole speaks of the deal alone."""
    found, made = dict[bytes, dict[int, str]](), _corrections(tx, vault)
    for matter in tx.find("matter", order=("id",), vault=vault):
        for row in tx.find("evidence", order=("subject", "compartment"), matter=str(matter["id"]), type=_WITHDRAWN):
            held = found.setdefault(cast("bytes", row["subject"]), {})
            number, at = cast("int", row["compartment"]), latest(made, cast("int", row["position"]), str(row["at"]))
            held[number] = max(held.get(number, ""), at)
    return found


def last_filed(tx: Transaction, vault: str) -> str:
    """The day on which something last came into the vault from outside."""
    newest, made = "", _corrections(tx, vault)
    for row in tx.scan("ledger_entry", order=("position",)):
        value = cast("Mapping[str, object]", canonical.decode(cast("bytes", row["entry"])))
        if value["kind"] in _FILED and cast("Mapping[str, object]", value["says"]).get("vault") == vault:
            newest = latest(made, cast("int", value["n"]), str(value["at"]))
    return newest
