"""In a rehearsal everybody in a process has one clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from custody.base.clock import shared

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


def test_whoever_asks_later_is_told_a_later_instant():
    """Two who begin at the same entry are not behind one another, and no two are told the same."""
    first, second = shared("a home", NOON), shared("a home", NOON)
    assert first.now() < second.now() < first.now()
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: shared("a home", NOON).now(), range(400)))
    assert len(set(told)) == len(told)


def test_it_goes_on_where_the_home_was_moved_to_and_never_back():
    """A clock that was moved moves everybody's; each home has its own."""
    assert (
        shared("one that moves", NOON).now()
        < NOON + timedelta(days=1)
        < shared("one that moves", NOON + timedelta(days=1)).now()
    )
    assert shared("one that moves", NOON).now() > NOON + timedelta(days=1)
    assert shared("another home", NOON).now() < NOON + timedelta(seconds=1)
