"""Unknown means that some value of the missing facts makes it true and some false, and nothing else (spec/law.md §3)."""

from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.law.check import check
from custody.law.pack import Packs
from custody.law.possible import ask, with_ages
from custody.law.predicate import All, Any, Not, leaves
from custody.law.predicate import Test as Compare  # a class called Test would be collected
from custody.law.reading import ALLOWED
from custody.law.schema import Leaf, Schema

A, B, C, N, D, L = "a.yes", "a.no", "a.colour", "a.count", "a.day", "a.some"
COLOURS = ("red", "green", "blue")
DAYS = ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05")
SCHEMA = Schema({
    A: Leaf(A, "boolean", "", "", {}),
    B: Leaf(B, "boolean", "", "", {}),
    C: Leaf(C, "one_of", "", "", dict.fromkeys(COLOURS, "")),
    N: Leaf(N, "integer", "", "", {}),
    D: Leaf(D, "date", "", "", {}),
    L: Leaf(L, "some_of", "", "", dict.fromkeys(COLOURS, "")),
})  # fmt: skip
# Every value that matters: operands lie inside these ranges, so what lies outside is like what lies at their ends.
DOMAIN = {
    A: (True, False),
    B: (True, False),
    C: COLOURS,
    N: tuple(range(6)),
    D: DAYS,
    L: tuple(list(some) for size in range(4) for some in combinations(COLOURS, size)),
}
OPERANDS = {
    A: st.booleans(),
    B: st.booleans(),
    C: st.sampled_from(COLOURS),
    N: st.integers(1, 4),
    D: st.sampled_from(DAYS[1:4]),
    L: st.sampled_from(COLOURS),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Compare:
    """Any comparison that a pack could hold."""
    name = draw(st.sampled_from(sorted(DOMAIN)))
    operator = draw(st.sampled_from(ALLOWED[SCHEMA.leaves[name].kind]))
    one = OPERANDS[name]
    listed = operator in {"in", "not_in", "has_any", "only"}
    return Compare(name, operator, draw(st.lists(one, min_size=1, max_size=3, unique=True) if listed else one))


def trees() -> st.SearchStrategy:
    """Any predicate, to a few levels."""
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=4).map(lambda parts: All(tuple(parts))),
            st.lists(inner, min_size=1, max_size=4).map(lambda parts: Any(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=9,
    )


@st.composite
def known(draw: st.DrawFn) -> dict:
    """Facts, each of which may be missing."""
    return {name: draw(st.sampled_from(values)) for name, values in DOMAIN.items() if draw(st.booleans())}


@given(trees(), known())
def test_the_answer_is_what_trying_every_value_gives(tree, facts):
    """True, false and unknown agree with trying every value of every missing fact."""
    open_facts = sorted(leaves(tree) - set(facts))
    tried = {
        tree.ask({**facts, **dict(zip(open_facts, values, strict=True))})
        for values in product(*(DOMAIN[name] for name in open_facts))
    }
    answer = ask(tree, facts, SCHEMA)
    assert answer.value is (tried.pop() if len(tried) == 1 else None)
    assert answer.missing <= set(open_facts)
    assert bool(answer.missing) is (answer.value is None)


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (All((Compare(A, "is", True), Compare(A, "is", False))), False),
        (Any((Compare(A, "is", True), Not(Compare(A, "is", True)))), True),
        (Compare(C, "in", list(COLOURS)), True),
        (All((Compare(N, "below", 3), Compare(N, "more_than", 2))), False),
        (All((Compare(N, "below", 4), Compare(N, "more_than", 2))), None),
        (Compare(N, "at_least", 0), True),
        (Any((Compare(N, "at_least", 3), Compare(N, "below", 3))), True),
        (All((Compare(D, "at_least", "2026-01-03"), Compare(D, "below", "2026-01-03"))), False),
        (All((Compare(L, "has", "red"), Compare(L, "only", ["green"]))), False),
        (All((Compare(L, "has", "red"), Not(Compare(L, "has_any", ["red", "blue"])))), False),
        (All((Compare(L, "only", ["red"]), Not(Compare(L, "has", "red")))), None),
    ],
)
def test_what_every_value_agrees_on_is_decided(tree, value: bool | None):
    """Contradictions never fire, tautologies always do, whatever is missing."""
    assert ask(tree, {}, SCHEMA).value is value


def test_beyond_the_limit_the_answer_stays_unknown():
    """A predicate with more cases than are tried withholds, though no value at all could make it true."""

    def pigeons(count: int) -> tuple[All, Schema]:
        """Each of `count` pigeons sits in one of count - 1 holes, and no two in one."""
        sits = {(p, h): Compare(f"p{p}.h{h}", "is", True) for p in range(count) for h in range(count - 1)}
        housed = [Any(tuple(sits[p, h] for h in range(count - 1))) for p in range(count)]
        apart = [Not(All((sits[p, h], sits[q, h]))) for h in range(count - 1) for p, q in combinations(range(count), 2)]
        leaf_names = [one.fact for one in sits.values()]
        return All((*housed, *apart)), Schema({name: Leaf(name, "boolean", "", "", {}) for name in leaf_names})

    few, many = pigeons(4), pigeons(9)
    assert ask(few[0], {}, few[1]).value is False
    assert ask(many[0], {}, many[1]).value is None


@pytest.mark.parametrize(
    ("given_facts", "filled"),
    [
        ({"youngest_age": 13}, {"u13": False, "u14": True, "u16": True, "u18": True}),
        ({"youngest_age": 18}, {"u13": False, "u14": False, "u16": False, "u18": False}),
        ({"youngest_age": 12, "minors_u14": False}, {"u13": True, "u14": False, "u16": True, "u18": True}),
        ({"minors_u14": True}, {"u14": True, "u16": True, "u18": True}),
        ({"minors_u16": False}, {"u13": False, "u14": False, "u16": False}),
        ({}, {}),
    ],
)
def test_ages_follow_from_each_other(given_facts: dict, filled: dict):
    """Under N follows from the youngest age, and from what is known of other N; what is given stands."""
    found = with_ages({f"data.{name}": value for name, value in given_facts.items()})
    assert {name[-3:]: value for name, value in found.items() if "minors" in name} == filled


def test_fired_and_unknown_never_share_a_rule(loaded: Packs, shared):
    """With all facts of a scenario missing but one group, a rule is fired, unknown or neither."""
    for case in shared("scenarios.json")[::7]:
        for group in ("deal", "event", "data"):
            facts = {f"{group}.{name}": value for name, value in case["facts"].get(group, {}).items()}
            told = check(loaded, facts, tuple(case["facts"]["regimes"]), date(2026, 6, 1))
            assert not {rule.id for rule in told.fired} & {rule.id for rule, _ in told.unknown}
