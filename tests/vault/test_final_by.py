"""Until when an erasure can be undone is told by how often this home changes its roots (spec/vault.md §9)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.adapters.home import CONFIG, load
from custody.base import ids
from custody.services.erase import erase
from custody.vault.payload import pack
from tests.vault.histories.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault on 16 March 2026."""
    made = World(tmp_path / "world")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("period", "day"),
    [
        (timedelta(hours=1), "2026-03-17"),
        (timedelta(days=1), "2026-03-17"),
        (timedelta(days=30), "2026-04-15"),
        (None, None),
    ],
)
def test_the_day_is_the_next_rotations(world: World, period: timedelta | None, day: str | None):
    """A longer period is a later day; where no rotation runs by itself no day is told."""
    (who,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(0, ("secret",)))])])
    told = erase(replace(world.desk, rotation=period), [ids.subject_text(who)], None)
    assert (str(told["final_by"])[:10] if told["final_by"] else None) == day


@pytest.mark.parametrize(("hours", "period"), [(720, timedelta(days=30)), (0, None), (None, timedelta(days=1))])
def test_a_home_says_its_period(tmp_path: Path, hours: int | None, period: timedelta | None):
    """As custody.toml has it; a day when it has none."""
    told = "" if hours is None else f"[due]\nrotation = {hours}\n"
    (tmp_path / CONFIG).write_text(f'v = 1\nparty = "{ids.new("pty")}"\nregion = "CN"\n{told}', encoding="utf-8")
    assert load(tmp_path).rotation == period
