"""China's pack is whole, and its worked cases notice when a rule is changed (spec/law.md §8)."""

import pytest

from custody import wiring
from custody.law.cases import Case, in_force, read_cases
from custody.law.mutants import survivors
from custody.law.pack import Packs
from custody.law.predicate import tests as comparisons


@pytest.fixture(scope="module")
def cases(loaded: Packs) -> tuple[Case, ...]:
    """China's worked cases."""
    return read_cases({name: text for name, text in wiring.laws().cases().items() if name.startswith("cn/")}, loaded)


def rules(packs: Packs):
    """Every text of China."""
    return [rule for rule in packs.rules if rule.regime == "CN"]


def test_c2_every_obligation_of_the_dossier_is_a_rule(loaded: Packs, shared):
    """No obligation is missing, and no rule of China is of our own making."""
    wanted = {name for name in shared("obligations.json") if name.startswith("CN-")}
    assert {rule.id for rule in rules(loaded)} == wanted


def test_c2_every_threshold_is_tried_below_at_and_above(loaded: Packs, cases: tuple[Case, ...]):
    """For each number in a rule, cases that name the rule hold the number, one less and one more."""
    lacking = []
    for rule in rules(loaded):
        told = [case.facts for case in cases if rule.id in case.says and in_force(loaded, rule.id, case) is rule]
        for test in comparisons(rule.when):
            if isinstance(test.operand, int) and not isinstance(test.operand, bool):
                near = {number for number in range(test.operand - 1, test.operand + 2) if number >= 0}
                left = near - {facts.get(test.fact) for facts in told}
                lacking += [f"{rule.id} of {rule.start}: {test.fact} {number}" for number in sorted(left)]
    assert not lacking, "\n".join(lacking)


def test_c2_the_cases_notice_every_changed_rule(loaded: Packs, cases: tuple[Case, ...]):
    """No rule can be dropped, no part of it inverted and no number moved without a case saying otherwise; hardly a part left out."""
    total, left = survivors(loaded, cases, ["CN"])
    assert total > 1000
    told = [f"{one.rule.id}:{one.line} {one.change}" for one in left]
    assert all(one.change == "left out" for one in left), told
    assert len(left) <= total // 100, told
