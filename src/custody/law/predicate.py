"""Predicates over typed facts in three values: true, false, unknown (spec/law.md §3).

A fact that is absent or null is unknown. `all` is false as soon as one part is false, `any` true as soon as one is
true; else an unknown part makes the whole unknown, and the facts that would decide it are collected.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from custody.base.canonical import Json
from custody.base.errors import Malformed

Facts = Mapping[str, Json]
Comparable = TypeVar("Comparable", int, str)
OPERATORS: Final = ("is", "not", "in", "not_in", "has", "has_any", "only", "at_least", "more_than", "at_most", "below")


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` None is unknown; `missing` are the leaves that would decide it; `facts` those that were looked at."""

    value: bool | None
    missing: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one fact."""

    fact: str
    operator: str
    operand: Json

    def ask(self, facts: Facts) -> Answer:
        """Compare; unknown when the fact is."""
        value = facts.get(self.fact)
        if value is None:
            return Answer(None, frozenset((self.fact,)), frozenset((self.fact,)))
        return Answer(_compare(self.operator, value, self.operand), frozenset(), frozenset((self.fact,)))


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    parts: tuple["Predicate", ...]

    def ask(self, facts: Facts) -> Answer:
        """False if any part is false; unknown if any is unknown; else true."""
        return _join([part.ask(facts) for part in self.parts], decisive=False)


@dataclass(frozen=True, slots=True)
class Any:
    """One part must hold."""

    parts: tuple["Predicate", ...]

    def ask(self, facts: Facts) -> Answer:
        """True if any part is true; unknown if any is unknown; else false."""
        return _join([part.ask(facts) for part in self.parts], decisive=True)


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Predicate"

    def ask(self, facts: Facts) -> Answer:
        """The other way round; unknown stays unknown."""
        inner = self.part.ask(facts)
        return Answer(None if inner.value is None else not inner.value, inner.missing, inner.facts)


Predicate = Test | All | Any | Not


def parse(value: object, where: str) -> Predicate:
    """Read a `when`. Raises Malformed `law.predicate` naming the place."""
    if isinstance(value, Mapping):
        if set(value) == {"all"} or set(value) == {"any"}:
            ((word, parts),) = value.items()
            if isinstance(parts, Sequence) and parts:
                made = tuple(parse(part, f"{where}.{word}[{place}]") for place, part in enumerate(parts))
                return All(made) if word == "all" else Any(made)
        elif set(value) == {"not"}:
            return Not(parse(value["not"], f"{where}.not"))
        elif "fact" in value and len(value) == 2:
            operator = next(key for key in value if key != "fact")
            if operator in OPERATORS and isinstance(value["fact"], str):
                return Test(value["fact"], operator, value[operator])
    raise Malformed(
        "law.predicate", "A predicate is all, any, not, or one fact with one operator.", where={"place": where}
    )


def leaves(predicate: Predicate) -> frozenset[str]:
    """Every fact a predicate can ask for."""
    if isinstance(predicate, Test):
        return frozenset((predicate.fact,))
    parts = (predicate.part,) if isinstance(predicate, Not) else predicate.parts
    return frozenset().union(*(leaves(part) for part in parts))


def _join(answers: Sequence[Answer], *, decisive: bool) -> Answer:
    facts = frozenset().union(*(answer.facts for answer in answers))
    if any(answer.value is decisive for answer in answers):
        return Answer(decisive, frozenset(), facts)
    missing = frozenset().union(*(answer.missing for answer in answers))
    unknown = any(answer.value is None for answer in answers)
    return Answer(None if unknown else not decisive, missing, facts)


def _compare(operator: str, value: Json, operand: Json) -> bool:
    held = list(value) if isinstance(value, list | tuple) else [value]
    wanted = operand if isinstance(operand, list) else [operand]
    if operator in _SETS:
        return _SETS[operator](held, wanted)
    if operator in {"is", "not"}:
        return (value == operand) == (operator == "is")
    if isinstance(value, int) and isinstance(operand, int):
        return _ordered(operator, value, operand)
    return isinstance(value, str) and isinstance(operand, str) and _ordered(operator, value, operand)


def _ordered(operator: str, value: Comparable, operand: Comparable) -> bool:
    if operator == "at_least":
        return value >= operand
    if operator == "more_than":
        return value > operand
    return value <= operand if operator == "at_most" else value < operand


_SETS: Final[Mapping[str, Callable[[list[Json], list[Json]], bool]]] = {
    "in": lambda held, wanted: all(one in wanted for one in held),
    "not_in": lambda held, wanted: not any(one in wanted for one in held),
    "has": lambda held, wanted: any(one in held for one in wanted),
    "has_any": lambda held, wanted: any(one in held for one in wanted),
    "only": lambda held, wanted: all(one in wanted for one in held),
}
