"""A1: a name is found by opening a bucket of people; the index says neither how often a name stands there nor who shares it (spec/vault.md §13)."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from custody.acts import finding, whose
from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.acts.revising import revise_record
from custody.adapters.stores import alone
from custody.base import canonical, ids
from custody.services.erase import erase
from custody.services.index_renew import index_renew
from custody.services.lookup import lookup
from custody.vault.index import NEWEST, bucket_bits
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World

GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚"
SURNAMES = "王李张刘陈杨赵黄周吴"


def called(number: int) -> str:
    """The name of person `number`: 200 names, each of several people."""
    return SURNAMES[number % 10] + GIVEN[number // 10 % 20]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """600 customers with a name and a number, and a table with names that are somebody else's."""
    made = World(tmp_path / "world")
    with made.desk.store.write() as tx:
        for number, columns in (
            (3, [("名", "name.full"), ("号", "account.customer_id")]),
            (4, [("件", "record.other"), ("收", "name.full")]),
        ):
            told = canonical.encode({"columns": [name for name, _ in columns], "places": [0, 1], "home": number == 3})
            tx.add(
                "schema",
                [{"vault": made.vault, "number": number, "tbl": f"t{number}", "compartment": 1, "columns": told}],
            )
            listed = canonical.encode({"columns": [[name, cls, "general", "general"] for name, cls in columns]})
            tx.add("tally", [{"vault": made.vault, "tbl": f"t{number}", "role": "subject", "kind": "customer", "met": 2, "sealed": 2,
                              "quarantined": 0, "source": "", "sha256": "", "columns": listed}])  # fmt: skip
    yield made
    made.close()


def come(world: World, numbers: range) -> list[bytes]:
    """So many people; every fiftieth has an order to `欧阳 Li-Na`."""
    people = [
        Newcomer("customer", [(1, 3, pack(n, (called(n), f"QH{n:05d}"))), *([(1, 4, pack(n, ("x", "欧阳 Li-Na")))] if n % 50 == 0 else [])])
        for n in numbers
    ]  # fmt: skip
    return add_people(world.desk, world.vault, people)


def found(world: World, value: str, by: str | None = "name") -> set[bytes]:
    """Who has it."""
    return {ids.subject_bytes(str(one["subject"])) for one in lookup(world.desk, value, by, NAME)["found"]}


def tags(world: World) -> list[tuple[bytes, bytes]]:
    """(tag, subject) of every name in the index's file."""
    with closing(sqlite3.connect(world.home / "index" / f"{world.vault}.sqlite")) as base:
        words = "SELECT tag, subject FROM tag JOIN field ON field.id = tag.field WHERE normaliser = ?"
        return list(base.execute(words, (NEWEST["name"],)))


def test_a1_a_name_finds_all_who_have_it_and_nobody_else(world: World):
    """Of 600 people exactly those of a name are found, in whatever table and written form it stands."""
    people = come(world, range(600))
    for number in (0, 7, 199):
        same = {who for at, who in enumerate(people) if called(at) == called(number)}
        assert found(world, f" {called(number)[0]} {called(number)[1:]}.") == same
    assert found(world, "欧阳LI NA") == {who for at, who in enumerate(people) if at % 50 == 0}
    assert found(world, "王王") == set()


def test_a1_the_index_does_not_say_who_shares_a_name(world: World):
    """There are far fewer tags than names, each of many people, and nothing of a tag but the bucket stands in the file."""
    come(world, range(600))
    found(world, "王伟")
    bits, counted = bucket_bits(600), Counter(tag for tag, _ in tags(world))
    assert bits == 3
    assert {int.from_bytes(tag) & ((1 << (128 - bits)) - 1) for tag in counted} == {0}
    assert len(counted) <= 1 << bits < len({called(n) for n in range(600)}) / 20
    assert sum(counted.values()) >= 600


def test_a8_names_follow_people(world: World):
    """Who is erased or renamed is not found by the former name, although the bucket may be the same."""
    people = come(world, range(200))
    assert len(found(world, called(5))) == 1
    revise_record(world.desk, world.vault, people[5], 1, lambda *_: pack(5, ("诸葛亮", "QH00005")), "married")
    erase(world.desk, [ids.subject_text(people[6])], NAME)
    assert (found(world, called(5)), found(world, called(6)), found(world, "诸葛亮")) == (set(), set(), {people[5]})


@pytest.mark.parametrize(("value", "by"), [("QH00007", None), ("王伟", "customer-number"), ("13800138000", None)])
def test_a1_a_bucket_is_opened_for_names_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, value: str, by: str | None
):
    """A value that somebody has as something else, or that is no name, opens no record of anybody."""
    come(world, range(100))
    found(world, "王伟")
    monkeypatch.setattr(whose, "Reader", None)  # opening anything fails from here on
    lookup(world.desk, value, by, NAME)


def test_a1_what_is_opened_is_a_bucket(world: World, monkeypatch: pytest.MonkeyPatch):
    """A look-up opens the records of one bucket, not of the vault."""
    come(world, range(600))
    found(world, "王伟")
    opened: list[bytes] = []
    inner = Reader.open
    monkeypatch.setattr(Reader, "open", lambda self, row: opened.append(row["subject"]) or inner(self, row))
    found(world, "王伟")
    assert len(set(opened)) < 600
    assert len(set(opened)) in Counter(tag for tag, _ in tags(world)).values()


def test_a5_an_index_with_whole_tags_of_names_is_built_again(world: World):
    """Where the store knows of no buckets, as before there were any, the same people are found under a new epoch."""
    people = come(world, range(100))
    before = (lookup(world.desk, called(3), "name", NAME))["epoch"]
    with world.desk.store.write() as tx:
        assert tx.drop("counter", name=f"index-bits:{world.vault}:{before}") == 1
    assert found(world, called(3)) == {people[3]}
    assert lookup(world.desk, called(3), "name", NAME)["epoch"] > before


def test_a5_buckets_grow_with_the_vault(world: World):
    """Four times as many people, and the index is built again with smaller shares of them in a bucket; a few more change nothing."""
    come(world, range(130))
    first = lookup(world.desk, "王伟", "name", NAME)["epoch"]
    come(world, range(130, 140))
    assert lookup(world.desk, "王伟", "name", NAME)["epoch"] == first
    more = come(world, range(140, 520))
    assert lookup(world.desk, called(519), "name", NAME)["epoch"] > first
    assert more[-1] in found(world, called(519))
    assert len({tag for tag, _ in tags(world)}) > 2


def test_a5_a_new_epoch_by_the_clock(world: World):
    """The scheduled run begins another epoch, by which the same people are found; the store keeps the bits of one epoch only."""
    people = come(world, range(100))
    before = lookup(world.desk, "QH00001", None, NAME)["epoch"]
    told = index_renew(world.desk, NAME)
    assert (told["epoch"] > before, told["bucket_bits"]) == (True, bucket_bits(100))
    assert found(world, called(1)) == {people[1]}
    assert found(world, "QH00001", None) == {people[1]}
    with world.desk.store.read() as tx:
        kept = [row["name"] for row in tx.find("counter") if str(row["name"]).startswith("index-bits:")]
    assert kept == [f"index-bits:{world.vault}:{told['epoch']}"]


def test_a5_the_next_epoch_is_built_beside_the_one_that_answers(world: World, monkeypatch: pytest.MonkeyPatch):
    """While a million people are indexed anew everybody is found, newcomers too, and the new epoch knows those it came too early for."""
    people = come(world, range(100))
    before = lookup(world.desk, called(1), "name", NAME)["epoch"]
    came: list[bytes] = []
    build = finding._build

    def meanwhile(*given: object) -> object:
        passed = build(*given)
        came.extend(come(world, range(100, 110)))
        for _ in range(2):
            assert lookup(world.desk, called(105), "name", NAME)["epoch"] == before
            assert [found(world, called(n)) for n in (1, 105)] == [{people[1]}, {came[5]}]
        return passed

    monkeypatch.setattr(finding, "_build", meanwhile)
    told = index_renew(world.desk, NAME)
    with world.desk.store.read() as tx:
        assert tx.count("unindexed", vault=world.vault) == 10
    assert lookup(world.desk, called(105), "name", NAME)["epoch"] == told["epoch"] > before
    assert [found(world, called(n)) for n in (1, 105)] == [{people[1]}, {came[5]}]
    with world.desk.store.read() as tx:
        assert tx.count("unindexed", vault=world.vault) == 0


def test_a5_who_asks_while_a_lost_index_is_built_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch, refuses: Refuses
):
    """Not that somebody else writes: that it is being built, and to ask again."""
    come(world, range(10))
    monkeypatch.setattr(alone, "WAIT_SECONDS", 0)
    world.desk.finder.drop(world.vault)
    with world.desk.store.alone(f"index/{world.vault}"), refuses("index.building"):
        lookup(world.desk, called(1), "name", NAME)


def test_a5_an_epoch_that_went_while_it_was_asked_is_asked_once_more(world: World, monkeypatch: pytest.MonkeyPatch):
    """The new one took its place between the tag and the look."""
    people = come(world, range(10))
    taggers, once = finding.taggers, [True]

    def late(*given: object) -> object:
        told = taggers(*given)
        if once.pop() if once else False:
            index_renew(world.desk, NAME)
        return told

    monkeypatch.setattr(whose, "taggers", late)
    assert found(world, called(1)) == {people[1]}
    assert not once


def test_a5_a_list_of_names_opens_each_person_once(world: World, monkeypatch: pytest.MonkeyPatch):
    """Many names at a time are asked for together, in stretches, and the numbers among them open nobody."""
    people = come(world, range(200))
    finding.taggers(world.desk, _row(world))
    opened: list[bytes] = []
    inner = Reader.open
    monkeypatch.setattr(
        Reader, "open", lambda self, row: opened.append((row["subject"], row["record"])) or inner(self, row)
    )
    monkeypatch.setattr(whose, "_BATCH", 7)
    values = [*(called(n) for n in range(0, 200, 3)), "QH00008", "nobody at all"]
    _, told = whose.whose(world.desk, _row(world), values)
    assert {value: set(held) for value, held in told.items()} == {
        **{called(n): {who for at, who in enumerate(people) if called(at) == called(n)} for n in range(0, 200, 3)},
        "QH00008": {people[8]}, "nobody at all": set(),
    }  # fmt: skip
    assert len(opened) == len(set(opened))


def test_a1_a_record_that_does_not_open_is_no_nobody(world: World):
    """Where a record of the bucket was changed the answer counts it as not read; nobody is told that there is no such person."""
    come(world, range(70))
    found(world, "王伟")
    (segment,) = {row["file"] for row in _rows(world, "segment")}
    (path,) = [one for one in world.root.rglob("*") if str(one).endswith(str(segment))]
    record = next(row for row in _rows(world, "record") if row["schema"] == 3)
    data = bytearray(path.read_bytes())
    data[int(record["position"]) + int(record["length"]) - 1] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    assert lookup(world.desk, "欧阳 Li-Na", "name", NAME)["unread"] == 1


def _rows(world: World, table: str):
    with world.desk.store.read() as tx:
        return tx.find(table, vault=world.vault)


def _row(world: World):
    with world.desk.store.read() as tx:
        return tx.find("vault", id=world.vault)[0]
