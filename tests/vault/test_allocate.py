"""Slots: never twice, in random order (spec/vault.md §7)."""

from hypothesis import given
from hypothesis import strategies as st

from custody.vault.allocate import allocate, allocate_all, fresh_page
from custody.vault.page import SLOTS


@given(st.lists(st.integers(0, 1500), max_size=6))
def test_no_slot_is_given_twice(batches: list[int]):
    """Over any batches every place is new, every owner has one, and pages hold at most 1,024."""
    seen: set[tuple[int, int, int]] = set()
    following = 0
    for number, size in enumerate(batches):
        owners = [(number, one) for one in range(size)]
        placed, following = allocate(3, following, owners)
        assert sorted(owner for owner, _ in placed) == owners
        places = {tuple(place) for _, place in placed}
        assert len(places) == size
        assert not places & seen
        assert all(place.slot < SLOTS for _, place in placed)
        seen |= places
    assert following == sum(batches) == len(seen)


def test_the_order_says_nothing_of_age():
    """A batch does not lie in the order it came in."""
    placed, _ = allocate(1, 0, range(500))
    assert [owner for owner, _ in placed] != list(range(500))


def test_compartments_count_apart():
    """Each compartment has a counter of its own; those not asked for stay."""
    placed, after = allocate_all({1: 1020, 9: 5}, {1: list("abcdef"), 2: list("gh")})
    assert after == {1: 1026, 2: 2, 9: 5}
    assert {place.page for _, place in placed if place.compartment == 1} == {0, 1}


def test_a_lease_starts_on_an_untouched_page():
    """The slots after `fresh_page` share their page with nobody."""
    assert [fresh_page(n) for n in (0, 1, 1023, 1024, 1025)] == [0, 1024, 1024, 1024, 2048]


def test_what_does_not_fit_is_refused(refuses):
    """A compartment beyond 15 or a page number beyond 32 bits is refused."""
    for compartment, following in ((16, 0), (-1, 0), (0, -1), (0, 2**42)):
        with refuses("vault.full"):
            allocate(compartment, following, ["one"])
