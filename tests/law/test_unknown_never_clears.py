"""Nobody is cleared by something unknown; adding a prohibition never clears more (spec/law.md §5, §7)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.law.check import check, flatten
from custody.law.gate import Case, Gate
from custody.law.pack import Packs
from custody.law.predicate import All, Not, Predicate
from custody.law.predicate import Test as Compare  # pytest would collect what is called test
from custody.law.predicate import tests as comparisons

ON = date(2026, 3, 16)


@pytest.fixture(scope="session")
def scenarios(shared, loaded: Packs) -> list[tuple[str, tuple[str, ...], dict, date]]:
    """(id, regimes, facts, day) of every shared scenario."""
    found = []
    for case in shared("scenarios.json"):
        facts = flatten(case["facts"], loaded.schema)
        found.append((case["id"], tuple(case["facts"]["regimes"]), facts, date.fromisoformat(facts["deal.on_date"])))
    return found


def blocks(packs: Packs, facts: dict, regimes: tuple[str, ...], on: date) -> set[str]:
    """BLOCKs that fire or may."""
    told = check(packs, facts, regimes, on)
    return {rule.id for rule in (*told.fired, *(rule for rule, _ in told.unknown)) if rule.kind == "BLOCK"}


def test_no_fact_dropped_loses_a_block(loaded: Packs, scenarios):
    """Whatever one fact of a scenario is forgotten, each BLOCK that fired still fires or is unknown."""
    for name, regimes, facts, on in scenarios[:: len(scenarios) // 24]:
        fired = {rule.id for rule in check(loaded, facts, regimes, on).fired if rule.kind == "BLOCK"}
        for fact in facts:
            left = {one: value for one, value in facts.items() if one != fact}
            day = on if fact != "deal.on_date" else date(2026, 11, 25)
            lost = fired - blocks(loaded, left, regimes, day)
            assert not lost, f"{name} without {fact}: {lost}"


@pytest.mark.soak
def test_no_fact_dropped_loses_a_block_in_any_scenario(loaded: Packs, scenarios):
    """The same for every scenario, and for every pair of facts of some."""
    for name, regimes, facts, on in scenarios:
        fired = {rule.id for rule in check(loaded, facts, regimes, on).fired if rule.kind == "BLOCK"}
        for fact in facts:
            left = {one: value for one, value in facts.items() if one != fact}
            assert not fired - blocks(loaded, left, regimes, on), f"{name} without {fact}"


def test_a_day_that_is_not_known_loses_nothing(loaded: Packs):
    """Law of another day is unknown, and the day is asked for; on a known day it is not."""
    facts = {"deal.structure": "asset_deal", "deal.authority_approved": False, "event.kind": "closing_handover",
             "event.data_leaves_entity": True, "event.identifiability": "identifiable"}  # fmt: skip
    told = check(loaded, facts, ("IN",), ON)
    future = {rule.id: missing for rule, missing in told.unknown}
    assert "deal.on_date" in future["IN-CONSENT"]
    assert "IN-CONSENT" not in {
        rule.id for rule, _ in check(loaded, {**facts, "deal.on_date": "2026-03-16"}, ("IN",), ON).unknown
    }


EVIDENCE = sorted({
    "notice.delivered", "consent.separate", "consent.separate.sensitive", "consent.purpose", "basis.gdpr", "necessity.recorded",
    "consent.guardian", "consent.export", "transfer.tool", "opinion.cn", "opinion.eu",
})  # fmt: skip


@st.composite
def situations(draw: st.DrawFn):
    """A place in the list of scenarios, a fact to forget, evidence held, one more piece of evidence."""
    held = draw(st.frozensets(st.sampled_from(EVIDENCE)))
    everything = draw(st.booleans())
    return (
        draw(st.integers(0, 10_000)),
        draw(st.integers(0, 10_000)),
        frozenset(EVIDENCE) if everything else held,
        draw(st.sampled_from(EVIDENCE)),
    )


def verdict(packs: Packs, facts: dict, regimes: tuple[str, ...], held: frozenset[str], on: date) -> str:
    """What the gate says of a person with these facts."""
    return Gate(packs, facts, on).decide(Case(regimes, (), held)).verdict


@settings(max_examples=60)
@given(situations())
def test_forgetting_never_clears(loaded: Packs, scenarios, situation):
    """A fact, a piece of evidence or a pack less never turns a person who is held back into one who is handed over."""
    place, which, held, one = situation
    _, regimes, facts, on = scenarios[place % len(scenarios)]
    if verdict(loaded, facts, regimes, held, on) == "hand_over":
        return
    fact = sorted(facts)[which % len(facts)]
    assert (
        verdict(loaded, {name: value for name, value in facts.items() if name != fact}, regimes, held, on)
        != "hand_over"
    )
    assert verdict(loaded, facts, regimes, held - {one}, on) != "hand_over"
    bare = replace(loaded, rules=tuple(rule for rule in loaded.rules if rule.regime != regimes[0]))
    assert verdict(bare, facts, regimes, held, on) != "hand_over"


@settings(max_examples=60)
@given(situations())
def test_a_prohibition_never_clears(loaded: Packs, scenarios, situation):
    """One more BLOCK, one more regime, a refusal or an objection never hands over more."""
    place, which, held, _ = situation
    _, regimes, facts, on = scenarios[place % len(scenarios)]
    before = verdict(loaded, facts, regimes, held, on)
    rule = loaded.rules[which % len(loaded.rules)]
    more = replace(
        loaded,
        rules=(
            *loaded.rules,
            replace(rule, id="X-MORE-1", regime=regimes[0], kind="BLOCK", scope="subject", evidence=()),
        ),
    )
    strict = ("hand_over", "wait", "withhold", "retain_only", "destroy").index
    assert strict(verdict(more, facts, regimes, held, on)) >= strict(before)
    assert strict(verdict(loaded, facts, (*regimes, rule.regime), held, on)) >= strict(before)
    for no in ("objection", "withdrawal", "consent.refused"):
        assert strict(verdict(loaded, facts, regimes, held | {no}, on)) >= max(strict(before), strict("withhold"))


def one_rule(packs: Packs, confidence: str, when: Predicate) -> Packs:
    """A single BLOCK of a place that a notice satisfies."""
    model = next(rule for rule in packs.rules if rule.kind == "BLOCK" and rule.scope == "subject")
    return replace(
        packs,
        rules=(
            replace(model, id="SG-X-1", regime="SG", confidence=confidence, when=when, evidence=("notice.delivered",)),
        ),
    )


def test_a_rule_of_low_confidence_never_clears_alone(loaded: Packs):
    """A satisfied rule of confidence M waits for an opinion on that law; one of confidence H, or the opinion, clears."""
    when = Compare("deal.handler_changes", "is", True)
    facts, told = {"deal.handler_changes": True}, frozenset(("notice.delivered",))
    for confidence, held, said in (
        ("H", told, "hand_over"), ("M", told, "wait"), ("L", told, "wait"), ("M", told | {"opinion.sg"}, "hand_over"),
        ("M", told | {"opinion.hk"}, "wait"), ("M", frozenset(("opinion.sg",)), "wait"),
    ):  # fmt: skip
        assert verdict(one_rule(loaded, confidence, when), facts, ("SG",), held, ON) == said, (confidence, held)


def test_every_block_that_ships_can_be_met_by_each_of_its_tests(loaded: Packs):
    """No BLOCK is dead: forgetting every fact leaves it unknown or true."""
    dead = [rule.id for rule in loaded.rules if rule.kind == "BLOCK" and loaded.ask(rule, {}).value is False]
    assert not dead
    assert all(list(comparisons(rule.when)) for rule in loaded.rules if rule.kind == "BLOCK")
    assert loaded.ask(replace(loaded.rules[0], when=All((Compare("deal.on_date", "below", "2020-01-01"), Not(Compare("deal.on_date", "below", "2021-01-01"))))), {}).value is False  # fmt: skip
