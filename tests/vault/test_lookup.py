"""A1: a customer is found by any written form of a value, by nobody too often, and by no backup (spec/vault.md §13)."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.doomed import Ending, shred_all
from custody.acts.limits import PER_MINUTE
from custody.acts.marks import Marks
from custody.acts.people import by_id
from custody.acts.revising import revise_record
from custody.acts.vaults import slot_places
from custody.acts.whose import whose
from custody.base import canonical, ids
from custody.base.errors import Denied, Malformed, Unavailable
from custody.ports.store import Row, one
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.lookup import lookup
from custody.services.rekey import rekey
from custody.services.token_new import token_new
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

COLUMNS = (
    ("手机", "contact.phone"),
    ("邮箱", "contact.email"),
    ("会员号", "account.customer_id"),
    ("证件", "id.cn_resident"),
)
LI = ("13800138000", "Li.Mei@Example.cn", "QH0007", "110101199003070070")
WANG = ("+86 139 1234 5678", "wang@example.cn", "QH0008", "")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault with two customers."""
    yield from prepared(World(tmp_path / "world"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.part("postgresql"))])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same over each kind of store."""
    server = None
    if request.param == "postgresql":
        url, secret = request.getfixturevalue("store_server")
        server = f"{url}?schema=t_{secrets.token_hex(6)}", secret.read_bytes().strip()
    yield from prepared(World(tmp_path / "world", server=server))


def prepared(made: World) -> Iterator[World]:
    """With the columns of the two."""
    with made.desk.store.write() as tx:
        names = [name for name, _ in COLUMNS]
        told = canonical.encode({"columns": names, "places": [0, 1, 2, 3], "home": True})
        tx.add("schema", [{"vault": made.vault, "number": 3, "tbl": "会员", "compartment": 1, "columns": told}])
        listed = canonical.encode({"columns": [[name, cls, "general", "general"] for name, cls in COLUMNS]})
        tx.add("tally", [{"vault": made.vault, "tbl": "会员", "role": "subject", "kind": "customer", "met": 2, "sealed": 2,
                          "quarantined": 0, "source": "", "sha256": "", "columns": listed}])  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def people(world: World) -> list[str]:
    """Their ids: Li, Wang."""
    return come(world)


def come(world: World) -> list[str]:
    """Li and Wang are sealed in; their ids."""
    both = [Newcomer("customer", [(1, 3, pack(row, values))]) for row, values in enumerate((LI, WANG))]
    return [ids.subject_text(one) for one in add_people(world.desk, world.vault, both)]


def found(world: World, value: str, by: str | None = None) -> dict[str, list[str]]:
    """{subject: by what}."""
    return {one["subject"]: one["by"] for one in lookup(world.desk, value, by, NAME)["found"]}


@pytest.mark.parametrize(
    ("value", "by"),
    [("13800138000", "phone"), ("138 0013 8000", "phone"), ("+86-138-0013-8000", "phone"), ("0086 13800138000", "phone"),
     ("１３８００１３８０００", "phone"), ("(+86)13800138000", "phone"), ("li.mei@example.cn", "email"), (" LI.MEI@EXAMPLE.CN. ", "email"),
     ("QH0007", "customer-number"), ("qh0007", "customer-number"), (" ｑｈ0007", "customer-number"), ("110101 19900307 0070", "id-number")],
)  # fmt: skip
def test_a1_every_written_form_leads_to_the_person(world: World, people: list[str], value: str, by: str):
    """However a value is written it leads to whom it belongs, and to nobody else."""
    assert found(world, value, by) == {people[0]: [by]}
    assert by in found(world, value)[people[0]]


@pytest.mark.parametrize(
    ("value", "by"), [("13800138001", "phone"), ("QH0006", "customer-number"), ("qh0006", "customer-number")]
)
def test_a1_another_value_leads_to_nobody(world: World, people: list[str], value: str, by: str):
    """A value that nobody has finds nobody, in whatever case."""
    assert people
    assert found(world, value, by) == {}


def test_a1_a_number_that_somebody_has_as_it_is_typed_is_theirs_alone(world: World, people: list[str]):
    """Where a house tells numbers apart by case, each leads to its own; what nobody has in that case leads to all who have it in another; a list is held to the letter."""
    small = [Newcomer("customer", [(1, 3, pack(7, ("13700007777", "small@example.cn", "qh0007", "")))])]
    other = ids.subject_text(add_people(world.desk, world.vault, small)[0])
    assert list(found(world, "QH0007")) == [people[0]]
    assert list(found(world, "qh0007")) == [other]
    assert set(found(world, "Qh0007")) == {people[0], other}
    vault = one_vault(world)
    assert whose(world.desk, vault, ["qh0008"], ["customer-number"])[1] == {"qh0008": {}}


def one_vault(world: World) -> Row:
    with world.desk.store.read() as tx:
        return tx.find("vault", id=world.vault)[0]


def test_a1_what_is_no_value_is_refused(world: World, people: list[str]):
    """A text without a normal form of its kind is refused, not answered with nobody."""
    assert people
    with pytest.raises(Malformed) as refused:
        lookup(world.desk, "not a phone", "phone", NAME)
    assert refused.value.slug == "lookup.form"


def test_a8_the_index_follows_people(either: World):
    """Who comes is found; a corrected value under its new form alone; who is erased by nothing; a rotation changes no epoch."""
    world, people = either, come(either)
    assert found(world, "13800138000")
    epoch = world.desk.finder.epoch(world.vault)
    rekey(world.desk, NAME)
    assert people[0] in found(world, "13800138000")
    third = add_people(
        world.desk, world.vault, [Newcomer("customer", [(1, 3, pack(5, ("13700001111", "x@y.cn", "QH9", "")))])]
    )
    assert list(found(world, "137-0000-1111")) == [ids.subject_text(third[0])]
    changed = pack(0, ("13600002222", *LI[1:]))
    revise_record(world.desk, world.vault, ids.subject_bytes(people[0]), 1, lambda *_: changed, "moved")
    assert found(world, "13800138000", "phone") == {}
    assert list(found(world, "13600002222", "phone")) == [people[0]]
    erase(world.desk, [people[1]], NAME)
    assert found(world, "wang@example.cn") == {}
    assert world.desk.finder.epoch(world.vault) == epoch


def test_a5_a_lost_or_torn_index_is_built_again(world: World, people: list[str]):
    """Without its file, or with half of it, the same people are found under a new epoch."""
    assert people[0] in found(world, "QH0007")
    path, before = world.home / "index" / f"{world.vault}.sqlite", world.desk.finder.epoch(world.vault)
    path.unlink()
    assert people[0] in found(world, "QH0007")
    assert world.desk.finder.epoch(world.vault) > before
    path.write_bytes(path.read_bytes()[:5000])
    for _ in range(3):
        try:
            again = found(world, "QH0007")
        except Unavailable:
            continue
        break
    assert people[0] in again


def test_a5_an_index_of_a_former_form_is_built_again(world: World, people: list[str]):
    """A file whose tables are of an older version is emptied, and the same people are found under a later epoch."""
    assert people[0] in found(world, "QH0007")
    path, before = world.home / "index" / f"{world.vault}.sqlite", world.desk.finder.epoch(world.vault)
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA user_version = 0")
        base.execute("DROP TABLE tag")
        base.execute("CREATE TABLE tag (vault TEXT, epoch INTEGER, normaliser TEXT, tag BLOB, subject BLOB)")
    assert people[0] in found(world, "QH0007")
    assert world.desk.finder.epoch(world.vault) > before


def test_a5_no_backup_holds_the_index_and_a_restore_begins_a_new_epoch(either: World):
    """After loss and restore the epoch is one that never was, and the old tags lead nowhere."""
    world, people = either, come(either)
    assert people[0] in found(world, "QH0007")
    before = world.desk.finder.epoch(world.vault)
    backup(world.desk, "a")
    assert not [path for path in (world.root / "a").rglob("*") if "index" in path.name]
    world.lose()
    world.restore("a")
    assert people[0] in found(world, "QH0007")
    assert world.desk.finder.epoch(world.vault) > before


def test_a1_nothing_that_was_looked_up_is_kept(world: World, people: list[str]):
    """No file of the home or its mirror holds a value; the entry names who asked, by what kind, and how many were found."""
    assert people
    for value in (*LI, WANG[1]):
        found(world, value)
    kept = [path for path in world.root.rglob("*") if path.is_file()]
    assert not [path for path in kept for value in LI if value.encode() in path.read_bytes()]
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry")]
    says = [one["says"] for one in told if one["kind"] == "looked-up"]
    assert len(says) == 5
    assert set(says[0]) == {"vault", "by", "found", "principal"}


def test_a1_look_ups_are_limited(world: World, people: list[str]):
    """One person may not try values one after the other; a minute later they may go on."""
    assert people
    for number in range(PER_MINUTE):
        found(world, f"QH{number}", "customer-number")
    with pytest.raises(Denied) as refused:
        found(world, "QH0007", "customer-number")
    assert refused.value.slug == "lookup.limit"
    world.clock.advance(timedelta(minutes=2))
    assert people[0] in found(world, "QH0007", "customer-number")


def test_a1_more_tokens_ask_no_more(world: World):
    """What a token asks counts as its owner's: with the other token, and with what they ask themselves."""
    tokens = [token_new(world.desk, name, ["customers"], "2026-06-30") for name in ("first", "second")]
    with world.desk.store.read() as tx:
        rows = [one(tx, "api_token", id=str(made["id"])) for made in tokens]
        machines = [by_id(tx, str(row["principal"])) for row in rows if row is not None]
    asking = [world.desk, *(replace(world.desk, principal=machine) for machine in machines)]
    assert len(asking) == 3
    for number in range(PER_MINUTE):
        lookup(asking[number % 3], f"QH{number}", "customer-number", None)
    for desk in asking:
        with pytest.raises(Denied) as refused:
            lookup(desk, "QH0007", "customer-number", None)
        assert refused.value.slug == "lookup.limit"


def test_a5_who_was_destroyed_is_out_of_the_index(world: World, people: list[str]):
    """Whoever keeps a compartment is found no more by what lay in the one that went, and no tag of theirs is left on the disk."""
    assert people[0] in found(world, LI[0])
    with world.desk.store.read() as tx:
        (row,) = tx.find("subject", vault=world.vault, id=ids.subject_bytes(people[0]))
    doomed = Marks()
    doomed.add((1, *slot_places(row["slots"])[1]))
    shred_all(world.desk, Ending(world.vault, "job_x", 0, frozenset()), doomed)
    assert _tags(world) == 0
    assert people[0] not in found(world, LI[0])
    assert people[1] in found(world, WANG[1])


def test_a8_the_evidence_about_who_was_destroyed_goes_when_they_are_erased(world: World, people: list[str]):
    """Its key is the last of theirs: destroyed people may still be erased, and then nothing of theirs opens."""
    with world.desk.store.read() as tx:
        (row,) = tx.find("subject", vault=world.vault, id=ids.subject_bytes(people[0]))
    places, doomed = slot_places(row["slots"]), Marks()
    doomed.add((1, *places[1]))
    shred_all(world.desk, Ending(world.vault, "job_x", 0, frozenset()), doomed)
    assert erase(world.desk, [people[0]], NAME)["slots"] == len(places) - 1
    assert erase(world.desk, [people[0]], NAME)["already"] == 1


def _tags(world: World) -> int:
    """Rows of every index file."""
    count = 0
    for file in (world.home / "index").glob("*.sqlite"):
        with closing(sqlite3.connect(file)) as base:
            count += base.execute("SELECT count(*) FROM tag").fetchone()[0] if _has_tags(base) else 0
    return count


def _has_tags(base: sqlite3.Connection) -> bool:
    return bool(base.execute("SELECT 1 FROM sqlite_master WHERE name = 'tag'").fetchone())


def test_a8_who_was_erased_is_out_of_the_index_when_it_is_final(world: World, people: list[str]):
    """The index's key outlives the root, so whoever is gone with the root is out of it before; the others are found as before."""
    assert people[0] in found(world, LI[0])
    erase(world.desk, [people[0]], NAME)
    assert rekey(world.desk, NAME)["waiting_slots"] == 0
    left = set[bytes]()
    for file in (world.home / "index").glob("*.sqlite"):
        with closing(sqlite3.connect(file)) as base:
            left |= {bytes(who) for (who,) in base.execute("SELECT subject FROM tag")} if _has_tags(base) else set()
    assert left == {ids.subject_bytes(people[1])}
    assert (found(world, LI[0]), list(found(world, WANG[1]))) == ({}, [people[1]])
