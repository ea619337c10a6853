"""A5: a segment whose file was changed is told by its name, stops nothing, and takes the place of no whole copy (spec/vault.md §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.adapters.files.local import LocalFiles
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from tests.vault.histories.world import NAME, World
from tests.vault.test_lost_segment import people, segments, three, told_of

ENTRY = "segment-changed"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield from three(tmp_path)


def change_one(world: World) -> tuple[str, bytes]:
    """One bit in the middle of the first segment's file at home; (its id, what it was)."""
    with world.desk.store.read() as tx:
        row = tx.find("segment", order=("id",))[0]
    path = world.home / str(row["file"])
    data = path.read_bytes()
    flip(path)
    return str(row["id"]), data


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_new_place_gets_everything_else(world: World):
    """It is named, with what to do; erasures become final, and it is entered once however often a backup meets it."""
    name, whole = change_one(world)
    erase(world.desk, [people(world)[2]], NAME)
    for _ in range(2):
        told = backup(world.desk, "b")
        assert (told["ok"], told["next"]) == (False, "custody vault check")
        assert (told["places"][0]["segments_changed"], told["places"][0]["segments_missing"]) == ([name], [])
    assert rekey(world.desk, NAME)["waiting_slots"] == 0
    assert (len(told_of(world, ENTRY)), told_of(world, "segment-lost")) == (1, [])
    assert sorted(one.name for one in (world.root / "b" / "segments").rglob("*") if one.is_file()) == [
        one.name for one in segments(world.root / "b")
    ]
    assert name not in [one.stem for one in segments(world.root / "b")]
    assert vault_check(world.desk, NAME)["counts"]["segment.changed"] == 1
    next(one for one in segments(world.home) if one.stem == name).write_bytes(whole)
    assert backup(world.desk, "b")["ok"] is True
    assert name in [one.stem for one in segments(world.root / "b")]


@pytest.mark.parametrize("verify", [False, True])
def test_a_whole_copy_stays_as_it_is(world: World, verify: bool):
    """Whether the place is read through or not; and a restore from it has everything again."""
    backup(world.desk, "a")
    before = {one.stem: one.read_bytes() for one in segments(world.root / "a")}
    name, whole = change_one(world)
    backup(world.desk, "a", verify=verify)
    assert {one.stem: one.read_bytes() for one in segments(world.root / "a")} == before
    assert before[name] == whole
    world.lose()
    assert world.restore("a")["segments_missing"] == []
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a_copy_that_went_bad_is_not_replaced_by_another_bad_one(world: World):
    """Both are told of as one segment; what each of them still holds whole is not written over."""
    backup(world.desk, "a")
    name, whole = change_one(world)
    (copy,) = (one for one in segments(world.root / "a") if one.stem == name)
    copy.write_bytes(whole[:-1])
    told = backup(world.desk, "a", verify=True)
    assert (told["ok"], told["places"][0]["segments_changed"]) == (False, [name])
    assert copy.read_bytes() == whole[:-1]


def test_a_compaction_makes_no_other_segment_of_it(world: World):
    """It would have a hash of its own, and the place would give up the copy that is whole."""
    with world.desk.store.read() as tx:
        first = tx.find("segment", order=("id",))[0]["id"]
    backup(world.desk, "a")
    change_one(world)
    with world.desk.store.write() as tx:  # a byte of it is dead, so that there is something to compact
        tx.change("segment", {"bytes": tx.find("segment", id=first)[0]["bytes"] + 1}, id=first)
    assert compact(world.desk, NAME, least=0)["segments"] == 0
    backup(world.desk, "a")
    assert first in [one.stem for one in segments(world.root / "a")]


def test_what_broke_off_leaves_nothing_beside_the_name(tmp_path: Path):
    """A place for backups is never swept."""
    files = LocalFiles(tmp_path)
    files.write("x", b"whole")
    with pytest.raises(TypeError), files.writer("x") as target:
        target.writelines([b"half", "no bytes"])
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("x", b"whole")]
