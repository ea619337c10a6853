"""China's pack is whole, and its worked cases notice when a rule is changed (spec/law.md §8)."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest

from custody import wiring
from custody.law.cases import in_force, read_cases
from custody.law.pack import Packs
from custody.law.possible import ask, with_ages
from custody.law.predicate import All, Any, Not, Predicate
from custody.law.predicate import Test as Compare  # pytest would collect what is called test
from custody.law.predicate import tests as comparisons

SEED = 20261125
SLICE = 800
CAUGHT = 0.95
"""Some changes say the same in other words, so not every one can be noticed."""

Asked = dict[tuple[str, object], list[tuple[dict, bool | None]]]


@pytest.fixture(scope="module")
def asked(loaded: Packs) -> Asked:
    """(rule, first day of its text) to (facts, what the case says) of every case of China that names it."""
    found = defaultdict(list)
    texts = {name: text for name, text in wiring.laws().cases().items() if name.startswith("cn/")}
    for case in read_cases(texts, loaded):
        facts = with_ages(case.facts)
        for name, said in case.says.items():
            text = in_force(loaded, name, case)
            if text:
                found[text.id, text.start].append((facts, said))
    return found


def rules(packs: Packs):
    """Every text of China."""
    return [rule for rule in packs.rules if rule.regime == "CN"]


def changed(predicate: Predicate) -> Iterator[Predicate]:
    """Each way to invert, drop, swap or shift one part of a predicate."""
    yield Not(predicate)
    if isinstance(predicate, Compare):
        if isinstance(predicate.operand, int) and not isinstance(predicate.operand, bool):
            yield from (replace(predicate, operand=max(0, predicate.operand + step)) for step in (-1, 1))
    elif isinstance(predicate, Not):
        yield from (Not(inner) for inner in changed(predicate.part))
    else:
        kind, parts = type(predicate), predicate.parts
        yield (Any if kind is All else All)(parts)
        for place, part in enumerate(parts):
            rest = parts[:place], parts[place + 1 :]
            if len(parts) > 1:
                yield kind((*rest[0], *rest[1]))
            yield from (kind((*rest[0], inner, *rest[1])) for inner in changed(part))


def survivors(packs: Packs, asked: Asked, some: int | None) -> tuple[int, list[str]]:
    """How many changed rules there were, and those that no case tells from the rule."""
    made = [(rule, inner) for rule in rules(packs) for inner in changed(rule.when) if inner != rule.when]
    made = made if some is None else random.Random(SEED).sample(made, some)
    kept = [
        rule.id
        for rule, inner in made
        if not any(
            ask(inner, facts, packs.schema).value is not said
            for facts, said in asked[rule.id, rule.start]
            if inner.ask(facts) is not rule.when.ask(facts)
        )
    ]
    return len(made), kept


def test_c2_every_obligation_of_the_dossier_is_a_rule(loaded: Packs, shared):
    """No obligation is missing, and no rule of China is of our own making."""
    wanted = {name for name in shared("obligations.json") if name.startswith("CN-")}
    assert {rule.id for rule in rules(loaded)} == wanted


def test_c2_every_threshold_is_tried_below_at_and_above(loaded: Packs, asked: Asked):
    """For each number in a rule, cases that name the rule hold the number, one less and one more."""
    lacking = []
    for rule in rules(loaded):
        for test in comparisons(rule.when):
            if isinstance(test.operand, int) and not isinstance(test.operand, bool):
                tried = {facts.get(test.fact) for facts, _ in asked[rule.id, rule.start]}
                near = {number for number in range(test.operand - 1, test.operand + 2) if number >= 0}
                lacking += [f"{rule.id} of {rule.start}: {test.fact} {number}" for number in sorted(near - tried)]
    assert not lacking, "\n".join(lacking)


def test_c2_the_cases_notice_a_changed_rule(loaded: Packs, asked: Asked):
    """Of a seeded slice of inverted, dropped, swapped and shifted parts, the cases catch at least 95 in 100."""
    number, kept = survivors(loaded, asked, SLICE)
    assert len(kept) <= (1 - CAUGHT) * number, kept


@pytest.mark.soak
def test_c2_the_cases_notice_any_changed_rule(loaded: Packs, asked: Asked):
    """The same for every part of every rule."""
    number, kept = survivors(loaded, asked, None)
    assert len(kept) <= (1 - CAUGHT) * number, kept
