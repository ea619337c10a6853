"""An interview with somebody who knows certain facts and nothing else: what was asked, and what was told in the end."""

from dataclasses import replace
from datetime import date

from custody.base.canonical import Json
from custody.law.check import Outcome, check
from custody.law.interview import Interview, Told, following
from custody.law.pack import Packs


def interviewed(
    interview: Interview, facts: dict[str, Json], regimes: tuple[str, ...], on: date
) -> tuple[list[tuple[str, tuple[str, ...]]], Told]:
    """The questions put, in order, and what was told; the place question comes before them all."""
    told, asked = Told({}, frozenset(), regimes, on), [("places", ())]
    while left := interview.open(_with(interview, told)):
        one = left[0]
        asked.append((one.question.name, one.facts))
        known = {fact: facts[fact] for fact in one.facts if fact in facts}
        declined = told.declined.union(fact for fact in one.facts if fact not in facts)
        told = replace(told, facts={**told.facts, **known}, declined=declined, on=_day(known, told.on))
    return asked, _with(interview, told)


def same(one: Outcome, other: Outcome) -> bool:
    """Whether the same rules fire, and the same might."""
    return _ids(one) == _ids(other)


def outcome(packs: Packs, told: Told) -> Outcome:
    """What follows from what was told."""
    return check(packs, told.facts, told.regimes, told.on)


def _with(interview: Interview, told: Told) -> Told:
    found = following(interview.questions.follows, told, interview.packs.schema)
    follows = {fact: value for fact, (value, _) in found.items()}
    return replace(told, facts={**told.facts, **follows})


def _day(known: dict[str, Json], before: date) -> date:
    return date.fromisoformat(str(known["deal.on_date"])) if "deal.on_date" in known else before


def _ids(told: Outcome) -> tuple[set[str], set[str]]:
    return {rule.id for rule in told.fired}, {rule.id for rule, _ in told.unknown}
