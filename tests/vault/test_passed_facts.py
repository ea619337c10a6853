"""A5: facts beyond the newest backup that are of no history are put by with the next one, and a drill passes again (spec/vault.md §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.mirroring import catch_up
from custody.acts.restoring import facts_in
from custody.services.backup import backup
from custody.services.drill import drill
from tests.vault.histories.world import World
from tests.vault.test_drill import rooms, world
from tests.vault.test_restore_forked import Poisoned, looks

__all__ = ["world"]
JUNK = 10**14


def passed(world: World) -> list[str]:
    """What lies by."""
    return sorted(path.name for path in (world.root / "a" / "passed").glob("*"))


def test_a5_junk_beyond_every_position_fails_one_drill_and_not_all(world: World, tmp_path: Path):
    """No backup would ever replace it; the next one puts it by and says so."""
    world.root.joinpath("a", "facts", f"{JUNK:020d}.cvbk").write_bytes(b"Bud1")
    told = drill(world.desk, "a", rooms(world, tmp_path))
    assert (told["ok"], told["fault"]) == (False, "backup.object")
    (made,) = backup(world.desk, "a")["places"]
    assert made["facts_passed"] == [JUNK]
    assert passed(world) == [f"{JUNK:020d}.cvbk"]
    assert drill(world.desk, "a", rooms(world, tmp_path))["ok"]
    (made,) = backup(world.desk, "a")["places"]
    assert made["facts_passed"] == []


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poisoned]:
    """What lies there of a fork goes far beyond the journal."""
    made = Poisoned(tmp_path / "world", monkeypatch, more=40)
    yield made
    made.world.close()


def test_a5_a_longer_fork_is_put_by_until_backups_come_past_it(poisoned: Poisoned):
    """The restored home's backup puts it by, and one that comes past its position removes it."""
    world = poisoned.world
    world.lose()
    assert world.restore("a")["forked"] == [poisoned.forked]
    (made,) = backup(world.desk, "a")["places"]
    assert made["facts_position"] < poisoned.forked
    assert made["facts_passed"] == [poisoned.forked]
    assert facts_in(world.outside.backup("a")) == [made["facts_position"]]
    world.lose()
    assert world.restore("a")["forked"] == []
    looks(world, 60, "after")
    backup(world.desk, "a")
    assert passed(world) == []


def test_g5_facts_that_go_on_where_the_ledger_ends_stay(world: World):
    """Store and mirror were put back together: the facts know more than this home does, and nobody puts them by."""
    mirror = world.root / "mirror" / f"{world.party}.journal"
    catch_up(world.desk)
    world.close()
    before = {path: path.read_bytes() for path in (*world.home.glob("core.db*"), mirror)}
    world.reopen()
    looks(world, 30, "then")
    (made,) = backup(world.desk, "a")["places"]
    world.close()
    for path in world.home.glob("core.db*"):
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    world.reopen()
    (older,) = backup(world.desk, "a")["places"]
    assert older["facts_position"] < made["facts_position"]
    assert older["facts_passed"] == []
    assert facts_in(world.outside.backup("a"))[0] == made["facts_position"]
