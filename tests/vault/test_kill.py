"""A5, A8: killed at any sync, rename, link, removal or commit, a vault is as it was or as it was to be, and the act can be repeated."""

import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from custody.acts.mirroring import catch_up
from tests.points import Point, everywhere, watched
from tests.vault.furnished import furnish, places
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import World
from tests.vault.plays import ACTS, AGAIN, LOST, RESTORES, SAVED, Fresh, founded, prepared

POINTS = int(os.environ.get("CUSTODY_KILL_POINTS", "3"))
SEED = 20260316
Watch = Callable[[Point], object]
"""Has it called at each point."""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    """Copies of a furnished world."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        places(Path(folder) / "template")
        made = World(Path(folder) / "template", lasting=True)
        furnish(made)
        yield lambda ground: World(ground, made, lasting=True)


def _child(world: World, act: Callable[[World], Any], at: int, watch: Watch, told: Path) -> None:
    """In a forked process: die at point `at`; or, where there is none, say how many there are."""
    met = [0]

    def point(_name: str) -> None:
        met[0] += 1
        if met[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(point)
    world.desk = world._desk()
    act(world)
    (world.root / "acknowledged").touch()
    world.close()
    point("end")
    told.write_text(str(met[0]), encoding="utf-8")


def run(world: World, act: Callable[[World], Any], at: int, watch: Watch = everywhere) -> int | None:
    """Do the act in a process of its own; how many points it passed, or None when it was killed."""
    world.close()
    world.clock.advance(timedelta(hours=1))  # whatever the one before wrote lies behind
    told = world.root / "told"
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            _child(world, act, at, watch, told)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not run the rest of the tests
            (world.root / "fault").write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(9)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    fault = world.root / "fault"
    assert os.WEXITSTATUS(status) == 0, fault.read_text(encoding="utf-8") if fault.exists() else status
    return int(told.read_text(encoding="utf-8"))


def look(world: World) -> dict:
    """What the store says, after the judge found nothing wrong."""
    world.reopen()
    try:
        return Judge(world).look(set())
    finally:
        world.close()


def killed_at(name: str, few: int | None, fresh: Fresh, ground: Path, watch: Watch = everywhere) -> None:
    """Kill at a seeded few of its points, or at each, and at the last, when it was acknowledged; look, repeat, look."""
    act = ACTS[name]
    whole = prepared(fresh, ground / "whole", name)
    before = {} if name in LOST else look(whole)
    total = run(whole, act, 0, watch)
    assert total
    done, after = tally(whole), look(whole)
    assert name in LOST or done != tally(fresh(ground / "fresh")), "it did nothing"
    for at in sorted({*chosen(name, total, few or total), total}):
        world = prepared(fresh, ground / str(at), name)
        assert run(world, act, at, watch) is None
        acknowledged = (world.root / "acknowledged").exists()
        assert acknowledged or at < total
        if acknowledged:
            assert tally(world) == done, f"killed at {at}, after it had returned, and not all of it is there"
        found = before
        if name not in LOST or stands(world, name):
            found = look(world)
            assert not acknowledged or words(found) == words(after), at
            assert words(found) in (words(before), words(after)), at
        if name in AGAIN or words(found) == words(before):
            assert run(world, act, 0), at
            assert words(look(world)) == words(after), at
        if name in SAVED:
            assert words(lost_and_back(world)) == words(after), f"killed at {at}, and what is left is in no backup"
    watched(f"{name} ({watch.__name__})", min(few or total, total), total)


def lost_and_back(world: World) -> dict:
    """The disk is lost the moment after, and brought back from what lies outside."""
    world.clock.advance(timedelta(hours=1))
    world.reopen()
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    return look(world)


def tally(world: World) -> dict[str, int]:
    """How many rows each table has: what an act leaves, where its words are those of before."""
    world.reopen()
    try:
        with world.desk.store.read() as tx:
            return {table: tx.count(table) for table in tx.tables()}
    finally:
        world.close()


def words(found: dict) -> list[str]:
    """What can be read, whatever ids it has."""
    return sorted(found.values())


def stands(world: World, name: str) -> bool:
    """Whether what was lost is there again, so that it can be looked at; a backup is renewed by the rotation that follows a recovery."""
    try:
        if name in RESTORES:
            return founded(world)
        world.reopen()
        with world.desk.store.read() as tx:
            return tx.count("rotation", vault=world.vault, state="destroyed") > 0
    finally:
        world.close()


def chosen(name: str, total: int, few: int) -> list[int]:
    """A seeded few of the points of an act."""
    return sorted(random.Random(f"{SEED}-{name}").sample(range(1, total + 1), min(few, total)))


@pytest.mark.parametrize("name", ACTS)
def test_a5_an_act_that_is_killed_leaves_the_old_or_the_new_state(name: str, fresh: Fresh, tmp_path: Path):
    """At a seeded few of its points."""
    killed_at(name, POINTS, fresh, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", ACTS)
def test_a5_every_point_of_an_act(name: str, fresh: Fresh, tmp_path: Path):
    """At every point it has."""
    killed_at(name, None, fresh, tmp_path)
