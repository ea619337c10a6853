"""The behaviour model: it repeats, keeps its shares, and is printed as what it is."""

from collections import Counter

import pytest
import yaml

from custody_sample import SEED, Question, answers, assumptions, objects_after_shipping, to_yaml

MANY = 20_000


@pytest.mark.parametrize(("question", "share"), [("general", 915), ("sensitive", 780), ("guardian", 700)])
def test_shares(question: Question, share: int):
    """Answers come in the documented shares, within one per cent of all customers."""
    met = Counter(answers(SEED, index, question) for index in range(MANY))
    reached = 0.972 * 0.969
    assert met["bounced"] / MANY == pytest.approx(0.028, abs=0.01)
    assert met["refuse"] / MANY == pytest.approx(0.972 * 0.031, abs=0.01)
    assert met["consent"] / MANY == pytest.approx(reached * share / 1000, abs=0.01)
    assert met["silent"] / MANY == pytest.approx(reached * (1 - share / 1000), abs=0.01)


def test_answers_repeat():
    """The same seed answers alike; another seed answers otherwise."""
    first = [answers(1, index) for index in range(500)]
    assert first == [answers(1, index) for index in range(500)]
    assert first != [answers(2, index) for index in range(500)]


def test_bounced_and_refused_for_every_question():
    """Who was not reached, or refused, does so for every question."""
    for index in range(2_000):
        given = {answers(SEED, index, question) for question in ("general", "sensitive", "guardian")}
        assert len(given) == 1 or given <= {"consent", "silent"}


def test_objection_after_shipping():
    """A documented share objects between shipping and release."""
    late = sum(objects_after_shipping(SEED, index) for index in range(MANY))
    assert late / MANY == pytest.approx(0.012, abs=0.005)


def test_printed_form_reads_back():
    """The printed file holds exactly the assumptions, and says in both languages what they are."""
    text = to_yaml(assumptions(9))
    assert yaml.safe_load(text) == assumptions(9)
    assert assumptions(9)["seed"] == 9
    assert "不是事实" in text
    assert "not facts" in text
