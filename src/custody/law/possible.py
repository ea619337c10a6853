"""What some value of the missing facts would make of a predicate, exactly (spec/law.md §3).

Kleene's tables are exact where each missing fact is asked once: then every part can be true and can be false, whatever
the others are. Only facts that are asked more than once, or by a test that no value (or every value) passes, are
split into cases, over values that the tests of that predicate can tell apart. Beyond `LIMIT` cases the answer
stays unknown, which withholds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, combinations, pairwise
from typing import Final, cast

from custody.base.canonical import Json
from custody.law.predicate import All, Any, Facts, Not, Predicate, Test, compare, leaves, tests
from custody.law.schema import Leaf, Schema

LIMIT: Final = 1024
_GROUPS: Final = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` None is unknown; `missing` are the facts that are left to ask for."""

    value: bool | None
    missing: frozenset[str] = frozenset()


def ask(predicate: Predicate, facts: Facts, schema: Schema) -> Answer:
    """True or false if every value of the missing facts agrees, else unknown with what is missing."""
    value = predicate.ask(facts)
    if value is not None:
        return Answer(value)
    left = reduce(predicate, facts)
    if isinstance(left, bool):
        return Answer(left)
    outcomes = _Split(schema).outcomes(left)
    return Answer(outcomes.pop()) if len(outcomes) == 1 else Answer(None, leaves(left))


def reduce(predicate: Predicate, facts: Facts) -> Predicate | bool:
    """What is left of a predicate once these facts are filled in."""
    if isinstance(predicate, Test):
        value = predicate.ask(facts)
        return predicate if value is None else value
    if isinstance(predicate, Not):
        inner = reduce(predicate.part, facts)
        return (not inner) if isinstance(inner, bool) else Not(inner, predicate.line)
    decisive, left = isinstance(predicate, Any), []
    for part in predicate.parts:
        inner = reduce(part, facts)
        if inner is decisive:
            return decisive
        if not isinstance(inner, bool):
            left.append(inner)
    if len(left) < 2:
        return left[0] if left else not decisive
    return Any(tuple(left), predicate.line) if decisive else All(tuple(left), predicate.line)


@dataclass(slots=True)
class _Split:
    schema: Schema
    cases: int = field(default=0)

    def outcomes(self, left: Predicate) -> set[bool]:
        """Which of true and false can come out."""
        found: set[bool] = set()
        leaf, values = self._next(left)
        if not leaf:
            return {True, False}
        for value in values:
            self.cases += 1
            if self.cases > LIMIT:
                return {True, False}
            inner = reduce(left, {leaf: value})
            found |= {inner} if isinstance(inner, bool) else self.outcomes(inner)
            if len(found) == 2:
                break
        return found

    def _next(self, left: Predicate) -> tuple[str, Sequence[Json]]:
        """The fact to split on: the one asked most often, or one whose only test has one outcome."""
        by_fact: dict[str, list[Test]] = {}
        for test in tests(left):
            by_fact.setdefault(test.fact, []).append(test)
        counts = Counter({fact: len(asked) for fact, asked in by_fact.items()})
        for fact, times in counts.most_common():
            values = telling(self.schema.leaves[fact], by_fact[fact])
            if times > 1 or len(values) < 2:
                return fact, values
        return "", ()


def telling(leaf: Leaf, asked: Sequence[Test]) -> list[Json]:
    """Values of the fact that these tests can tell apart: one for each way they can come out together."""
    found: dict[tuple[bool, ...], Json] = {}
    for value in _candidates(leaf, asked):
        found.setdefault(tuple(compare(test.operator, value, test.operand) for test in asked), value)
    return list(found.values())


def _candidates(leaf: Leaf, asked: Sequence[Test]) -> Iterator[Json]:
    if leaf.kind == "boolean":
        yield from (True, False)
    elif leaf.kind == "one_of":
        yield from leaf.values
    elif leaf.kind == "some_of":
        yield from _lists(leaf, asked)
    elif leaf.kind in {"date", "instant"}:
        yield from chain.from_iterable(_around(str(test.operand), leaf.kind) for test in asked)
    else:
        yield from _numbers(leaf, sorted({_number(test.operand) for test in asked}))


def _lists(leaf: Leaf, asked: Sequence[Test]) -> Iterator[Json]:
    """Every choice among values that differ in which operands name them; more than 2^10 choices are not tried all."""
    groups: dict[tuple[bool, ...], Json] = {}
    for value in leaf.values:
        groups.setdefault(tuple(_names(test.operand, value) for test in asked), value)
    chosen = list(groups.values())
    sizes = range(len(chosen) + 1) if len(chosen) <= _GROUPS else (0, 1, 2, len(chosen))
    for size in sizes:
        yield from (list(some) for some in combinations(chosen, size))


def _names(operand: Json, value: str) -> bool:
    return value in operand if isinstance(operand, list) else value == operand


def _numbers(leaf: Leaf, operands: Sequence[float]) -> Iterator[Json]:
    found: list[float] = [0, *operands]
    if leaf.kind == "integer":
        found += [number + step for number in operands for step in (-1, 1)]
    else:
        found += [(low + high) / 2 for low, high in pairwise([0, *operands])] + [operands[-1] + 1]
    yield from (cast("Json", number) for number in found if number >= 0 and (leaf.most is None or number <= leaf.most))


def _number(operand: Json) -> float:
    assert isinstance(operand, int | float)
    return operand


def _around(operand: str, kind: str) -> Iterator[Json]:
    if kind == "date":
        yield from ((date.fromisoformat(operand) + timedelta(days=step)).isoformat() for step in (-1, 0, 1))
    else:
        yield from ((datetime.fromisoformat(operand) + timedelta(seconds=step)).isoformat() for step in (-1, 0, 1))


def with_ages(facts: Mapping[str, Json]) -> dict[str, Json]:
    """Fill what follows from ages: under N follows from the youngest age, and from what is known of other N."""
    made = dict(facts)
    youngest = made.get("data.youngest_age")
    for years in _AGES:
        if isinstance(youngest, int) and made.get(_under(years)) is None:
            made[_under(years)] = youngest < years
    for low, high in pairwise(_AGES):
        if made.get(_under(low)) is True and made.get(_under(high)) is None:
            made[_under(high)] = True
    for high, low in pairwise(reversed(_AGES)):
        if made.get(_under(high)) is False and made.get(_under(low)) is None:
            made[_under(low)] = False
    return made


def younger(facts: Mapping[str, Json]) -> dict[str, Json]:
    """Where ages stated together contradict one another the younger holds: no word makes a child grow up."""
    made = dict(facts)
    youngest = made.get("data.youngest_age")
    age = youngest if isinstance(youngest, int) else None
    under = [years for years in _AGES if made.get(_under(years)) is True] + ([] if age is None else [age + 1])
    for years in _AGES:
        elder = made.get(_under(years)) is False or (age is not None and age >= years)
        if elder and years >= min(under, default=years + 1):
            made[_under(years)] = True
    return made


_AGES: Final = (13, 14, 16, 18)


def _under(years: int) -> str:
    return f"data.minors_u{years}"


# What `with_ages` reads, and so what every rule that asks for an age rests on.
AGE_FACTS: Final = ("data.youngest_age", *map(_under, _AGES))
