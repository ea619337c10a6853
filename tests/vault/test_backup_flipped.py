"""A5: what lies in a place for backups is not looked at by `vault check`; a backup that reads it makes it whole, and a restore takes nothing that was changed (docs/threat-model.md)."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.base.errors import CustodyError
from custody.services.backup import backup
from custody.services.vault_check import vault_check
from tests.vault.histories.world import NAME, World
from tests.vault.test_lost_segment import people, three

SEED = 20260316
KINDS = {"facts": "backup.object", "keys": "restore.keys", "segments": ""}
"""{folder of a place: what a restore says of one whose only object was changed}."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    for made in three(tmp_path):
        backup(made.desk, "a")
        yield made


def flip(world: World, kind: str) -> None:
    """A seeded bit of one object of this kind."""
    path = min(one for one in (world.root / "a" / kind).rglob("*") if one.is_file())
    data, dice = bytearray(path.read_bytes()), random.Random(f"{SEED}-{kind}")
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_that_reads_the_place_makes_it_whole(world: World, kind: str):
    """The check of the vault says nothing of it, as listed; after the next backup that verifies, all comes back."""
    flip(world, kind)
    assert vault_check(world.desk, NAME)["ok"] is True
    told = backup(world.desk, "a", verify=True)
    assert (told["ok"], told["places"][0]["copied"]) == (True, int(kind == "segments"))
    before = people(world)
    world.lose()
    assert world.restore("a")["segments_missing"] == []
    assert (people(world), vault_check(world.desk, NAME)["ok"]) == (before, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_takes_nothing_that_was_changed(world: World, kind: str):
    """Facts and keys are refused; a segment is named, and everything else comes back."""
    flip(world, kind)
    world.lose()
    if KINDS[kind]:
        with pytest.raises(CustodyError) as refused:
            world.restore("a")
        assert refused.value.slug == KINDS[kind]
        return
    assert len(world.restore("a")["segments_missing"]) == 1
    assert vault_check(world.desk, NAME)["counts"]["segment.missing"] == 1
