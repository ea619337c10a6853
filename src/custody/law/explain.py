"""Why a rule fires, does not, or cannot be told: a tree of facts, and what would change it (spec/law.md §5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from custody.base.canonical import Json
from custody.law.possible import ask, telling
from custody.law.predicate import All, Facts, Not, Predicate, Test, tests
from custody.law.schema import Schema
from custody.law.sentence import Words, sentence

_TRIES: Final = 1000


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the tree. `word` is all, any, not or the operator; `known` is the fact's value, if it is one."""

    word: str
    value: bool | None
    line: int
    says: Words
    fact: str = ""
    known: Json = None
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Facts that, so changed, would make the rule fire (or not)."""

    fires: bool
    facts: Mapping[str, Json]


def tree(predicate: Predicate, facts: Facts, schema: Schema) -> Node:
    """The predicate with what each part came to."""
    if isinstance(predicate, Test):
        known = facts.get(predicate.fact)
        says = sentence(predicate, schema.leaves[predicate.fact], known)
        return Node(predicate.operator, predicate.ask(facts), predicate.line, says, predicate.fact, known)
    inner = (predicate.part,) if isinstance(predicate, Not) else predicate.parts
    word = "not" if isinstance(predicate, Not) else "all" if isinstance(predicate, All) else "any"
    parts = tuple(tree(part, facts, schema) for part in inner)
    return Node(word, ask(predicate, facts, schema).value, predicate.line, _JOINS[word], parts=parts)


def changes(predicate: Predicate, facts: Facts, schema: Schema) -> tuple[Change, ...]:
    """The smallest sets of facts whose change turns the answer; of an unknown answer, both ways."""
    now = ask(predicate, facts, schema).value
    found: list[Change] = []
    for wanted in (True, False) if now is None else (not now,):
        found += _smallest(predicate, facts, schema, fires=wanted)
    return tuple(found)


def _smallest(predicate: Predicate, facts: Facts, schema: Schema, *, fires: bool) -> list[Change]:
    choices = {
        name: _others(name, predicate, facts, schema) for name in sorted({test.fact for test in tests(predicate)})
    }
    tries = 0
    for size in range(1, len(choices) + 1):
        found: list[Change] = []
        for changed in _sets(choices, size):
            tries += 1
            if tries > _TRIES:
                return found
            if ask(predicate, {**facts, **changed}, schema).value is fires:
                found.append(Change(fires, changed))
        if found:
            return found
    return []


def _sets(choices: Mapping[str, Sequence[Json]], size: int) -> Iterator[dict[str, Json]]:
    for names in combinations(choices, size):
        for values in product(*(choices[name] for name in names)):
            yield dict(zip(names, values, strict=True))


def _others(name: str, predicate: Predicate, facts: Facts, schema: Schema) -> list[Json]:
    """Values that this predicate can tell from what is known: one for each way its tests come out."""
    asked = [test for test in tests(predicate) if test.fact == name]
    now = [test.ask(facts) for test in asked]
    values = telling(schema.leaves[name], asked)
    return [value for value in values if [test.ask({name: value}) for test in asked] != now]


_JOINS: Final[Mapping[str, Words]] = {
    "all": {"zh": "以下各项都成立", "en": "all of these hold"},
    "any": {"zh": "以下至少一项成立", "en": "at least one of these holds"},
    "not": {"zh": "以下不成立", "en": "this does not hold"},
}
