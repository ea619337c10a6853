"""C2: the interview asks what changes the outcome, nothing else, and ends where the facts alone would."""

import random
from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.interviewed import interviewed, outcome, same

from custody import wiring
from custody.acts import lawbook
from custody.law.cases import read_cases
from custody.law.check import check, flatten
from custody.law.interview import Interview, Told, following
from custody.law.pack import Packs
from custody.law.possible import with_ages
from custody.law.questions import MOST, Questions

MEDIAN = 25
SEED = 20261125


@pytest.fixture(scope="session")
def questions() -> Questions:
    """The questions that ship."""
    return lawbook.questions(wiring.laws())


@pytest.fixture(scope="session")
def interview(loaded: Packs, questions: Questions) -> Interview:
    """One interviewer for all of them."""
    return Interview(loaded, questions)


def test_c2_every_given_scenario_is_reached_by_the_interview_alone(loaded: Packs, interview: Interview, shared):
    """What fires and what might is the same as on the facts themselves, in at most 25 questions for half of them."""
    counts, wrong = [], []
    for case in shared("scenarios.json"):
        facts, places = flatten(case["facts"], loaded.schema), tuple(case["facts"]["regimes"])
        on = date.fromisoformat(str(facts["deal.on_date"]))
        asked, told = interviewed(interview, facts, places, date(2026, 1, 1))
        counts.append(len(asked))
        if not same(outcome(loaded, told), check(loaded, facts, places, on)):
            wrong.append(case["id"])
    assert not wrong
    assert median(counts) <= MEDIAN, sorted(counts)


def test_c2_every_own_case_is_reached_by_the_interview_alone(loaded: Packs, interview: Interview):
    """A seeded slice of the cases beside the rules: dropping a fact makes it unknown in both, never silently known."""
    cases = read_cases(wiring.laws().cases(), loaded)
    for case in random.Random(SEED).sample(cases, 60):
        facts = {"deal.on_date": case.on.isoformat(), **{k: v for k, v in case.facts.items() if v is not None}}
        asked, told = interviewed(interview, facts, case.regimes, date(2026, 1, 1))
        told_of = {**facts, **{k: v for k, v in told.facts.items() if k not in facts}}
        assert same(outcome(loaded, told), check(loaded, told_of, case.regimes, case.on)), case.name
        parts = [part for _, facts_of in asked for part in facts_of]
        assert len(parts) == len(set(parts)), case.name


def test_c2_a_question_is_a_sentence_with_few_parts(questions: Questions):
    """No question has more than four parts, and every fact has exactly one question."""
    parts = [fact for one in questions.all.values() for fact in one.facts]
    assert max(len(one.facts) for one in questions.all.values()) <= MOST
    assert sorted(parts) == sorted(set(parts))


def test_c2_nothing_follows_against_what_scenarios_know(loaded: Packs, questions: Questions, shared):
    """Where a scenario knows a fact that follows from others, it is what follows."""
    wrong = []
    for case in shared("scenarios.json"):
        facts = with_ages(flatten(case["facts"], loaded.schema))
        for fact in {fact for follow in questions.follows for fact in follow.then} & set(facts):
            rest = {name: value for name, value in facts.items() if name != fact}
            told = Told(rest, frozenset(), tuple(case["facts"]["regimes"]), date(2026, 1, 1))
            found = following(questions.follows, told, loaded.schema)
            wrong += [(case["id"], fact)] if fact in found and found[fact][0] != facts[fact] else []
    assert not wrong


@given(st.data())
def test_c2_a_fact_that_is_not_asked_changes_nothing(loaded: Packs, interview: Interview, data: st.DataObject):
    """Whatever a fact is that no open question asks for, the same rules fire and the same might."""
    leaves = data.draw(st.lists(st.sampled_from(sorted(loaded.schema.leaves)), max_size=12, unique=True))
    facts = {name: data.draw(_values(loaded.schema.leaves[name])) for name in leaves}
    places = (data.draw(st.sampled_from(sorted(loaded.regimes))),)
    told = Told(facts, frozenset(), places, date(2026, 6, 1))
    asked = {fact for one in interview.open(told) for fact in one.facts}
    idle = data.draw(st.sampled_from(sorted(set(loaded.schema.leaves) - asked - set(facts) - {"deal.on_date"})))
    if (
        any(idle in one.facts and asked & set(one.facts) for one in interview.questions.all.values() if one.unless)
        or idle in _AGES
    ):
        return
    more = {**facts, idle: data.draw(_values(loaded.schema.leaves[idle]))}
    assert same(check(loaded, facts, places, told.on), check(loaded, more, places, told.on))


_AGES = frozenset(("data.youngest_age", *(f"data.minors_u{years}" for years in (13, 14, 16, 18))))


def _values(leaf) -> st.SearchStrategy:
    if leaf.kind == "boolean":
        return st.booleans()
    if leaf.kind == "one_of":
        return st.sampled_from(list(leaf.values))
    if leaf.kind == "some_of":
        return st.lists(st.sampled_from(list(leaf.values)), unique=True, max_size=4)
    if leaf.kind == "date":
        return st.dates(date(2024, 1, 1), date(2028, 1, 1)).map(str)
    if leaf.kind == "instant":
        return st.datetimes().map(lambda at: f"{at.isoformat(timespec='seconds')}Z")
    return st.integers(0, leaf.most or 2_000_000)
