"""Obligations that follow from a deal's facts, what satisfies them, and the clocks that run (design idea 3, C1)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from custody.acts.gates import places_of
from custody.acts.matters import filed
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.law.check import Outcome, check
from custody.law.deadlines import Deadline, deadlines
from custody.law.pack import Packs, Rule
from custody.law.possible import with_ages
from custody.ports.store import Row, Transaction

_ASKS: Final = frozenset(("BLOCK", "DUE"))


def outcome(tx: Transaction, matter: Row, facts: Mapping[str, Json], packs: Packs, on: date) -> Outcome:
    """Which rules bind the deal, and which might."""
    return check(packs, {"deal.on_date": on.isoformat(), **facts}, places_of(tx, matter, facts, packs), on)


def duties(tx: Transaction, matter: Row, told: Outcome) -> list[dict[str, Json]]:
    """Every obligation: met, open, standing (nothing is to be filed for it), or perhaps (facts are missing)."""
    held = filed(tx, str(matter["id"]))
    sure = [_duty(rule, _state(rule, held), (), held) for rule in told.fired]
    return sure + [_duty(rule, "perhaps", missing, held) for rule, missing in told.unknown]


def unmet(tx: Transaction, matter: Row, told: Outcome) -> tuple[Rule, ...]:
    """The rules that bind without what they ask for."""
    held = filed(tx, str(matter["id"]))
    return tuple(rule for rule in told.fired if _state(rule, held) != "met")


def clocks(told: Outcome, packs: Packs, facts: Mapping[str, Json], now: datetime) -> list[dict[str, Json]]:
    """Every clock of an obligation that binds: running, overdue, at once, kept until, or waiting for a moment; the next to end first."""
    known = with_ages(facts)
    rows = [row for rule in told.fired for row in _clocks(rule, packs, known, now)]
    return sorted(rows, key=order)


def order(row: Mapping[str, Json]) -> tuple[int, str, str]:
    """What is late before what is at once, before what runs, by date."""
    return _ORDER[str(row["state"])], str(row["due_at"]), str(row["rule"])


def _duty(rule: Rule, state: str, missing: Sequence[str], held: frozenset[str]) -> dict[str, Json]:
    return {
        "rule": rule.id, "kind": rule.kind, "title": dict(rule.title), "reference": dict(rule.reference), "state": state,
        "before": rule.before, "evidence": list[Json](rule.evidence), "lacks": [one for one in rule.evidence if one not in held],
        "missing": list[Json](missing),
    }  # fmt: skip


def _state(rule: Rule, held: frozenset[str]) -> str:
    if rule.evidence and set(rule.evidence) <= held:
        return "met"
    return "open" if rule.evidence or rule.kind in _ASKS else "standing"


def _clocks(rule: Rule, packs: Packs, facts: Mapping[str, Json], now: datetime) -> Iterator[dict[str, Json]]:
    try:
        found = deadlines(packs, rule, facts)
    except CustodyError as error:  # a calendar that is not known: no date is guessed, and it is said
        yield _row(rule, packs, None, "unknown", error.message)
        return
    for one in found:
        if one.due.clock is None or (one.due.clock.due is None and one.due.at is None):
            continue
        yield _row(rule, packs, one, _runs(one, now), "")


def _runs(one: Deadline, now: datetime) -> str:
    if one.due.at is None:
        return "waiting"
    if not isinstance(one.due.at, datetime):
        return "at-once"
    if one.due.clock is not None and one.due.clock.bound == "not_before":
        return "keep" if one.due.at > now else "kept"
    return "overdue" if one.due.at <= now else "running"


def _row(rule: Rule, packs: Packs, one: Deadline | None, state: str, fault: str) -> dict[str, Json]:
    clock = one.due.clock if one else None
    missing = sorted({*one.due.missing, *((one.fact,) if one.fact else ())}) if one else []
    moment = one.due.at if one else None
    at = moment.isoformat() if isinstance(moment, datetime) else moment
    return {
        "rule": rule.id, "title": dict(rule.title), "reference": dict(rule.reference), "duty": one.duty if one else "",
        "event": one.event if one else "", "for": dict(packs.terms.duty(one.duty)) if one else {}, "since": _since(packs, one), "state": state, "due_at": at, "bound": clock.bound if clock else None,
        "zone": clock.zone if clock else None, "source": clock.source if clock else "", "missing": list[Json](missing),
        "fault": fault,
    }  # fmt: skip


def _since(packs: Packs, one: Deadline | None) -> dict[str, Json]:
    """The moment from which it runs, in both languages."""
    event = packs.terms.events.get(one.event) if one else None
    return {"zh": event.zh, "en": event.en} if event else {}


_ORDER: Final = {"overdue": 0, "at-once": 1, "running": 2, "waiting": 3, "unknown": 4, "keep": 5, "kept": 6}
