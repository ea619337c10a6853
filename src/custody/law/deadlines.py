"""What is due when, for a rule that fires: its clocks over the moments that the facts hold (spec/law.md §5, §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from custody.base.clock import parse
from custody.law.due import Due, due_under
from custody.law.pack import Packs, Rule
from custody.law.possible import ask
from custody.law.predicate import Facts, Predicate


@dataclass(frozen=True, slots=True)
class Deadline:
    """One duty of a rule: from which event, and when it is due. `fact` would tell the event's moment."""

    duty: str
    event: str
    due: Due
    fact: str = ""


def deadlines(packs: Packs, rule: Rule, facts: Facts) -> tuple[Deadline, ...]:
    """One per duty. An event whose moment the facts do not hold has no date yet, unless it is due at once."""
    found = []
    for duty in dict.fromkeys(clock.duty for clock in rule.clocks):
        events = list(dict.fromkeys(name for clock in rule.clocks if clock.duty == duty for name in clock.events))
        made = [_from(packs, rule, duty, event, facts) for event in events]
        found.append(min(made, key=_telling))
    return tuple(found)


def _telling(one: Deadline) -> int:
    """Of several events of one duty: one with a date, else one whose moment would make a date, else any."""
    if one.due.at is not None:
        return 0
    return 2 if one.due.clock is None or one.due.clock.due == "none" else 1


def first(told: Sequence[Deadline]) -> Deadline | None:
    """The deadline that a list shows first: at once, then the earliest to act, then the earliest to keep until."""
    dated = [one for one in told if one.due.at is not None]
    return min(dated, key=_order, default=None)


def _order(one: Deadline) -> tuple[int, float]:
    if not isinstance(one.due.at, datetime):
        return 0, 0.0
    keeps = one.due.clock is not None and one.due.clock.bound == "not_before"
    return (2 if keeps else 1), one.due.at.timestamp()


def _from(packs: Packs, rule: Rule, duty: str, event: str, facts: Facts) -> Deadline:
    fact = packs.terms.events[event].fact
    moment = facts.get(fact) if fact else None
    asked = {**facts, "duty": duty}
    if isinstance(moment, str):
        return Deadline(duty, event, due_under(packs, rule, event, parse(moment), asked))
    at_once = next(
        (
            clock
            for clock in rule.clocks
            if clock.duty == duty and event in clock.events and _holds(packs, clock.when, facts)
        ),
        None,
    )
    if at_once is not None and at_once.due == "immediate":
        return Deadline(duty, event, Due("immediate", at_once))
    return Deadline(duty, event, Due(None, at_once), fact)


def _holds(packs: Packs, when: Predicate | None, facts: Facts) -> bool:
    """Whether a clock's own condition is not false."""
    return when is None or ask(when, facts, packs.terms.over(packs.schema)).value is not False
