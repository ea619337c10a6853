"""A retention policy written out reads back as the same policy; what is proposed keeps to the law (A8)."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from custody.base.errors import Malformed
from custody.privacy.retention import Policy, Rule, Start, Then, floors, parse
from custody.privacy.retention_text import proposed, written

WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
TEXTS = st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12), min_size=1, max_size=3).map(tuple)  # fmt: skip
SOME = st.one_of(st.just(()), TEXTS)
SPANS = st.integers(0, 3_660)
RULES = st.builds(
    Rule, WORDS, st.sampled_from(Start), st.just(Then.ERASE), SOME, SPANS, SPANS, SPANS, st.booleans(), st.just(()), st.one_of(st.just(""), WORDS), SOME,
) | st.builds(Rule, WORDS, st.sampled_from(Start), st.just(Then.STRIP), SOME, SPANS, columns=TEXTS, law=SOME)  # fmt: skip
POLICIES = st.builds(
    Policy, st.lists(RULES, min_size=1, max_size=4).map(tuple), st.integers(0, 3_660),
    st.one_of(st.just(""), st.dates(date(2000, 1, 1), date(2200, 1, 1)).map(date.isoformat)),
)  # fmt: skip


@given(POLICIES)
def test_a8_a_policy_reads_back_as_it_was(policy):
    """Whatever rules it has, and whatever stands in a name."""
    assume(not any(one.retention in floors() for one in policy.rules))
    assert parse(written(policy)) == policy


@given(st.sets(st.sampled_from(sorted(floors())), min_size=1), st.sets(WORDS, max_size=3))
def test_a8_what_is_proposed_is_what_the_law_keeps(known, others):
    """Every word that the law speaks of has its rule, no shorter; the others wait for somebody to say."""
    text = proposed(known | others)
    assert {rule.retention for rule in parse(text).rules} == known | (others & set(floors()))
    assert all(f'# retention = "{word}"' in text for word in others - set(floors()))


def test_a8_where_the_law_says_nothing_nothing_is_made_up():
    """A proposal without a rule is no policy: somebody has to say how long."""
    with pytest.raises(Malformed):
        parse(proposed({"own-word"}))
