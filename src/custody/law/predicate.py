"""Predicates over typed facts in three values: true, false, unknown (spec/law.md §3).

A fact that is absent or null is unknown. `all` is false as soon as one part is false, `any` true as soon as one is
true; else an unknown part makes the whole unknown. What every value of the missing facts agrees on is not unknown:
that question is asked of `possible.py`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Final

from custody.base.canonical import Json
from custody.law.number import amount

Facts = Mapping[str, Json]
ORDERED: Final = ("at_least", "more_than", "at_most", "below")
OPERATORS: Final = ("is", "not", "in", "not_in", "has", "has_any", "only", *ORDERED)


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one fact."""

    fact: str
    operator: str
    operand: Json
    line: int = 0

    def ask(self, facts: Facts) -> bool | None:
        """Compare; unknown when the fact is."""
        value = facts.get(self.fact)
        return None if value is None else compare(self.operator, value, self.operand)


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    parts: tuple["Predicate", ...]
    line: int = 0

    def ask(self, facts: Facts) -> bool | None:
        """False if any part is false; unknown if any is unknown; else true."""
        return _join((part.ask(facts) for part in self.parts), decisive=False)


@dataclass(frozen=True, slots=True)
class Any:
    """One part must hold."""

    parts: tuple["Predicate", ...]
    line: int = 0

    def ask(self, facts: Facts) -> bool | None:
        """True if any part is true; unknown if any is unknown; else false."""
        return _join((part.ask(facts) for part in self.parts), decisive=True)


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Predicate"
    line: int = 0

    def ask(self, facts: Facts) -> bool | None:
        """The other way round; unknown stays unknown."""
        inner = self.part.ask(facts)
        return None if inner is None else not inner


Predicate = Test | All | Any | Not


def tests(predicate: Predicate) -> Iterator[Test]:
    """Every comparison, in the order written."""
    if isinstance(predicate, Test):
        yield predicate
    else:
        for part in (predicate.part,) if isinstance(predicate, Not) else predicate.parts:
            yield from tests(part)


def leaves(predicate: Predicate) -> frozenset[str]:
    """Every fact a predicate can ask for."""
    return frozenset(test.fact for test in tests(predicate))


def compare(operator: str, value: Json, operand: Json) -> bool:
    """One comparison of a known value."""
    held = list(value) if isinstance(value, list | tuple) else [value]
    wanted = operand if isinstance(operand, list) else [operand]
    if operator in _SETS:
        return _SETS[operator](held, wanted)
    if isinstance(operand, int | float) and not isinstance(operand, bool):
        if isinstance(value, int) and isinstance(operand, int):
            return _order(operator, value, operand)
        return _order(operator, amount(value), amount(operand))
    if operator in {"is", "not"}:
        return (value == operand) == (operator == "is")
    assert isinstance(value, str)
    assert isinstance(operand, str)
    return _order(operator, _moment(value), _moment(operand))


def _join(answers: Iterator[bool | None], *, decisive: bool) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is decisive:
            return decisive
        unknown = unknown or answer is None
    return None if unknown else not decisive


def _moment(text: str) -> float:
    """Days and instants on one scale; a day is its midnight in UTC, so days compare as days."""
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _order(operator: str, value: Fraction | float, operand: Fraction | float) -> bool:
    if operator in {"is", "not"}:
        return (value == operand) == (operator == "is")
    if operator == "at_least":
        return value >= operand
    if operator == "more_than":
        return value > operand
    return value <= operand if operator == "at_most" else value < operand


_SETS: Final[Mapping[str, Callable[[Sequence[Json], Sequence[Json]], bool]]] = {
    "in": lambda held, wanted: all(one in wanted for one in held),
    "not_in": lambda held, wanted: not any(one in wanted for one in held),
    "has": lambda held, wanted: wanted[0] in held,
    "has_any": lambda held, wanted: any(one in held for one in wanted),
    "only": lambda held, wanted: all(one in wanted for one in held),
}
