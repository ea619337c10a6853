"""Zips of a hand-over: only its own two folders come out, and nothing outside is reached."""

import io
import os
import zipfile
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custody.web.settings")

from custody.base.errors import Malformed
from custody.web.console import bundle


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder that stands for the home."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(bundle, "settings", type("Settings", (), {"HOME": tmp_path, "DROP": tmp_path / "drop"}))
    return tmp_path


def made(files: dict[str, bytes], kind: int = zipfile.ZIP_STORED) -> tuple[io.BytesIO, int]:
    """A zip and its size."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    size = data.tell()
    data.seek(0)
    return data, size


def inside(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("prefix", ["", "D-2026-0001/", "a folder/of theirs/"])
def test_a_part_is_taken_out_of_any_folder_of_the_senders(home, prefix):
    """Whatever folder the parts lie in, they come to lie in their own place; what else is there stays out."""
    files = {f"{prefix}package/bagit.txt": b"1", f"{prefix}package/data/leaves.jsonl": b"2", f"{prefix}notes.txt": b"3"}
    bundle.unpack(*made(files), home / "handover")
    assert inside(home / "handover") == ["package/bagit.txt", "package/data/leaves.jsonl"]


def test_the_content_of_a_part_may_lie_at_the_top(home):
    """A zip made inside the folder is understood too."""
    bundle.unpack(*made({"released.dsse.json": b"1", "pages.bin": b"2"}), home / "handover")
    assert inside(home / "handover") == ["release-0001/pages.bin", "release-0001/released.dsse.json"]


@pytest.mark.parametrize(
    "name", ["package/../../up", "package/..", "../package/x/../../../y", "package/a\\b", "package/\x00a"]
)
def test_nothing_outside_is_reached(home, name):
    """A name that leads elsewhere is no part of a hand-over."""
    data, size = made({"package/bagit.txt": b"1", name: b"evil"})
    bundle.unpack(data, size, home / "handover")
    assert inside(home / "handover") == ["package/bagit.txt"]
    assert {one.name for one in home.iterdir()} == {"tmp", "handover"}


def test_a_bomb_is_refused(home):
    """What unpacks to far more than it weighs is not unpacked."""
    with pytest.raises(Malformed) as caught:
        bundle.unpack(*made({"package/data/x": b"\0" * (80 * 2**20)}, zipfile.ZIP_DEFLATED), home / "handover")
    assert caught.value.slug == "handover.zip"
    assert not (home / "handover").exists()


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all"])
def test_what_is_no_zip_is_told(home, data):
    """No library's own error comes through."""
    with pytest.raises(Malformed) as caught:
        bundle.unpack(io.BytesIO(data), len(data), home / "handover")
    assert caught.value.slug == "handover.zip"


def test_the_drop_folder_offers_hand_overs_and_follows_no_link(home):
    """Only folders with a part are offered; a link inside is left where it is."""
    drop = home / "drop"
    (drop / "one" / "package" / "data").mkdir(parents=True)
    (drop / "one" / "package" / "bagit.txt").write_bytes(b"1")
    (drop / "one" / "package" / "data" / "secret").symlink_to("/etc/passwd")
    (drop / "empty").mkdir()
    (drop / "linked").symlink_to(drop / "one")
    assert bundle.drops() == ["one"]
    bundle.take("one", home / "handover")
    assert inside(home / "handover") == ["package/bagit.txt"]
    with pytest.raises(Malformed):
        bundle.take("linked", home / "handover")
