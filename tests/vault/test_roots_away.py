"""A5, G4, G26: a folder of roots that is not mounted is no folder of destroyed roots (spec/vault.md §11)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custody.acts.vaults import keyring_ref
from custody.adapters.begun import Begun
from custody.adapters.keys.passphrase import MARKER, PassphraseProvider
from custody.adapters.keys.routed import RoutedKeys
from custody.base.errors import CustodyError, Unavailable
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from tests.vault.histories.world import NAME, World
from tests.vault.test_lost_root_back import Elsewhere

SECRET = b"a passphrase"


class Moving:
    """A vault that moves from root files to another provider; its rotation waits, after the switch, for a place for backups."""

    def __init__(self, ground: Path) -> None:
        self.world = World(ground, lasting=True)
        self.world.outside.prepare("a")
        assert backup(self.world.desk, "a")["ok"]
        self.roots, self.away = ground / "roots", ground / "disk"
        with self.world.desk.store.read() as tx:
            self.old = keyring_ref(tx.find("vault", id=self.world.vault)[0]["keyring"])
        files, other = self.world.provider, Elsewhere()
        self.world.provider = RoutedKeys("transit", {"passphrase-file": lambda: files, "transit": lambda: other})
        self.world.reopen()
        self.world.weather.out.add("a")
        with pytest.raises(Unavailable):
            rekey(self.world.desk, NAME)
        self.world.weather.out.clear()

    def unmount(self) -> None:
        """The disk goes; an empty folder is left in its place."""
        self.roots.rename(self.away)
        self.roots.mkdir()

    def mount(self) -> None:
        """It is back."""
        self.roots.rmdir()
        self.away.rename(self.roots)


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Moving]:
    made = Moving(tmp_path / "world")
    yield made
    made.world.close()


def test_a5_a_rotation_waits_for_the_disk_on_which_the_old_root_lies(moving: Moving):
    """Nothing is called destroyed while the folder is away; back, the root is overwritten there."""
    moving.unmount()
    with pytest.raises(Unavailable) as away:
        rekey(moving.world.desk, NAME)
    assert away.value.slug == "keys.folder"
    assert MARKER in away.value.next
    moving.mount()
    assert rekey(moving.world.desk, NAME)["destroyed"] == 1
    assert not (moving.roots / moving.old).exists()


def test_a5_a_destroy_is_not_seen_done_where_the_folder_is_away(moving: Moving):
    """It is silent, which alarms, until somebody can look."""
    rekey(moving.world.desk, NAME)
    moving.unmount()
    moving.world.clock.advance(timedelta(days=1))
    told = destroys_due(moving.world.desk, NAME)
    assert (told["ok"], told["gone"], [one["slug"] for one in told["silent"]]) == (False, [], ["keys.folder"])
    assert vault_check(moving.world.desk, NAME)["counts"] == {"root.back": 1}
    moving.mount()
    assert [one["generation"] for one in destroys_due(moving.world.desk, NAME)["gone"]] == [1]


def test_a5_a_folder_made_anew_by_a_person_is_one_that_lost_its_roots(moving: Moving):
    """An empty file of the marker's name says so: the rotation ends."""
    moving.unmount()
    (moving.roots / MARKER).touch()
    assert rekey(moving.world.desk, NAME)["destroyed"] == 1


@pytest.fixture
def files(tmp_path: Path) -> PassphraseProvider:
    """The roots of a home that notes where it made some."""
    (tmp_path / "home").mkdir()
    folder = tmp_path / "roots"
    return PassphraseProvider(folder, SECRET, Begun(tmp_path / "home", "roots", folder))


def test_a5_no_root_is_made_beneath_a_folder_that_is_away(files: PassphraseProvider, tmp_path: Path):
    """Where roots were made before; a folder that nobody began is begun."""
    assert files.find("vlt_x", 1) == []
    ref = files.create("vlt_x", 1)
    (tmp_path / "roots").rename(tmp_path / "disk")
    for call in (
        lambda: files.create("vlt_x", 2), lambda: files.find("vlt_x", 1), lambda: files.state(ref),
        lambda: files.unwrap(ref, bytes(60)), lambda: files.set_aside(ref), lambda: files.reseal(b"another"),
        lambda: files.destroy(ref, datetime.now(UTC)),
    ):  # fmt: skip
        with pytest.raises(CustodyError) as away:
            call()
        assert away.value.slug == "keys.folder"
    assert not (tmp_path / "roots").exists()
    (tmp_path / "disk").rename(tmp_path / "roots")
    assert files.find("vlt_x", 1) == [ref]
