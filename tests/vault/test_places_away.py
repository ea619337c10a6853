"""G4, G5, G27: a disk that is not mounted leaves an empty folder: what was written there before is not begun anew beneath it; a place is one company's."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from custody.acts import escrow
from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.acts.place_owner import OWNER
from custody.acts.vaults import open_keyring
from custody.adapters.outside import FolderOutside
from custody.adapters.regions import Regions
from custody.base import ids
from custody.base.errors import Missing, Refused, Unavailable
from custody.ports.files import Files
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from custody.vault.segment import SegmentWriter
from tests.vault.histories.world import NAME, Outside, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three people, backed up to `a`."""
    made = World(tmp_path / "w")
    made.people = add_people(
        made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"s-{n}"]))]) for n in range(3)]
    )
    made.outside.prepare("a")
    assert backup(made.desk, "a")["ok"]
    return made


def test_g5_a_mirror_whose_disk_is_away_is_not_begun_beneath_it(world: World, tmp_path: Path):
    """An erasure says that it is not mirrored; when the home is lost then and the disk comes back, what it tells is what was mirrored."""
    mirror = world.root / "mirror"
    mirror.rename(tmp_path / "disk")
    mirror.mkdir()
    told = erase(world.desk, [ids.subject_text(world.people[0])], NAME)
    assert (told["mirrored"], told["final_by"]) == (False, None)
    with pytest.raises(Unavailable) as away:
        catch_up(world.desk)
    assert away.value.slug == "mirror.away"
    with pytest.raises(Unavailable):
        backup(world.desk, "a")
    assert list(mirror.iterdir()) == []
    mirror.rmdir()
    (tmp_path / "disk").rename(mirror)
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    with world.desk.store.read() as tx:
        assert tx.count("record", vault=world.vault, subject=world.people[0]) == 0


def test_a_mirror_named_anew_begins_whole(world: World):
    """Whoever lost its disk for good names another folder: the ledger is written there from its first entry."""
    home = FolderOutside(world.home, "core.db", world.root / "another", (), Regions("CN", {}), lambda *_: None)
    assert home.mirror.newest(world.desk.space) is None


def folders(world: World, *names: str) -> FolderOutside:
    """The outside of a home with these places for shares."""
    paths = [world.root / name for name in names]
    for path in paths:
        path.mkdir(exist_ok=True)
    return FolderOutside(
        world.home, "core.db", world.root / "mirror", paths, Regions("CN", {str(world.root): "CN"}), lambda *_: None
    )


class Shared:
    """The outside of a world, with the places for shares of a home."""

    def __init__(self, world: Outside, home: FolderOutside) -> None:
        self._world, self._home = world, home

    @property
    def escrow(self) -> Sequence[Files]:
        return self._home.escrow

    @property
    def own(self) -> Mapping[str, str]:
        return self._home.own

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)


def test_g4_shares_of_a_generation_that_goes_are_not_left_on_a_disk_that_is_away(world: World, tmp_path: Path):
    """The rotation waits until the place is there, and takes every share of before from it."""
    keys = {name: HolderKey.generate() for name in ("ann", "bea")}
    world.desk = replace(world.desk, outside=Shared(world.outside, folders(world, "ea", "eb")))
    with world.desk.store.write() as tx:
        tx.add(
            "holder",
            [{"party": world.party, "handle": name, "public": key.public, "at": ""} for name, key in keys.items()],
        )
        tx.add("threshold", [{"party": world.party, "k": 2}])
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
    assert escrow.deposit(world.desk, world.vault, ring.key, 1) == 2
    (world.root / "ea").rename(tmp_path / "disk")
    (world.root / "ea").mkdir()
    with pytest.raises(Unavailable) as away:
        rekey(world.desk, NAME)
    assert away.value.slug == "escrow.away"
    (world.root / "ea").rmdir()
    (tmp_path / "disk").rename(world.root / "ea")
    rekey(world.desk, NAME)
    for place in ("ea", "eb"):
        left = {path.name for path in (world.root / place / world.vault).iterdir()}
        assert left == {f"{2:020d}"}


def test_two_companies_do_not_back_up_into_one_folder(world: World, tmp_path: Path):
    """Each backup removes what it replaces: the second is refused before it writes, also where nobody said yet whose the first is."""
    other = World(tmp_path / "o")
    shutil.copytree(world.root / "a", other.root / "a")
    before = sorted(path for path in (other.root / "a").rglob("*") if path.is_file())
    for _ in ("owned", "of before owners were named"):
        with pytest.raises(Refused) as no:
            backup(other.desk, "a")
        assert no.value.slug == "backup.other"
        (other.root / "a" / OWNER).unlink(missing_ok=True)
    assert sorted(path for path in (other.root / "a").rglob("*") if path.is_file()) == [
        one for one in before if one.name != OWNER
    ]
    (world.root / "a" / OWNER).unlink()
    assert backup(world.desk, "a")["ok"], "its own place of before is taken"
    assert (world.root / "a" / OWNER).read_text(encoding="utf-8").strip() == world.party


def test_a_compaction_leaves_a_file_of_a_vault_that_is_not_of_this_home(world: World):
    """Two homes may share a bucket and a prefix, and call their vaults alike."""
    old = ids.id_text("dmp", (0).to_bytes(6) + bytes.fromhex("7000800000000000ffff"))
    names = {}
    for origin in (bytes(range(16)), ids.id_bytes(world.vault)):
        name = f"vaults/{NAME}/segments/{old}.seg"
        with world.desk.files.writer(name) as target:
            SegmentWriter(target, origin, bytes(16)).close()
        compact(world.desk, NAME, least=0)
        names[origin] = name in world.desk.files.list(f"vaults/{NAME}/segments")
        world.desk.files.remove(name)
    assert list(names.values()) == [True, False]


def test_a_backup_key_that_is_gone_is_not_made_anew(tmp_path: Path):
    """Only the key of before opens what lies outside: it is asked for, and nothing is sealed under another."""
    home = FolderOutside(tmp_path, "core.db", tmp_path / "mirror", (), Regions("CN", {}), lambda *_: None)
    key = home.backup_key()
    home.mirror.append("pty_x", 0, [b"an entry"])
    (tmp_path / "keys" / "backup.key").rename(tmp_path / "kept")
    with pytest.raises(Missing) as gone:
        home.backup_key()
    assert gone.value.slug == "backup.key-gone"
    (tmp_path / "kept").rename(tmp_path / "keys" / "backup.key")
    assert home.backup_key() == key
