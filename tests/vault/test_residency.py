"""E6: nothing writes a person's bytes into another region, or where nobody knows, without a verdict (spec/residency.md)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.people import principal_row
from custody.acts.residency import require_place, require_recipient, require_same
from custody.adapters.files.local import LocalFiles
from custody.adapters.files.routed import RoutedFiles
from custody.adapters.regions import Regions
from custody.base import canonical
from custody.base.errors import CustodyError, Refused
from custody.base.signing import Signer
from custody.model.party import Principal
from custody.services.backup import backup
from custody.services.rekey import rekey
from custody.services.residency_allow import residency_allow
from custody.services.residency_end import residency_end
from custody.services.residency_list import residency_list
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


REASON = "disk of the auditor in Berlin"


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(CustodyError) as refused:
        work()
    return refused.value.slug


def allow(world: World, place: str, until: str = "2026-04-16", *, approved: bool = True) -> None:
    """Asked by one person, approved by another."""
    second, key = second_person()
    if approved:
        told = residency_allow(world.desk, place, until, REASON, dry_run=True)["would"]
        desk = replace(world.desk, principal=second, actor=key)
        with desk.store.write() as tx:
            give(desk, tx, *told["approve"])  # type: ignore[index] # what a dry run tells
    residency_allow(world.desk, place, until, REASON, dry_run=False)


@cache
def second_person() -> tuple[Principal, Signer]:
    key = Signer.generate()
    return Principal("prn_00000000000000000000000001", "zhouning", frozenset(("privacy",)), key.identity), key


@pytest.fixture
def two(world: World) -> World:
    """The same, with two people who may act."""
    person, key = second_person()
    with world.desk.store.write() as tx:
        for who, signer in ((world.desk.principal, world.desk.actor), (person, key)):
            tx.add(
                "principal", [principal_row(who.id, world.party, who.handle, sorted(who.roles), signer.identity, "")]
            )
    return world


def test_e6_an_exception_of_two_people_lets_one_place_hold_a_backup_until_its_day(two: World):
    """Not without the second, not elsewhere, not when the place turns out to lie elsewhere, not after its day or its end; each use is entered."""
    two.outside.regions |= {"b": "DE", "bb": "DE", "b/below": "DE"}
    assert refusal(lambda: allow(two, "b", approved=False)) == "act.unapproved"
    assert refusal(lambda: backup(two.desk, "b")) == "residency.abroad"
    allow(two, "b")
    backup(two.desk, "b")
    assert entered(two, "backed-up")[-1]["says"]["exception"] == 1
    with two.desk.store.read() as tx:
        assert require_place(two.desk, tx, "b/below") == 1
    assert refusal(lambda: backup(two.desk, "bb")) == "residency.abroad"
    two.outside.regions["b"] = "SG"
    assert refusal(lambda: backup(two.desk, "b")) == "residency.abroad"
    two.outside.regions["b"] = "DE"
    two.clock.advance(timedelta(days=31))
    backup(two.desk, "b")
    two.clock.advance(timedelta(days=1))
    assert refusal(lambda: backup(two.desk, "b")) == "residency.abroad"
    allow(two, "b", "2026-05-01")
    backup(two.desk, "b")
    assert residency_end(two.desk, 2)["resumed"] is False
    assert residency_end(two.desk, 2)["resumed"] is True
    assert refusal(lambda: backup(two.desk, "b")) == "residency.abroad"
    assert [one["in_force"] for one in residency_list(two.desk)["exceptions"]] == [False, False]  # type: ignore[union-attr,index,call-overload]
    assert len(entered(two, "residency-allowed")) == 2
    assert len(entered(two, "residency-ended")) == 1


def test_e6_a_row_that_somebody_wrote_into_the_store_allows_nothing(two: World):
    """Another place, a later day, or one's own approval: the signature is of something else, or of the wrong person."""
    two.outside.regions |= {"b": "DE", "c": "DE"}
    allow(two, "b")
    for cells in ({"place": "c"}, {"until": "2027-01-01"}, {"principal": second_person()[0].id}):
        with two.desk.store.write() as tx:
            (kept,) = tx.find("residency_exception")
            tx.change("residency_exception", cells, n=1)
        assert refusal(lambda: backup(two.desk, "b")) == "residency.abroad"
        assert refusal(lambda: backup(two.desk, "c")) == "residency.abroad"
        with two.desk.store.write() as tx:
            tx.change("residency_exception", {name: kept[name] for name in cells}, n=1)
    backup(two.desk, "b")


@pytest.mark.parametrize(
    ("place", "until", "reason", "slug"),
    [("a", "2026-04-01", REASON, "residency.needless"), ("far", "2026-04-01", REASON, "residency.unknown"),
     ("b", "2026-03-15", REASON, "residency.term"), ("b", "2027-03-18", REASON, "residency.term"), ("b", "", REASON, "residency.term"),
     ("b", "2026-04-01", "  short  ", "residency.reason"), ("b", "2026-04-01", "two\nlines of it", "residency.reason")],
)  # fmt: skip
def test_e6_what_is_no_exception_is_refused(two: World, place: str, until: str, reason: str, slug: str):
    """A place at home or nobody knows where, no day within a year, no reason."""
    two.outside.regions |= {"b": "DE", "far": ""}
    assert refusal(lambda: residency_allow(two.desk, place, until, reason, dry_run=True)) == slug
    assert refusal(lambda: residency_end(two.desk, 1)) == "residency.no-exception"


def test_e6_a_home_of_another_region_restores_nothing(world: World):
    """A backup is put back where the vault belongs; in another region, or where nobody knows, not one record comes."""
    backup(world.desk, "a")
    world.lose()
    for lies, slug in (("DE", "residency.abroad"), ("", "residency.unknown")):
        world.outside.regions[str(world.home)] = lies
        assert refusal(lambda: world.restore("a")) == slug
        assert not list(world.home.rglob("*.seg"))
    world.outside.regions.clear()
    world.restore("a")


def entered(world: World, kind: str) -> list[dict]:
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
    return [one for one in told if one["kind"] == kind]


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
