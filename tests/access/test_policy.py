"""A3: an access policy is closed unless a rule opens it, and the same inputs give the same outcome."""

import hashlib
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.base.errors import Malformed
from custody.privacy import access
from custody.privacy.access import PURPOSES, ROLES, TIERS, Held, Policy, decide, default, from_json, parse
from custody.privacy.access_words import sentence

RULE = '[[rule]]\nid = "a"\ntiers = ["general"]\nroles = ["data"]\npurposes = ["service"]\n'
helds = st.builds(
    Held,
    st.frozensets(st.sampled_from(ROLES)),
    st.frozensets(st.sampled_from(sorted(default().departments))),
    st.frozensets(st.tuples(st.sampled_from(TIERS), st.sampled_from(PURPOSES))),
    st.frozensets(st.sampled_from(("privacy", "law"))),
)


def test_a3_without_a_rule_nothing_opens():
    """A policy without rules opens nothing for anybody, however much they hold."""
    everything = Held(
        frozenset(ROLES), frozenset(("x",)), frozenset(itertools.product(TIERS, PURPOSES)), frozenset(("privacy",))
    )
    for tier, purpose in itertools.product(TIERS, PURPOSES):
        outcome = decide(Policy((), {}, 1, 1), everything, tier, purpose)
        assert (outcome.open, outcome.lacks) == (False, ("rule",))


@given(helds, st.sampled_from(PURPOSES))
def test_a3_sensitive_data_always_takes_a_grant_and_training(held, purpose):
    """By the policy that ships, whatever else somebody holds."""
    outcome = decide(default(), held, "sensitive", purpose)
    if outcome.open:
        assert ("sensitive", purpose) in held.grants
        assert "privacy" in held.training
        assert held.roles & set(ROLES)


@given(helds, helds, st.sampled_from(TIERS), st.sampled_from(PURPOSES))
def test_a3_to_hold_more_never_closes(one, other, tier, purpose):
    """And to hold less never opens."""
    both = Held(*(left | right for left, right in zip(_parts(one), _parts(other), strict=True)))
    assert decide(default(), both, tier, purpose).open or not decide(default(), one, tier, purpose).open


@given(helds, st.sampled_from(TIERS), st.sampled_from(PURPOSES))
def test_a3_every_answer_has_one_sentence_in_both_languages(held, tier, purpose):
    """It says why, and it ends."""
    outcome = decide(default(), held, tier, purpose)
    assert outcome.open == (not outcome.lacks)
    said = sentence(purpose, tier, outcome.rule, outcome.lacks)
    assert said["zh"].endswith("。")
    assert said["zh"].count("。") == 1
    assert said["en"].startswith("Allowed" if outcome.open else "Refused")


def test_d1_department_staff_open_what_their_department_works_for():
    """Marketing does not see what was collected for finance, and nobody without a department sees anything."""
    sales = Held(frozenset(("department",)), frozenset(("sales",)), frozenset(), frozenset())
    assert decide(default(), sales, "general", "marketing").open
    assert decide(default(), sales, "general", "legal").lacks == ("department",)
    nobody = Held(frozenset(("department",)), frozenset(), frozenset(), frozenset())
    assert not any(decide(default(), nobody, "general", purpose).open for purpose in PURPOSES)


def test_d1_a_rule_may_show_some_fields_alone():
    """A class covers what lies below it, and nothing that merely begins alike."""
    policy = parse(RULE + 'classes = ["contact", "name.full"]\n')
    outcome = decide(policy, Held(frozenset(("data",)), frozenset(), frozenset(), frozenset()), "general", "service")
    shown = [
        name
        for name in ("contact.phone", "contact", "contacts.x", "name.full", "name.first", "record.other")
        if outcome.shows(name)
    ]
    assert shown == ["contact.phone", "contact", "name.full"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no toml",
        "[[rule]]",
        RULE.replace('"data"', '"operator"'),
        RULE.replace('"data"', '"portal"'),
        RULE.replace('"data"', '"auditor"'),
        RULE.replace('["service"]', "[]"),
        RULE.replace('"general"', '"secret"'),
        RULE + RULE,
        RULE + "grant = 1\n",
        RULE + 'surprise = "x"\n',
        RULE + 'classes = ["Contact*"]\n',
        "grant_days = 0\n" + RULE,
        "grant_days = 400\n" + RULE,
        "bulk_from = true\n" + RULE,
        "[departments.x]\nzh = 'x'\nen = ''\npurposes = ['service']\n" + RULE,
    ],
)
def test_a3_what_is_no_policy_is_refused(text):
    """Also one that would let the operator, the portal or an auditor see a value."""
    with pytest.raises(Malformed) as refused:
        parse(text)
    assert refused.value.slug == "access.form"


def test_a3_a_policy_is_read_back_as_it_was_signed():
    """The fields are the policy: nothing is lost on the way through the store."""
    assert from_json(default().to_json()) == default()


def _parts(held: Held):
    return held.roles, held.departments, held.grants, held.training


def test_a3_every_policy_that_shipped_is_still_here():
    """Decisions under it are explained by it: whoever changes the one that ships keeps the one of before as `access.N.toml`."""
    folder = Path(access.__file__).parent
    kept = {hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.glob("access*.toml")}
    assert kept >= SHIPPED
    assert hashlib.sha256((folder / "access.toml").read_bytes()).hexdigest() in SHIPPED, "add it to those that shipped"


SHIPPED = {"b0e5ba3a656db865bd8425b71276e398082968ecbaaa9aab8eb52bfca62a909c"}
"""Digests of the files, each release's."""
