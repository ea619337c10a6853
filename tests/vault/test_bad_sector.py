"""A5: what a disk does not read is named by its place: by the check, and by a restore (spec/vault.md §21, §24)."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.acts.restoring import facts_in
from custody.services.backup import backup
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a file that opens and gives an error when it is read")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two people in a segment, two in another one."""
    made = World(tmp_path / "world")
    for _ in range(2):
        add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)])
    catch_up(made.desk)
    yield made
    made.close()


def unread(path: Path, how: str) -> None:
    """It cannot be opened, or opens and gives an error of the system when it is read."""
    path.unlink()
    if how == "opens not":
        path.mkdir()
    else:
        path.symlink_to("/proc/self/mem")


@pytest.mark.parametrize("how", ["opens not", "reads not"])
def test_a5_a_segment_that_the_disk_does_not_read_is_named(world: World, how: str):
    """The check goes on with all others, and names the segment and nobody else's records."""
    with world.desk.store.read() as tx:
        row = tx.find("segment", order=("id",), vault=world.vault)[0]
    unread(world.home / str(row["file"]), how)
    told = vault_check(world.desk, NAME)
    assert not told["ok"]
    assert {one["where"]["segment"] for one in told["faults"]} == {row["id"]}
    assert "segment.changed" in told["counts"]
    assert told["counts"].get("record.missing", 0) == (0 if how == "opens not" else 2)
    assert told["checked"]["segments"] == 2


@pytest.mark.parametrize("what", ["facts", "keys"])
def test_a5_a_restore_says_which_file_the_disk_does_not_read(world: World, refuses: Refuses, what: str):
    """Older facts know less, so a disk that fails once brings nobody to them; nothing is changed, and with the file there it goes on."""
    backup(world.desk, "a")
    (path,) = world.root.joinpath("a", what).rglob("*.cvbk")
    assert facts_in(world.outside.backup("a"))
    kept = path.read_bytes()
    world.lose()
    unread(path, "reads not")
    with refuses("restore.unread"):
        world.restore("a")
    path.unlink()
    path.write_bytes(kept)
    world.vacate()
    world.restore("a")
    assert vault_check(world.desk, NAME)["ok"]
