"""E6: nothing writes a person's bytes into another region, or where nobody knows, without a verdict (spec/residency.md)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.correcting import Place
from custody.acts.people import principal_row
from custody.acts.residency import require_place, require_recipient, require_same
from custody.adapters import home as homes
from custody.adapters.files.local import LocalFiles
from custody.adapters.files.routed import RoutedFiles
from custody.adapters.regions import Regions
from custody.adapters.stores.people import OF_PEOPLE
from custody.adapters.stores.schema import METADATA
from custody.base import canonical, ids
from custody.base.errors import CustodyError, Refused
from custody.base.signing import Signer
from custody.model.party import Principal
from custody.ports.finder import Tagged
from custody.services.access_by import access_by
from custody.services.access_of import access_of
from custody.services.backup import backup
from custody.services.correction_new import correction_new
from custody.services.erase import erase
from custody.services.hold import hold_add
from custody.services.recovery_deposit import recovery_deposit
from custody.services.rekey import rekey
from custody.services.residency_allow import residency_allow
from custody.services.residency_end import residency_end
from custody.services.residency_list import residency_list
from custody.services.vault_check import vault_check
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World, lose_schema

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
    ("place", "declared", "region"),
    [("sqlite:////own/core.db", {"/disk": "DE"}, "CN"), ("sqlite:////disk/core.db", {"/disk": "DE"}, "DE"), ("/own/mirror", {"/own/mirror": "DE"}, "DE"),
     ("/share/mirror", {}, "CN"), ("/share/mirror", {"/disk": "CN"}, ""), ("/share/own/mirror", {"/disk": "CN"}, ""),
     ("postgresql://c@db.far:5433/sales?schema=q", {}, "CN"), ("postgresql://c@db.far:5433/sales?schema=q", {"/disk": "CN"}, ""),
     ("postgresql://c@db.far/sales", {"postgresql://db.far:5432": "DE"}, "DE"), ("postgresql://c@DB.far/sales", {"postgresql://me@db.far/sales": "DE"}, "DE"),
     ("postgres://c@db.far/sales", {"postgresql://db.far": "DE"}, "DE"), ("postgresql://c@db.far/sales", {"postgresql://db.far/sale": "DE"}, ""),
     ("postgresql://c@db.far/sales", {"postgresql://db.farther": "DE"}, ""), ("postgresql://c@localhost/sales", {"/disk": "DE"}, "CN"),
     ("postgresql://c@127.0.0.1/sales", {"postgresql://127.0.0.1": "DE"}, "DE"), ("postgresql://c@/sales?socket=/run/p", {"/disk": "DE"}, "CN"),
     ("postgresql://c@[::1]:5432/sales", {"/disk": "DE"}, "CN"), ("postgresql://c@[fd00::9]/sales", {"postgresql://[fd00::9]": "DE"}, "DE"),
     ("postgresql://c@db.far:port/sales", {"/disk": "DE"}, "")],
)  # fmt: skip
def test_e6_where_a_place_of_the_home_s_own_lies(place: str, declared: dict[str, str], region: str, mounts: Path):
    """Declared, in the home's folder, or on this host; of what nobody spoke of, only a home that declares nothing is taken at its word."""
    assert Regions("CN", declared, mounts).of_own(place, Path("/own")) == region


def test_e6_what_lies_in_a_home_on_a_share_lies_where_it_does(mounts: Path):
    """Such a home may declare other places: its own file is no stranger for that."""
    assert Regions("CN", {"/disk": "DE"}, mounts).of_own("sqlite:////share/own/core.db", Path("/share/own")) == "CN"


ABROAD = [("DE", "residency.away"), ("", "residency.unknown")]


@pytest.mark.parametrize(("lies", "slug"), ABROAD)
def test_e6_a_store_abroad_takes_in_nobody_and_lets_go(world: World, lies: str, slug: str):
    """Nobody is added, by no way round the act; who is there is held, read, erased, and finally gone by a rotation."""
    people = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, ["word"]))]) for n in (2, 3)])
    files = set(world.home.rglob("*.seg"))
    world.outside.regions["store"] = lies
    one = Newcomer("customer", [(1, 1, pack(9, ["word"]))])
    assert refusal(lambda: add_people(world.desk, world.vault, [one])) == slug
    assert set(world.home.rglob("*.seg")) == files
    for table in sorted(OF_PEOPLE):
        with pytest.raises(Refused) as refused, world.desk.store.write() as tx:
            tx.add(table, [{}])
        assert refused.value.slug == slug
    hold_add(world.desk, ids.subject_text(people[1]), "dispute.1", "", NAME)
    erase(world.desk, [ids.subject_text(people[0])], NAME)
    backup(world.desk, "a")
    assert rekey(world.desk, NAME)["waiting_slots"] == 0
    assert vault_check(world.desk, NAME)["ok"] is True
    world.lose()
    with pytest.raises(Refused) as refused:
        world.restore("a")
    assert refused.value.slug == slug


def test_e6_every_table_that_names_somebody_asks_or_says_why_not():
    """A table that is added later asks by itself; what is of people without naming them is listed."""
    named = {name for name, table in METADATA.tables.items() if name == "subject" or "subject" in table.c}
    assert named - OF_PEOPLE == {"record", "hold", "unindexed", "touched", "retention_listed", "stripped", "request", "answer",
                                 "evidence", "entitlement", "parted", "twin", "twin_said", "sought"}  # fmt: skip
    assert OF_PEOPLE - named == {"quarantine", "tally", "letter_code", "campaign", "request_passed", "released_page"}


@pytest.mark.parametrize(("lies", "slug"), ABROAD)
def test_e6_no_entry_is_mirrored_abroad(world: World, lies: str, slug: str):
    """An act that is committed stands and says so; nothing erased is final, no backup is made; moved back, the mirror has everything."""
    backup(world.desk, "a")
    (file,) = (world.root / "mirror").iterdir()
    before, who = (
        file.read_bytes(),
        ids.subject_text(add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(5, ["word"]))])])[0]),
    )
    world.outside.regions["mirror"] = lies
    assert (
        refusal(lambda: add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(6, ["word"]))])]))
        == slug
    )
    assert erase(world.desk, [who], NAME)["mirrored"] is False
    assert refusal(lambda: backup(world.desk, "a")) == slug
    assert refusal(lambda: rekey(world.desk, NAME)) == slug
    assert file.read_bytes() == before
    world.outside.regions.clear()
    assert rekey(world.desk, NAME)["mirrored"] is True
    assert vault_check(world.desk, NAME)["ok"] is True


@pytest.mark.parametrize(("lies", "slug"), ABROAD)
def test_e6_no_share_is_deposited_abroad(tmp_path: Path, lies: str, slug: str):
    """Neither by two people nor by a rotation, which has destroyed nothing by then."""
    place = tmp_path / "world" / "escrow"
    place.mkdir(parents=True)
    world = World(tmp_path / "world")
    world.outside.regions[str(place)] = lies
    assert refusal(lambda: recovery_deposit(world.desk, ("zhouning", "suhe"), 2, dry_run=True)) == slug
    with world.desk.store.write() as tx:
        tx.add(
            "holder",
            [
                {"party": world.party, "handle": name, "public": HolderKey.generate().public, "at": ""}
                for name in ("suhe", "zhouning")
            ],
        )
        tx.add("threshold", [{"party": world.party, "k": 2}])
    assert refusal(lambda: rekey(world.desk, NAME)) == slug
    assert not list(place.rglob("*.*"))
    world.outside.regions.clear()
    assert rekey(world.desk, NAME)["destroyed"] == 1
    assert len(list(place.rglob("*.share"))) == 2
    world.close()


def at_home(root: Path, told: str) -> homes.Home:
    root.mkdir()
    (root / homes.CONFIG).write_text(f'v = 1\nparty = "{ids.new("pty")}"\nregion = "CN"\n{told}', encoding="utf-8")
    return homes.load(root)


def test_e6_a_home_asks_of_its_store_and_mirror_as_it_is_configured(tmp_path: Path):
    """A home's own folder, or another one of this host, takes rows and entries; declared elsewhere, neither, and acts can be entered still."""
    row = {"vault": "v", "id": b"s", "kind": "customer"}
    away = (
        f'store = "sqlite:///{tmp_path}/away/core.db"\nmirror = "{tmp_path}/away/mirror"\nescrow = ["../away/shares"]\n'
    )
    (tmp_path / "away").mkdir()
    for name, told in (("plain", ""), ("moved", away), ("said", f'{away}[regions]\n"{tmp_path}/away" = "CN"\n')):
        home = at_home(tmp_path / name, told)
        with closing(home.open_store()) as store, store.write() as tx:
            tx.add("subject", [row | {"vault": name}])
        home.outside.mirror.append(name, 0, [b"entry"])
        assert set(home.outside.own.values()) == {"CN"}
        assert {home.outside.own[str(files.path("x").parent)] for files in home.outside.escrow} == (
            {"CN"} if told else set()
        )
    home = at_home(tmp_path / "abroad", f'{away}[regions]\n"{tmp_path}/away" = "DE"\n')
    with closing(home.open_store()) as store:
        with pytest.raises(Refused, match="keeps data in DE"), store.write() as tx:
            tx.add("subject", [row])
        with store.write() as tx:
            tx.add("erasure", [{"vault": "v", "seq": 1}])
    assert refusal(lambda: home.outside.mirror.append("abroad", 0, [b"entry"])) == "residency.away"
    assert home.outside.own == {f"{tmp_path}/away/{name}": "DE" for name in ("core.db", "mirror", "shares")}


@pytest.mark.part("postgresql")
def test_e6_a_server_declared_abroad_takes_no_row_and_no_tag_of_anybody(store_server: tuple[str, Path], tmp_path: Path):
    """The same of a database server, and of the index beside it."""
    url, secret = store_server
    place = url.split("?")[0].split("@")[-1]
    told = f'store = "{url}?schema=away_1"\nstore_password_file = "{secret}"\n[regions]\n"postgresql://{place.rpartition("/")[0]}" = '
    tag = Tagged("email/1", b"t" * 16, b"s" * 16)
    for name, lies in (("home", "CN"), ("abroad", "DE")):
        home = at_home(tmp_path / name, f'{told}"{lies}"\n')
        with closing(home.open_store()) as store:
            finder = home.finder(store)
            finder.begin("vlt", 1)
            if lies == "CN":
                with store.write() as tx:
                    tx.add("subject", [{"vault": "v", "id": b"s"}])
                finder.put("vlt", 1, [tag])
                continue
            with pytest.raises(Refused, match="keeps data in DE"), store.write() as tx:
                tx.add("subject", [{"vault": "v", "id": b"t"}])
            with pytest.raises(Refused, match="keeps data in DE"):
                finder.put("vlt", 1, [tag])
    lose_schema(f"{url}?schema=away_1", secret.read_bytes().strip())


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


@pytest.mark.parametrize(("lies", "slug"), [("US", "residency.abroad"), ("", "residency.unknown")])
def test_e6_an_account_of_looks_and_a_code_go_nowhere_else(world: World, tmp_path: Path, lies: str, slug: str):
    """Who saw a customer, what a person saw, and where a correction's code lies in clear: asked before a byte is written."""
    (who,) = (
        ids.subject_text(one)
        for one in add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(0, ("x",)))])])
    )
    place, me = tmp_path / "court", world.desk.principal
    with world.desk.store.write() as tx:
        tx.add(
            "principal",
            [principal_row(me.id, world.party, me.handle, me.roles, world.desk.actor.identity, "2026-03-16T00:00:00Z")],
        )
    world.outside.regions[str(place)] = lies
    given = {"value": "13900000000", "proof": "in-person", "channel": "desk"}
    for work in (
        lambda: access_of(world.desk, who, LocalFiles(place)),
        lambda: access_by(world.desk, world.desk.principal.handle, LocalFiles(place)),
        lambda: correction_new(world.desk, who, Place("t", None, "c"), given, None, lays=str(place)),
    ):
        with pytest.raises(Refused) as refused:
            work()
        assert refused.value.slug == slug
    assert not place.exists()
    world.outside.regions[str(place)] = "CN"
    assert access_of(world.desk, who, LocalFiles(place))["sha256"]
    assert (place / "account.dsse.json").is_file()
