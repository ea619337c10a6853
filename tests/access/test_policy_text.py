"""An access policy written out reads back as the same policy (A3)."""

from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.access import PURPOSES, ROLES, TIERS, Department, Policy, Rule, default, parse
from custody.privacy.access_text import written

CODES = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20).filter(str.strip)


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


RULES = st.builds(
    Rule, CODES, some(TIERS), some(ROLES), some(PURPOSES), st.booleans(), st.booleans(), st.one_of(st.just(""), CODES),
    st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,6}(\.[a-z][a-z0-9_]{0,6}){0,2}", fullmatch=True), max_size=3).map(tuple),
)  # fmt: skip
POLICIES = st.builds(
    Policy, st.lists(RULES, max_size=4, unique_by=lambda one: one.id).map(tuple), st.dictionaries(CODES, st.builds(Department, NAMES, NAMES, some(PURPOSES)), max_size=3),
    st.integers(1, 366), st.integers(1, 10_000),
)  # fmt: skip


@given(POLICIES)
def test_a3_a_policy_reads_back_as_it_was(policy):
    """Whatever names and rules it has, and whatever stands in a name."""
    assert parse(written(policy)) == policy


def test_a3_the_policy_that_ships_reads_back():
    """The one in force where nobody wrote one is what a first change begins with."""
    assert parse(written(default())) == default()
