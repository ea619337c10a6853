"""Packs are loaded whole or not at all, and every fault is told with its place (spec/law.md §4, §6)."""

import pytest

from custody import wiring
from custody.base.errors import Malformed
from custody.law.pack import Packs, load

RULE = """\
id: CN-X-1
title: {zh: 题, en: title}
reference: {instrument: PIPL, article: "1"}
from: 2021-11-01
confidence: H
kind: DUTY
scope: matter
when: {fact: deal.structure, is: merger}
says: {zh: 说, en: says}
"""


def read(*texts: str) -> Packs:
    """Load rules of China from texts, with the facts and clocks that ship."""
    laws = wiring.laws()
    return load({f"cn/x/{n}.yaml": text for n, text in enumerate(texts)}, laws.facts(), laws.clocks(), "v")


def faults(*texts: str) -> str:
    """What loading says is wrong."""
    with pytest.raises(Malformed) as caught:
        read(*texts)
    assert caught.value.slug == "law.pack"
    return caught.value.message


def test_a_rule_of_the_form_is_loaded():
    """The rule that the tests below break is whole."""
    (rule,) = read(RULE).rules
    assert (rule.id, rule.regime, rule.line) == ("CN-X-1", "CN", 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("kind: DUTY", "kind: RULE", 6, "kind is one of"),
        ("scope: matter", "scope: all", 7, "scope is one of"),
        ("confidence: H", "confidence: high", 5, "confidence is one of"),
        ("is: merger", "is: merge", 8, "must be one of"),
        ("deal.structure", "deal.form", 8, "no known fact"),
        ("is: merger", "at_least: 3", 8, "at_least does not apply"),
        ("is: merger", "in: merger", 8, "needs a list"),
        ("is: merger", "is: [merger]", 8, "needs one value"),
        ("{fact: deal.structure, is: merger}", "{all: []}", 8, "needs a list of predicates"),
        ("{fact: deal.structure, is: merger}", "{fact: deal.handler_changes, is: 1}", 8, "true or false"),
        ("{fact: deal.structure, is: merger}", "{fact: data.subjects_total, below: -1}", 8, "not negative"),
        ("{fact: deal.structure, is: merger}", "{fact: deal.on_date, at_least: 2026-13-01}", 8, "a day"),
        ("{zh: 说, en: says}", "{zh: 说}", 9, "must hold zh and en"),
        ("{zh: 说, en: says}", "{zh: 说, en: no, never}", 9, "must hold zh and en"),
        ("from: 2021-11-01", "from: soon", 4, "are days"),
        ("from: 2021-11-01", "from: 2021-11-01\nto: 2020-01-01", 4, "in this order"),
        ("kind: DUTY", "kind: DUTY\nkind: DUE", 7, "stands twice"),
        ("kind: DUTY", "kind: DUTY\nwhenever: x", 7, "a rule has no whenever"),
        ("kind: DUTY\n", "", 1, "lacks kind"),
        ("kind: DUTY", "kind: BLOCK", 6, "before which stage"),
        ("id: CN-X-1", "id: cn-x", 1, "an id is"),
        ('article: "1"', "article: 1", 3, "quote a number"),
        ("kind: DUTY", "kind: DUTY\npublished: {website: 30}", 7, "published maps"),
        ("kind: DUTY", "kind: DUTY\nevidence: [notice.delivered]\npublished: {wall: 30}", 8, "published maps"),
        ("kind: DUTY", "kind: DUTY\nevidence: [notice.delivered]\npublished: {website: 0}", 8, "published maps"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, told: str):
    """Each way to break a rule is found and named by file and line."""
    message = faults(RULE.replace(old, new))
    assert f"cn/x/0.yaml:{line}: " in message
    assert told in message


def test_all_faults_are_told_at_once():
    """Faults of several rules and files come in one message."""
    broken = RULE.replace("kind: DUTY", "kind: RULE").replace("scope: matter", "scope: all")
    message = faults(broken, "id: x\nwhen: [", RULE.replace("CN-X-1", "CN-X-2").replace("is: merger", "is: merge"))
    assert message.count("cn/x/0.yaml") == 2
    assert "cn/x/1.yaml:3: this is not YAML" in message
    assert "cn/x/2.yaml:8" in message


def test_two_texts_in_force_on_one_day_are_refused():
    """A replaced text ends before the next begins."""
    old = RULE.replace("from: 2021-11-01", "from: 2020-01-01\nto: 2021-10-31")
    packs = read(old, RULE)
    assert [rule.start.year for rule in packs.texts("CN-X-1")] == [2020, 2021]
    assert "in force on the same day" in faults(RULE, RULE)
    assert "in force on the same day" in faults(old.replace("10-31", "11-01"), RULE)


CLOCK = (
    RULE
    + """\
clocks:
  - event: discovered
    when: {fact: incident.severity, in: [larger, major]}
    span: {hours: 4}
    extension: {when: {fact: extended, is: true}, adds: {hours: 2}}
    source: Art. 4
"""
)


def test_a_clock_of_the_form_is_loaded():
    """The clock that the test below breaks is whole, and takes the place's zone."""
    (rule,) = read(CLOCK).rules
    (clock,) = rule.clocks
    assert (clock.zone, clock.bound, clock.extension.span.amount) == ("Asia/Shanghai", "at_latest", 6)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("discovered", "found", 11, "no start event"),
        ("{hours: 4}", "{hours: 0}", 13, "positive whole number"),
        ("{hours: 4}", "{hours: 4, days: 1}", 13, "positive whole number"),
        ("{hours: 4}", "{fortnights: 4}", 13, "positive whole number"),
        ("span: {hours: 4}", "immediate: true\n    none: true", 11, "exactly one of"),
        ("span: {hours: 4}", "immediate: yes please", 11, "exactly one of"),
        ("source: Art. 4", "bound: never", 15, "bound is one of"),
        ("    source: Art. 4\n", "", 11, "names its source"),
        ("source: Art. 4", "source: x\n    zone: Asia/Beijing", 16, "time zone database"),
        ("adds: {hours: 2}", "adds: {days: 2}", 14, "the unit of the span"),
        ("adds: {hours: 2}", "span: {hours: 2}", 14, "adds or total"),
        ("fact: extended", "fact: prolonged", 14, "no known fact"),
        ("source: Art. 4", "source: x\n    or_earlier: [incident.severity]", 16, "facts that are instants"),
        ("span: {hours: 4}", "until: {month: 2, day: 29}", 13, "every year has"),
        ("source: Art. 4", "source: x\n    spam: 1", 16, "a clock has no spam"),
    ],
)
def test_a_fault_of_a_clock_is_told_with_its_line(old: str, new: str, line: int, told: str):
    """Each way to break a clock is found and named by file and line."""
    message = faults(CLOCK.replace(old, new))
    assert f"cn/x/0.yaml:{line}: " in message
    assert told in message


def test_the_packs_that_ship_are_whole(loaded: Packs):
    """What ships loads."""
    assert loaded.rules
