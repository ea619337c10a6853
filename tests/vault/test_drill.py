"""A5: a restore is rehearsed beside the home: what came back is compared and kept, nothing in use is touched, and an overdue drill is told."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.drilling import EVERY, Room
from custody.acts.mirroring import mirrored
from custody.acts.restoring import Blank
from custody.adapters.files.local import LocalFiles
from custody.adapters.stores.sql import SqlStore
from custody.base import ids
from custody.services.backup import backup
from custody.services.backup_list import backup_list
from custody.services.drill import drill
from custody.services.drills_due import drills_due
from custody.services.erase import erase
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault of five people, backed up to two places."""
    made = World(tmp_path)
    add_people(made.desk, made.vault, people(5))
    for place in "ab":
        backup(made.desk, place)
    yield made
    made.close()


def people(many: int) -> list[Newcomer]:
    return [Newcomer("customer", [(1, 1, pack(n, [f"word {n}"])), (2, 2, pack(n, ["more"]))]) for n in range(many)]


def rooms(world: World, tmp_path: Path, free: int = 2**40):
    """An empty store and folder of their own for each drill."""

    @contextmanager
    def room(place: str) -> Iterator[Room]:
        at = tmp_path / f"room-{len(list(tmp_path.glob('room-*')))}"
        at.mkdir()
        with closing(SqlStore(f"sqlite:///{at}/core.db")) as store:
            yield Room(
                Blank(world.party, store, LocalFiles(at), world.keys, world.outside, world.outside.backup(place)),
                free,
                lambda: 7,
            )

    return room


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a5_everything_comes_back_and_it_is_kept_who_when_how_long(world: World, tmp_path: Path):
    """As many records and people as are here, each opened; the list has it, and the vault is as it was."""
    with world.desk.store.read() as tx:
        before = tx.find("vault"), tx.find("page", order=("compartment", "page"))
    place = bytes_of(tmp_path / "a")
    made = drill(world.desk, "a", rooms(world, tmp_path))
    (vault,) = made["vaults"]
    assert (made["ok"], made["seconds"], made["fault"], made["segments_missing"]) == (True, 7, "", 0)
    assert (vault["records"], vault["people"]) == (vault["records_here"], vault["people_here"]) == (10, 5)
    kept = backup_list(world.desk, ())
    assert [(one["n"], one["place"], one["ok"], one["vaults"]) for one in kept["drills"]] == [
        (1, "a", True, made["vaults"])
    ]
    with world.desk.store.read() as tx:
        assert (tx.find("vault"), tx.find("page", order=("compartment", "page"))) == before
    assert bytes_of(tmp_path / "a") == place
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a5_who_was_erased_after_the_backup_does_not_come_back_in_a_drill_either(world: World, tmp_path: Path):
    """The journal is replayed: the counts agree although the backup is older."""
    with world.desk.store.read() as tx:
        who = tx.find("subject", kind="customer")[0]["id"]
    erase(world.desk, [ids.subject_text(who)], NAME)
    made = drill(world.desk, "a", rooms(world, tmp_path))
    assert made["ok"] is True
    assert made["vaults"][0]["people"] == 4


def test_a5_what_a_backup_lacks_differs_and_the_drill_failed(world: World, tmp_path: Path):
    """People who came after the backup are told as missing; a new backup mends it."""
    add_people(world.desk, world.vault, people(2))
    mirrored(world.desk)
    made = drill(world.desk, "a", rooms(world, tmp_path))
    assert made["ok"] is False
    assert (made["vaults"][0]["people"], made["vaults"][0]["people_here"]) == (5, 7)
    assert made["not_in_backup"]["added"] == 1
    assert backup_list(world.desk, ())["drill_failed"] is True
    backup(world.desk, "a")
    assert drill(world.desk, "a", rooms(world, tmp_path))["ok"] is True
    assert backup_list(world.desk, ())["drill_failed"] is False


def test_a5_a_lost_segment_and_a_broken_object_are_a_drill_that_failed(world: World, tmp_path: Path):
    """Each is kept with what stopped it; the other place is whole."""
    for one in (tmp_path / "a" / "segments").rglob("*.seg"):
        one.unlink()
    made = drill(world.desk, "a", rooms(world, tmp_path))
    assert (made["ok"], made["segments_missing"], made["vaults"][0]["without_key"]) == (False, 1, 10)
    for one in (tmp_path / "a" / "keys").rglob("*.cvbk"):
        one.write_bytes(one.read_bytes()[:-40])
    assert drill(world.desk, "a", rooms(world, tmp_path))["fault"] == "restore.keys"
    assert drill(world.desk, "b", rooms(world, tmp_path))["ok"] is True
    assert [one["ok"] for one in backup_list(world.desk, ())["drills"]] == [True, False, False]


def test_a5_no_drill_without_room_and_of_no_place_that_nobody_named(world: World, tmp_path: Path, refuses: Refuses):
    """Which of two has to be said; a full disk is not filled further, and nothing is kept of what was not tried."""
    with refuses("backup.which"):
        drill(world.desk, None, rooms(world, tmp_path))
    with refuses("backup.unknown"):
        drill(world.desk, "c", rooms(world, tmp_path))
    with refuses("drill.room"):
        drill(world.desk, "a", rooms(world, tmp_path, free=2**28))
    assert backup_list(world.desk, ())["drills"] == []


def test_e8_a_drill_is_overdue_a_quarter_after_the_first_backup_or_the_last_that_went_well(
    world: World, tmp_path: Path
):
    """One that failed leaves it overdue, and is told at once."""
    assert told(world) == (False, False)
    world.clock.advance(EVERY + timedelta(minutes=1))
    assert told(world) == (True, False)
    drill(world.desk, "a", rooms(world, tmp_path))
    assert told(world) == (False, False)
    world.clock.advance(EVERY - timedelta(hours=1))
    assert told(world) == (False, False)
    add_people(world.desk, world.vault, people(1))
    drill(world.desk, "a", rooms(world, tmp_path))
    assert told(world) == (False, True)
    world.clock.advance(timedelta(hours=2))
    assert told(world) == (True, True)


def told(world: World) -> tuple[bool, bool]:
    """(overdue, failed), which `due` makes an alarm of in a home that is no rehearsal."""
    found = drills_due(world.desk)
    assert drills_due(replace(world.desk, rehearsal=False))["ok"] is not (
        found["drill_overdue"] or found["drill_failed"]
    )
    return found["drill_overdue"], found["drill_failed"]


def test_a5_facts_that_a_restore_would_pass_over_are_a_drill_that_failed(world: World, tmp_path: Path):
    """Older facts came back with everything, and yet nobody may take the place for whole: the newest there does not open."""
    facts = tmp_path / "a" / "facts"
    (good,) = facts.iterdir()
    (facts / f"{int(good.stem) + 1:020d}.cvbk").write_bytes(good.read_bytes()[:-1])
    made = drill(world.desk, "a", rooms(world, tmp_path))
    assert (made["ok"], made["fault"]) == (False, "backup.object")
    assert made["vaults"][0]["people"] == 5
