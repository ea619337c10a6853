"""E6: nothing writes a person's bytes into another region, or where nobody knows, without a verdict (spec/residency.md)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.residency import require_recipient, require_same
from custody.adapters.files.local import LocalFiles
from custody.adapters.files.routed import RoutedFiles
from custody.adapters.regions import Regions
from custody.base.errors import Refused
from custody.services.backup import backup
from custody.services.rekey import rekey
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

FACTS = {"crossborder.direction": "outbound", "event.recipient_jurisdiction": "DE"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault of China with one person."""
    made = World(tmp_path / "world")
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    yield made
    made.close()


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A host with a disk, a share and a mounted bucket."""
    path = tmp_path / "mounts"
    path.write_text(
        "/dev/a / ext4 rw 0 0\nnas:/x /share nfs4 rw 0 0\nb /a\\040b fuse.s3fs rw 0 0\n/dev/b /share/disk ext4 rw 0 0\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("place", "region"),
    [("/disk/backup", "CN"), ("/share", ""), ("/share/x", ""), ("/sharex", "CN"), ("/share/disk/x", "CN"), ("/a b/x", ""),
     ("/share/de/x", "DE"), ("s3://b/p?region=cn-north-1", "CN"), ("s3://b/p?region=eu-central-1", "DE"), ("s3://b/p", ""),
     ("s3://b/p?region=moon-1", ""), ("s3://b/p?region=cn-north-1&endpoint=http://h", ""), ("s3://b/own/x", "SG"), ("s3://b/ownx", "")],
)  # fmt: skip
def test_e6_where_a_place_lies(place: str, region: str, mounts: Path, monkeypatch: pytest.MonkeyPatch):
    """As declared, else as the cloud's region says, else on this host; a network or another service: nobody knows."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert Regions("CN", {"/share/de": "DE", "s3://b/own": "SG"}, mounts).of(place) == region


@pytest.mark.parametrize(
    ("lies", "slug"), [("DE", "residency.abroad"), ("", "residency.unknown"), ("HK", "residency.abroad")]
)
def test_e6_a_backup_abroad_is_refused_before_a_byte_is_written(world: World, lies: str, slug: str):
    """By name and to every place on the list: a rotation stops before it destroys anything."""
    world.outside.regions["b"] = lies
    with pytest.raises(Refused) as refused:
        backup(world.desk, "b")
    assert refused.value.slug == slug
    assert not (world.root / "b").exists()
    backup(world.desk, "a")
    world.outside.regions["a"] = lies
    with pytest.raises(Refused) as refused:
        rekey(world.desk, NAME)
    assert refused.value.slug == slug
    world.outside.regions.clear()
    assert rekey(world.desk, NAME)["destroyed"] == 1


def test_e6_no_segment_is_written_abroad_and_what_lies_there_is_read_and_removed(tmp_path: Path):
    """The segment store refuses every write; reading and removing are no move out of it."""
    home, there = LocalFiles(tmp_path / "home"), LocalFiles(tmp_path / "there")
    there.write("vaults/main/segments/old.seg", b"old")
    files = RoutedFiles(home, there, lambda: require_same("CN", "DE"))
    files.write("keys/x", b"not a segment")
    with pytest.raises(Refused, match="stays in CN"):
        files.write("vaults/main/segments/new.seg", b"new")
    with pytest.raises(Refused, match="stays in CN"), files.writer("vaults/main/segments/new.seg"):
        pass
    assert files.read("vaults/main/segments/old.seg") == b"old"
    files.remove("vaults/main/segments/old.seg")
    assert not there.list()


@pytest.mark.parametrize(
    ("home", "buyer", "facts", "slug"),
    [("CN", "CN", {}, None), ("US", "US-CA", {}, None), ("CN", "DE", FACTS, None), ("CN", "DE", {}, "residency.unsaid"),
     ("CN", "", {}, "residency.unknown"), ("CN", "DE", FACTS | {"crossborder.direction": "none"}, "residency.unsaid"),
     ("CN", "FR", FACTS, "residency.unsaid"), ("CN", "DE", FACTS | {"event.recipient_jurisdiction": "unknown"}, "residency.unsaid")],
)  # fmt: skip
def test_e6_a_buyer_abroad_needs_facts_that_say_so(home: str, buyer: str, facts: dict, slug: str | None):
    """The gate decides over the facts; facts that hide the border decide nothing."""
    if slug is None:
        require_recipient(home, buyer, facts)
        return
    with pytest.raises(Refused) as refused:
        require_recipient(home, buyer, facts)
    assert refused.value.slug == slug
