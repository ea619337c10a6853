"""A5: the lost file of one segment is told wherever somebody looks, and stops neither backup, rotation, restore nor compaction (spec/vault.md §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.base import canonical, ids
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World


def three(folder: Path) -> Iterator[World]:
    """Three people in a segment each."""
    made = World(folder / "world")
    for number in range(3):
        add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(number, [f"word-{number}"]))])])
    yield made
    made.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield from three(tmp_path)


def segments(folder: Path) -> list[Path]:
    """The files of segments below a folder, in order."""
    return sorted(folder.rglob("*.seg"))


def told_of(world: World, kind: str = "segment-lost") -> list[str]:
    """What the ledger says of losses, by hash."""
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
    return [one["says"]["sha256"] for one in told if one["kind"] == kind]


def people(world: World) -> list[str]:
    with world.desk.store.read() as tx:
        rows = tx.find("subject", order=("id",), vault=world.vault, state="live")
    return [ids.subject_text(row["id"]) for row in rows]


def lose_one(world: World) -> str:
    """The home loses the file of one segment; whose records lay in it."""
    with world.desk.store.read() as tx:
        row = tx.find("segment", order=("id",))[0]
        whose = tx.find("record", segment=row["id"])[0]["subject"]
    (world.home / str(row["file"])).unlink()
    return ids.subject_text(whose)


def test_a_restore_from_a_place_that_lacks_one_ends(world: World):
    """It names the segment, the rotation goes through, the vault takes writes, and each later backup says it again."""
    backup(world.desk, "a")
    backup(world.desk, "a")
    segments(world.root / "a")[0].unlink()
    world.lose()
    report = world.restore("a")
    (name,) = report["segments_missing"]
    assert report["vaults"][world.vault]["records_without_key_count"] == 1
    assert len(told_of(world)) == 1
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(9, ["word-new"]))])])
    told = backup(world.desk, "b")
    assert (told["ok"], told["places"][0]["segments_missing"]) == (False, [name])
    assert len(told_of(world)) == 1
    found = vault_check(world.desk, NAME)
    assert (found["ok"], found["counts"]["segment.missing"]) == (False, 1)


def test_a_home_that_lost_one_still_ends_erasures(world: World):
    """A new place, a rotation and a compaction go on; what the place that has a copy of it keeps brings it back."""
    assert backup(world.desk, "a")["ok"] is True
    whose = lose_one(world)
    erase(world.desk, [next(one for one in people(world) if one != whose)], NAME)
    told = backup(world.desk, "b")
    (name,) = told["places"][0]["segments_missing"]
    assert told["ok"] is False
    assert rekey(world.desk, NAME)["waiting_slots"] == 0
    assert compact(world.desk, NAME, least=0)["segments"] == 1
    assert [one.stem for one in segments(world.root / "a")].count(name) == 1
    assert vault_check(world.desk, NAME)["counts"]["segment.missing"] == 1
    world.lose()
    assert world.restore("a")["segments_missing"] == []
    assert len(people(world)) == 2


def test_the_only_copy_of_one_that_went_bad_is_told_by_the_next_backup(world: World):
    """Without being asked to verify: while it is whole nothing is told of it, when it is not it is named and entered, and stays as it is."""
    backup(world.desk, "a")
    lose_one(world)
    assert backup(world.desk, "a")["ok"] is True
    with world.desk.store.read() as tx:
        name = tx.find("segment", order=("id",))[0]["id"]
    copy = next(one for one in segments(world.root / "a") if one.stem == name)
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    for _ in range(2):
        told = backup(world.desk, "a")
        assert (told["ok"], told["places"][0]["segments_missing"], told["places"][0]["copied"]) == (False, [name], 0)
    assert (len(told_of(world)), copy.read_bytes()) == (1, bytes(data))
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    assert backup(world.desk, "a")["ok"] is True


def test_the_last_record_of_a_lost_one_ends_it(world: World):
    """When nothing of it is live any more the row goes with the next compaction, and backups are whole again."""
    whose = lose_one(world)
    assert backup(world.desk, "a")["ok"] is False
    erase(world.desk, [whose], NAME)
    compact(world.desk, NAME, least=0)
    assert backup(world.desk, "a")["ok"] is True
    assert vault_check(world.desk, NAME)["ok"] is True
