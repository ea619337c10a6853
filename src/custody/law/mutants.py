"""How well cases hold the rules: change each rule a little and see whether a case notices (spec/law.md §8).

A mutant is a rule dropped, a node of its predicate inverted or left out, a numeric operand moved by one, or a comparison that
takes in its bound made one that does not. A mutant that no case notices is a question that nobody has answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from custody.law.cases import Case, in_force
from custody.law.pack import Packs, Rule
from custody.law.possible import ask, with_ages
from custody.law.predicate import All, Any, Not, Predicate, Test

NEVER: Final = Any(())
_FLIPPED: Final = {"at_least": "more_than", "more_than": "at_least", "at_most": "below", "below": "at_most"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one rule."""

    rule: Rule
    change: str
    line: int
    when: Predicate


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Every change of a rule."""
    yield Mutant(rule, "dropped", rule.line, NEVER)
    yield from (Mutant(rule, change, line, when) for change, line, when in _changes(rule.when))


def survivors(packs: Packs, cases: Sequence[Case], places: Sequence[str]) -> tuple[int, tuple[Mutant, ...]]:
    """How many mutants there are, and those that no case notices."""
    total, left = 0, []
    for rule in packs.rules:
        if rule.regime in places:
            told = [case for case in cases if rule.id in case.says and in_force(packs, rule.id, case) is rule]
            for mutant in mutants(rule):
                total += 1
                if not any(_notices(packs, case, mutant) for case in told):
                    left.append(mutant)
    return total, tuple(left)


def _notices(packs: Packs, case: Case, mutant: Mutant) -> bool:
    return ask(mutant.when, with_ages(case.facts), packs.schema).value is not case.says[mutant.rule.id]


def _changes(node: Predicate) -> Iterator[tuple[str, int, Predicate]]:
    """(what was changed, the line, the whole predicate with that change)."""
    yield "inverted", node.line, node.part if isinstance(node, Not) else Not(node, node.line)
    if isinstance(node, Test):
        yield from _numbers(node)
    elif isinstance(node, Not):
        yield from ((change, line, replace(node, part=inner)) for change, line, inner in _changes(node.part))
    else:
        for place, part in enumerate(node.parts):
            if len(node.parts) > 1:
                yield "left out", part.line, replace(node, parts=(*node.parts[:place], *node.parts[place + 1 :]))
            for change, line, inner in _changes(part):
                yield change, line, _with(node, place, inner)


def _with(node: All | Any, place: int, part: Predicate) -> Predicate:
    return replace(node, parts=(*node.parts[:place], part, *node.parts[place + 1 :]))


def _numbers(test: Test) -> Iterator[tuple[str, int, Predicate]]:
    if test.operator in _FLIPPED:
        yield (
            f"{test.operator} made {_FLIPPED[test.operator]}",
            test.line,
            replace(test, operator=_FLIPPED[test.operator]),
        )
    if isinstance(test.operand, int | float) and not isinstance(test.operand, bool):
        for step in (-1, 1):
            moved = test.operand + step
            yield f"{test.operand} made {moved}", test.line, replace(test, operand=moved)
