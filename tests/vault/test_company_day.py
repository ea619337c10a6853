"""A day of a limit and a month of the openness page are the company's own: both turn at midnight where it is established, not in UTC."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts import erased_alone, limits, public_figures
from custody.acts.desk import Desk
from custody.acts.people import principal_row
from custody.base.clock import SimulatedClock, parse, stamp
from custody.base.errors import Denied, Malformed, Refused
from custody.services.token_list import token_list
from custody.services.token_new import token_new
from tests.vault.histories.world import World

EVENING = "2026-04-30T15:59:00Z"
"""One minute before midnight, and the last of its month, in China; in UTC both go on for eight hours."""


@pytest.fixture
def late(tmp_path: Path) -> Iterator[Desk]:
    """A Chinese company's desk just before its midnight."""
    world = World(tmp_path / "world")
    yield replace(world.desk, clock=SimulatedClock(parse(EVENING)), zones={"CN": "Asia/Shanghai"})
    world.close()


def test_g19_what_one_person_erases_alone_begins_anew_at_the_companys_midnight(late: Desk):
    """Full before midnight, free two minutes later."""
    with late.store.write() as tx:
        erased_alone.require_second(late, tx, "vlt_x", erased_alone.ALONE, {})
    with late.store.write() as tx, pytest.raises(Refused):
        erased_alone.require_second(late, tx, "vlt_x", 1, {})
    late.clock.advance(timedelta(minutes=2))
    with late.store.write() as tx:
        erased_alone.require_second(late, tx, "vlt_x", erased_alone.ALONE, {})


def test_values_of_lists_are_counted_by_the_companys_day(late: Desk):
    """As many as a day lets, then none before midnight, then as many again."""
    with late.store.write() as tx:
        limits.count_listed(late, tx, limits.LISTED_PER_DAY)
    with late.store.write() as tx, pytest.raises(Denied):
        limits.count_listed(late, tx, 1)
    late.clock.advance(timedelta(minutes=2))
    with late.store.write() as tx:
        limits.count_listed(late, tx, limits.LISTED_PER_DAY)


def test_b5_the_twelve_months_of_the_openness_page_turn_with_the_companys_month(late: Desk):
    """The first month changes at its midnight, and begins at an instant that is midnight there."""
    assert (public_figures.since(late), public_figures.begun(late)[:16]) == ("2025-05", "2025-04-30T16:00")
    late.clock.advance(timedelta(minutes=2))
    assert (public_figures.since(late), public_figures.begun(late)[:16]) == ("2025-06", "2025-05-31T16:00")


def test_a_token_ends_at_the_companys_midnight(late: Desk):
    """Made for this day alone it is live until its last minute where the company is, and tells so; two minutes later it is out."""
    late = replace(late, principal=replace(late.principal, roles=frozenset({"owner"})))
    known = principal_row(
        late.principal.id, late.space, "suhe", {"owner"}, late.actor.identity, stamp(late.clock.now())
    )
    with late.store.write() as tx:
        tx.add("principal", [known])
    made = token_new(late, "day", ["deals"], "2026-04-30")["id"]
    for state in ("live", "expired"):
        assert [(one["id"], one["state"]) for one in token_list(late)["tokens"]] == [(made, state)]
        late.clock.advance(timedelta(minutes=2))
    with pytest.raises(Malformed):
        token_new(late, "other", ["deals"], "2026-04-30")
