"""Every number that a rule turns on is worked by cases one below, at and one above it (spec/law.md §8)."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from tests.law.test_second_reading import CLOCKS, written

from custody import wiring
from custody.base.clock import parse
from custody.law import predicate
from custody.law.cases import Case, read_cases
from custody.law.pack import Packs, Rule

ORDERS: Final = {"at_least", "more_than", "at_most", "below"}
# The comparator table of the dossier: 以上 takes the number in, 超过 does not, and 不满 stops before it.
COMPARATORS: Final = [
    ("CN-PIPO-52", "buyer.subjects_after", "at_least", 1_000_000),
    ("CN-10M-NDSMR28", "buyer.subjects_after", "at_least", 10_000_000),
    ("CN-AUDIT-10M", "buyer.subjects_after", "more_than", 10_000_000),
    ("CN-XB-EXEMPT-100K", "crossborder.count_general_ytd", "below", 100_000),
    ("CN-XB-EXEMPT-100K", "crossborder.count_sensitive_ytd", "at_most", 0),
    ("CN-XB-SCC", "crossborder.count_general_ytd", "at_least", 100_000),
    ("CN-XB-SCC", "crossborder.count_general_ytd", "below", 1_000_000),
    ("CN-XB-SCC", "crossborder.count_sensitive_ytd", "at_least", 1),
    ("CN-XB-SCC", "crossborder.count_sensitive_ytd", "below", 10_000),
    ("CN-XB-CERT", "crossborder.count_general_ytd", "at_least", 100_000),
    ("CN-XB-CERT", "crossborder.count_general_ytd", "below", 1_000_000),
    ("CN-XB-SA", "crossborder.count_general_ytd", "at_least", 1_000_000),
    ("CN-XB-SA", "crossborder.count_sensitive_ytd", "at_least", 10_000),
    ("CN-FACE-FILE", "buyer.face_subjects_after", "at_least", 100_000),
    ("CN-INC-GRADE", "incident.affected_subjects", "at_least", 1_000_000),
    ("CN-AUDIT-ORDERED", "incident.affected_subjects", "at_least", 1_000_000),
    ("CN-AUDIT-ORDERED", "incident.affected_sensitive", "at_least", 100_000),
    ("US-CA-BREACH-AG", "incident.us_ca_residents", "more_than", 500),
    ("SG-BREACH", "incident.affected_subjects", "at_least", 500),
    ("JP-BREACH", "incident.affected_subjects", "more_than", 1_000),
    ("US-DOJ-BULK", "data.subjects_total", "more_than", 100_000),
]


@pytest.fixture(scope="module")
def worked(loaded: Packs) -> tuple[Case, ...]:
    """Every case beside the rules."""
    return read_cases(wiring.laws().cases(), loaded)


def thresholds(packs: Packs) -> Iterator[tuple[Rule, predicate.Test]]:
    """Each comparison of a rule with a number."""
    for rule in packs.rules:
        for test in predicate.tests(rule.when):
            if test.operator in ORDERS and packs.schema.leaves[test.fact].kind in {"integer", "number"}:
                yield rule, test


def test_every_threshold_is_worked_below_at_and_above(loaded: Packs, worked: tuple[Case, ...]):
    """For each number n of each text, cases of that text judge its rule with n - 1, n and n + 1 of the fact."""
    lacking = set()
    for rule, test in thresholds(loaded):
        known = {
            case.facts.get(test.fact)
            for case in worked
            if rule.id in case.says and rule.in_force(case.on) and rule.regime in case.regimes
        }
        number = int(str(test.operand))
        lacking |= {
            (rule.id, str(rule.start), test.fact, value)
            for value in (number - 1, number, number + 1)
            if value >= 0 and value not in known
        }
    assert not lacking


def test_every_threshold_of_a_clock_is_worked_below_at_and_above(loaded: Packs):
    """For each number n on which a deadline of a text turns, a deadline reckoned by hand under that text knows n - 1, n and n + 1."""
    worked = {
        (rule.id, str(rule.start), fact, value)
        for one in written(*CLOCKS)
        for rule in loaded.texts(one["rule"])
        if rule.in_force(parse(one["start"]).astimezone(ZoneInfo(loaded.terms.zone(rule.regime))).date())
        for name, value in one["facts"].items()
        for fact in (loaded.schema.called(name) or (name,))
        if isinstance(value, int)
    }
    asked = {
        (rule.id, str(rule.start), test.fact, int(str(test.operand)) + step)
        for rule, test in of_clocks(loaded)
        for step in (-1, 0, 1)
    }
    assert len(asked) > 30
    assert not asked - worked


def of_clocks(packs: Packs) -> Iterator[tuple[Rule, predicate.Test]]:
    """Each comparison with a number in a clock's own condition."""
    for rule in packs.rules:
        for clock in rule.clocks:
            for when in (clock.when, clock.extension.when if clock.extension else None):
                for test in predicate.tests(when) if when else ():
                    if test.operator in ORDERS and packs.schema.leaves[test.fact].kind in {"integer", "number"}:
                        yield rule, test


def test_the_packs_compare_as_the_law_does(loaded: Packs):
    """At least, more than and below are those of the statutes: the newest text of each rule holds the comparison."""
    newest = {rule.id: rule for rule in sorted(loaded.rules, key=lambda rule: rule.start)}
    compared = {
        (name, one.fact, one.operator, str(one.operand))
        for name, rule in newest.items()
        for one in predicate.tests(rule.when)
    }
    assert not [row for row in COMPARATORS if (*row[:3], str(row[3])) not in compared]
