"""A zip that is sealed lies in clear in the home alone, and not longer than somebody reads it (spec/sources.md §6)."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody.adapters.sources import archive
from custody.adapters.sources.opener import FileOpener
from custody.services.unfinished_due import unfinished_due
from tests.commands import ROOT, environment
from tests.vault.histories.world import World
from tests.vault.sealing import company, mapped, sealed

KILLED = """
import os, signal, sys
from pathlib import Path
from custody.adapters.sources import archive
from custody.adapters.sources.opener import FileOpener
read = FileOpener(aside=Path(sys.argv[2])).open(sys.argv[1], lambda _: None)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """The files of a company in an archive."""
    folder = company(tmp_path / "company", 20)
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as target:
        for one in folder.glob("*.csv"):
            target.write(one, one.name)
    return tmp_path / "shop.zip"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty home."""
    made = World(tmp_path / "home")
    yield made
    made.close()


def killed(zipped: Path, aside: Path) -> None:
    """A reader of the archive that is killed while it has all of it unpacked."""
    env = environment(PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    ended = subprocess.run([sys.executable, "-c", KILLED, zipped, aside], env=env, cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert in_clear(aside) == 3


def in_clear(aside: Path) -> int:
    return sum(1 for one in aside.rglob("*") if one.is_file() and "_id," in one.read_text(encoding="utf-8"))


def test_what_a_kill_left_goes_with_the_next_archive(zipped: Path, tmp_path: Path):
    """At once, whatever its age; what somebody still reads stays until they are done, and then nothing is there."""
    aside = tmp_path / "tmp"
    killed(zipped, aside)
    first = FileOpener(aside=aside).open(str(zipped), lambda _: None)
    assert in_clear(aside) == 3
    second = FileOpener(aside=aside).open(str(zipped), lambda _: None)
    for one in first:
        one.close()
    assert in_clear(aside) == 3
    for one in second:
        one.close()
    assert not list(aside.iterdir())


def test_what_a_kill_left_goes_with_the_next_run_of_what_is_due(world: World, zipped: Path):
    """The daily sweep takes it although it is new; what is being read it leaves."""
    aside = world.home / "tmp"
    killed(zipped, aside)
    assert unfinished_due(world.desk, timedelta(days=7))["unfinished"] == 1
    assert in_clear(aside) == 0
    read = world.desk.sources.open(str(zipped), lambda _: None)
    assert unfinished_due(world.desk, timedelta(0))["unfinished"] == 0
    assert in_clear(aside) == 3
    for one in read:
        one.close()


def test_what_a_killed_console_left_in_clear_goes_after_a_week(world: World):
    """An upload and a passphrase, at any depth; not what is new, what a person was at, or what lies elsewhere in the home."""
    aside, week = world.home / "tmp", timedelta(days=7)
    gone = ["x1.upload", "tmpabc/pass", "tmpdef/deep/1.json", "sheets-D-1/recovery-1.txt"]
    kept = ["intake/int_1/files/shop.csv", "../keys/lasting.key"]
    for name in (*gone, *kept, "new.upload"):
        path = aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("in clear", encoding="utf-8")
        if name != "new.upload":
            os.utime(path, (time.time() - 8 * 86_400,) * 2)
    assert unfinished_due(world.desk, week)["unfinished"] == len(gone)
    assert [name for name in (*gone, *kept, "new.upload") if (aside / name).exists()] == [*kept, "new.upload"]


def test_what_waits_for_a_person_who_does_not_come_goes_after_a_week(world: World):
    """Files that nobody seals, together: one that somebody looked at stays with all that is in it."""
    aside, old = world.home / "tmp", (time.time() - 8 * 86_400,) * 2
    gone = ["intake/int_1/files/shop.csv", "intake/int_1/files/orders.csv"]
    kept = ["intake/int_2/files/shop.csv", "intake/int_3/files/a.csv", "intake/int_3/files/b.csv"]
    for name in (*gone, *kept):
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).write_text("in clear", encoding="utf-8")
        os.utime(aside / name, old)
    for folder in sorted(aside.rglob("*"), reverse=True):
        os.utime(folder, old)
    os.utime(aside / "intake" / "int_2")  # somebody looked at it
    os.utime(aside / kept[-1])
    assert unfinished_due(world.desk, timedelta(days=7))["unfinished"] == len(gone)
    assert [name for name in (*gone, *kept) if (aside / name).exists()] == kept
    assert sorted(one.name for one in aside.iterdir()) == ["intake"]
    assert sorted(one.name for one in (aside / "intake").iterdir()) == ["int_2", "int_3"]


def test_a_zip_is_sealed_from_the_home_alone(
    world: World, zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """No file of it comes into the temporary folder of the host, and none is left in the home."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))  # whoever asks for it fails
    made = sealed(world, zipped, mapped(world, zipped))
    assert made["subjects"]["customer"] == 19  # the twentieth number is claimed by two
    assert in_clear(world.home / "tmp") == 0


def test_many_members_need_one_lock(tmp_path: Path):
    """An archive of thousands is open at once without as many open files."""
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as target:
        for n in range(300):
            target.writestr(f"t{n:03d}.csv", "customer_id,name\n1,a\n")
    before = _open_files()
    read = FileOpener(aside=tmp_path / "tmp").open(str(tmp_path / "many.zip"), lambda _: None)
    assert len(read) == 300
    assert all(isinstance(one, archive.MemberSource) for one in read)
    assert _open_files() <= before + 5
    for one in read:
        one.close()


def _open_files() -> int:
    """How many this process has; 0 where the system does not say."""
    told = Path("/proc/self/fd")
    return sum(1 for _ in told.iterdir()) if told.is_dir() else 0
