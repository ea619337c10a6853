"""Cases beside the rules are read whole, run, and told apart by what they say (spec/law.md §8)."""

import pytest

from custody import wiring
from custody.base.errors import Malformed
from custody.law.cases import read_cases, run
from custody.law.mutants import survivors
from custody.law.pack import Packs, load

RULE = """\
id: CN-X-1
title: {zh: 题, en: title}
reference: {instrument: PIPL, article: "1"}
from: 2021-11-01
confidence: H
kind: DUE
scope: matter
when:
  all:
    - {fact: incident.affected_subjects, at_least: 1000}
    - {fact: incident.cii_involved, is: false}
says: {zh: 说, en: says}
clocks:
  - {duty: report, event: discovered, span: {hours: 4}, source: s}
"""
CASE = """\
name: a thousand
on: 2026-01-01
facts:
  incident: {affected_subjects: 1000, cii_involved: false, discovered_at: 2026-03-16T22:30:00+08:00}
fires: [CN-X-1]
due: {CN-X-1: "2026-03-17T02:30:00+08:00"}
---
name: one fewer
like: a thousand
facts:
  incident: {affected_subjects: 999}
does_not_fire: [CN-X-1]
---
name: how many is not known
like: a thousand
facts:
  incident: {affected_subjects: null}
unknown: [CN-X-1]
---
name: before the law
like: a thousand
on: 2021-10-31
does_not_fire: [CN-X-1]
"""


@pytest.fixture(scope="module")
def packs() -> Packs:
    """One rule."""
    laws = wiring.laws()
    return load({"cn/x/1.yaml": RULE}, laws.facts(), laws.clocks(), "v")


def wrong(packs: Packs, text: str) -> list[str]:
    """What comes out otherwise than said."""
    return [one for case in read_cases({"cn/cases/x.yaml": text}, packs) for one in run(case, packs)]


def test_true_cases_pass(packs: Packs):
    """Firing, not firing, unknown, out of force and due come out as written."""
    assert wrong(packs, CASE) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("affected_subjects: 999", "affected_subjects: 1000", "CN-X-1: fires, not does not fire"),
        ("affected_subjects: null", "affected_subjects: 7", "CN-X-1: does not fire, not unknown"),
        ("affected_subjects: 1000,", "affected_subjects: 10,", "CN-X-1: does not fire, not fires"),
        ("03-17T02", "03-17T03", "due 2026-03-17T02:30:00+08:00, not 2026-03-17T03:30:00+08:00"),
        ("2021-10-31", "2021-11-01", "CN-X-1: fires, not does not fire"),
    ],
)
def test_a_false_case_fails(packs: Packs, old: str, new: str, told: str):
    """A case that says what is not so is told, with what came out."""
    assert any(told in one for one in wrong(packs, CASE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("fires: [CN-X-1]\ndue", "fires: [CN-X-2]\ndue", 5, "CN-X-2 is no rule"),
        ("affected_subjects: 999", "subjects: 999", 11, "incident.subjects is not known"),
        ("affected_subjects: 999", "affected_subjects: many", 11, "whole number"),
        ("like: a thousand\non", "like: a million\non", 21, "no earlier case"),
        ("name: one fewer", "name: a thousand", 8, "another case of CN"),
        ("on: 2026-01-01\n", "", 1, "a case has a day"),
        ("fires: [CN-X-1]\ndue", "fire: [CN-X-1]\ndue", 5, "a case has no fire"),
        ("on: 2026-01-01", "on: 2026-01-01\nregimes: [XX]", 3, "places of clocks.yaml"),
    ],
)
def test_a_broken_case_is_told_with_its_line(packs: Packs, old: str, new: str, line: int, told: str):
    """Cases that are not of the form are refused whole, with file and line."""
    with pytest.raises(Malformed) as caught:
        read_cases({"cn/cases/x.yaml": CASE.replace(old, new)}, packs)
    assert f"cn/cases/x.yaml:{line}: " in caught.value.message
    assert told in caught.value.message


def test_the_cases_that_ship_come_out(loaded: Packs):
    """Every case beside the rules comes out as a lawyer wrote it."""
    cases = read_cases(wiring.laws().cases(), loaded)
    told = [f"{case.file}:{case.line} {case.name}: {one}" for case in cases for one in run(case, loaded)]
    assert not told, "\n".join(told)


def test_each_rule_fires_in_one_case_and_not_in_another(loaded: Packs):
    """Of each place that has cases, no rule is left unproven."""
    cases = read_cases(wiring.laws().cases(), loaded)
    said = {(rule, value) for case in cases for rule, value in case.says.items()}
    proven = {case.place for case in cases}
    ids = {rule.id for rule in loaded.rules if rule.regime in proven}
    assert {one for one in ids if (one, True) not in said} == set(), "never fires in a case"
    assert {one for one in ids if (one, False) not in said} == set(), "fires in every case"


def test_cases_notice_changes_of_rules(loaded: Packs):
    """Of the mutants of all places that have cases, at least 95 in 100 are noticed."""
    cases = read_cases(wiring.laws().cases(), loaded)
    total, left = survivors(loaded, cases, sorted({case.place for case in cases}))
    told = [f"{one.rule.file}:{one.line} {one.rule.id}: {one.change}" for one in left]
    assert len(left) * 20 <= total, "\n".join(told)


def test_a_mutant_that_no_case_notices_is_told(packs: Packs):
    """With one case alone the other side of the threshold is nobody's; with all cases nothing is left."""
    alone = read_cases({"cn/cases/x.yaml": CASE.partition("---")[0]}, packs)
    total, left = survivors(packs, alone, ["CN"])
    assert {one.change for one in left} == {"1000 made 999", "left out"}
    both = (
        CASE
        + "---\nname: of a critical infrastructure\nlike: a thousand\nfacts: {incident: {cii_involved: true}}\ndoes_not_fire: [CN-X-1]\n"
    )
    assert survivors(packs, read_cases({"cn/cases/x.yaml": both}, packs), ["CN"]) == (total, ())
