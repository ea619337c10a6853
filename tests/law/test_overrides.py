"""C3: what an override takes away, and what it never does (spec/law.md §7)."""

from dataclasses import replace
from datetime import date

import pytest
from tests.law.test_papers import SALE

from custody.law.gate import Case, Gate, Reason, may_lift, override
from custody.law.pack import Packs

ON = date(2026, 6, 1)
HELD = {"notice.delivered", "minimum.confirmed", "basis.recorded"}


def reasons(packs: Packs, *evidence: str, regimes: tuple[str, ...] = ("CN",), **facts: object) -> dict[str, Reason]:
    """Why a customer of the sale is held back, by rule."""
    told = {**SALE, **{name.replace("__", "."): value for name, value in facts.items()}}
    decision = Gate(packs, told, ON).decide(Case(regimes, (), frozenset({*HELD, *evidence})))
    return {one.rule: one for one in decision.reasons}


def test_a_rule_set_aside_gives_no_reason_and_is_named(loaded: Packs):
    """The sale waits for separate consent; set aside, it does not, and the decision says by name what was."""
    assert reasons(loaded)["CN-PROVIDE-23"].verdict == "wait"
    lifted = reasons(loaded, override("CN-PROVIDE-23"))
    assert set(reasons(loaded)) - set(lifted) == {"CN-PROVIDE-23"}
    case = Case(("CN",), (), frozenset({*HELD, override("CN-PROVIDE-23")}))
    decision = Gate(loaded, SALE, ON).decide(case)
    assert decision.overridden == ("CN-PROVIDE-23",)
    assert "CN-PROVIDE-23" in decision.rules


def test_an_override_of_one_rule_lifts_no_other(loaded: Packs):
    """Whatever else holds the person back stays."""
    for rule in loaded.of(["CN"], ON):
        before, after = reasons(loaded), reasons(loaded, override(rule.id))
        assert set(before) - set(after) <= {rule.id}


def test_unknown_is_not_set_aside(loaded: Packs):
    """Where a fact is missing, the fact is asked for: nobody signs for what nobody knows."""
    told = reasons(loaded, override("CN-PROVIDE-23"), deal__structure=None)
    assert told["CN-PROVIDE-23"].verdict == "withhold"


@pytest.mark.parametrize("no", ["objection", "withdrawal", "consent.refused"])
def test_a_customers_no_is_not_set_aside(loaded: Packs, no: str):
    """With every rule set aside, who said no still stays."""
    lifted = [override(rule.id) for rule in loaded.rules]
    assert [one for one in reasons(loaded, no, *lifted) if one.startswith("SAID-NO")]


def test_a_prohibition_is_not_set_aside(loaded: Packs):
    """An absolute BLOCK holds whatever people sign."""
    told = reasons(loaded, override("CN-BASIS-13"), basis__lawful_basis_for_provision=False)
    assert told["CN-BASIS-13"].verdict == "withhold"
    assert all(not may_lift(rule) for rule in loaded.rules if rule.absolute)


def test_nobody_without_law_or_residence_is_set_free(loaded: Packs):
    """A place that is not loaded, and a person whose place is not known, are no rules."""
    lifted = [override(name) for name in ("NO-PACK-MX", "NO-RESIDENCE", *(rule.id for rule in loaded.rules))]
    assert "NO-PACK-MX" in reasons(loaded, *lifted, regimes=("CN", "MX"))
    assert "NO-RESIDENCE" in reasons(loaded, *lifted, regimes=())


def test_low_confidence_still_clears_nobody_alone(loaded: Packs):
    """Where the one sure rule is set aside and only unsure ones are left, the person waits for an opinion on that law."""
    sure = next(rule for rule in loaded.rules if rule.id == "CN-PROVIDE-23")
    unsure = replace(sure, id="CN-HOUSE-1", confidence="M", evidence=("manager.agreed",))
    packs = replace(loaded, rules=(sure, unsure))
    held = ("manager.agreed", override("CN-PROVIDE-23"))
    assert set(reasons(packs, *held)) == {"CONFIDENCE-CN"}
    assert reasons(packs, *held, "opinion.cn") == {}
    assert set(reasons(packs, override("CN-PROVIDE-23"), override("CN-HOUSE-1"))) == {"CONFIDENCE-CN"}


def test_a_stage_opens_when_its_rule_is_set_aside(loaded: Packs):
    """For the deal's own rules too, and only for those that are known to bind."""
    gate = Gate(loaded, SALE, ON)
    shut = {rule.id for rule in gate.blocked("ship", frozenset(), ["CN"])}
    assert "CN-PIPIA-55" in shut
    assert {rule.id for rule in gate.blocked("ship", frozenset({override("CN-PIPIA-55")}), ["CN"])} == shut - {
        "CN-PIPIA-55"
    }
    vague = Gate(loaded, {**SALE, "event.recipient_role": None, "data.categories": None}, ON)
    assert "CN-PIPIA-55" in {rule.id for rule in vague.blocked("ship", frozenset({override("CN-PIPIA-55")}), ["CN"])}
