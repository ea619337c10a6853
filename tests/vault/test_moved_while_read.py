"""A8: who reads a vault for long reads it as it was, also where a compaction moves records and takes files away meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from custody.acts import finding
from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.base import canonical, ids
from custody.base.errors import CustodyError
from custody.ports.store import Row
from custody.services import vault_check as vault_check_module
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.index_renew import index_renew
from custody.services.lookup import lookup
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

PEOPLE = 5


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Five people with an address each, the first of whom was erased: a compaction has something to drop."""
    made = World(tmp_path / "world", lasting=True)
    told = canonical.encode({"columns": ["m"], "places": [0], "home": True})
    listed = canonical.encode({"columns": [["m", "contact.email", "general", "general"]]})
    tally = {"vault": made.vault, "tbl": "t", "role": "subject", "kind": "customer", "met": 0, "sealed": 0, "quarantined": 0, "source": "", "sha256": "", "columns": listed}  # fmt: skip
    with made.desk.store.write() as tx:
        tx.add("schema", [{"vault": made.vault, "number": 3, "tbl": "t", "compartment": 1, "columns": told}])
        tx.add("tally", [tally])
    come = [Newcomer("customer", [(1, 3, pack(n, [f"k{n}@example.cn"]))]) for n in range(PEOPLE)]
    made.people = add_people(made.desk, made.vault, come)  # type: ignore[attr-defined]
    erase(made.desk, [ids.subject_text(made.people[0])], NAME)  # type: ignore[attr-defined]
    yield made
    made.close()


def found(world: World) -> list[int]:
    """How many each address finds."""
    return [int(str(lookup(world.desk, f"k{n}@example.cn", None, NAME)["count"])) for n in range(PEOPLE)]


def beside(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do it once, when the index has taken its look at the vault and opened nothing yet."""
    inner, left = finding._tags, [act]

    def slow(*told: object) -> object:
        if left:
            left.pop()()
        return inner(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(finding, "_tags", slow)


def test_a8_an_index_built_beside_a_compaction_leaves_nobody_out(world: World, monkeypatch: pytest.MonkeyPatch):
    """The file that it was about to read is gone, and everybody in it is found all the same."""
    beside(monkeypatch, lambda: compact(world.desk, NAME, least=0))
    index_renew(world.desk, NAME)
    assert found(world) == [0, 1, 1, 1, 1]
    assert vault_check(world.desk, NAME)["ok"]


def test_a8_who_was_erased_meanwhile_is_not_found_and_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    """Erased and compacted away while the index is built: that record is gone, the others were only moved."""

    def act() -> None:
        erase(world.desk, [ids.subject_text(world.people[3])], NAME)  # type: ignore[attr-defined]
        compact(world.desk, NAME, least=0)

    beside(monkeypatch, act)
    index_renew(world.desk, NAME)
    assert found(world) == [0, 1, 1, 0, 1]


def test_a8_a_file_that_is_lost_is_lost_and_counted(world: World):
    """No row says otherwise: whoever passes records over passes these over by count, and whoever does not is told."""
    lost = Counter[bytes]()
    with world.desk.store.read() as tx:
        rows = tx.find("record", order=("subject",), vault=world.vault)
        for file in {str(row["file"]) for row in tx.find("segment", vault=world.vault)}:
            world.desk.files.remove(file)
        with Reader(world.desk, tx, world.vault, lost=lost) as reader:
            assert {reader.opened(row) for row in rows} == {None}
    assert sum(lost.values()) == len(rows) == PEOPLE - 1


def test_a8_what_moved_is_read_whole_and_what_went_is_not_counted_as_lost(world: World):
    """One transaction, a compaction and an erasure beside it: three moved records open, the fourth is nobody's loss."""
    lost = Counter[bytes]()
    with world.desk.store.read() as tx, Reader(world.desk, tx, world.vault, lost=lost) as reader:
        rows: list[Row] = list(tx.find("record", order=("subject",), vault=world.vault))
        erase(world.desk, [ids.subject_text(world.people[2])], NAME)  # type: ignore[attr-defined]
        compact(world.desk, NAME, least=0)
        payloads = [reader.opened(row) for row in rows]
    assert (sum(one is None for one in payloads), sum(lost.values())) == (1, 0)


def test_a8_a_check_beside_a_compaction_is_run_again_and_names_no_file_as_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Its file went while it looked: that is no fault of the vault's; a second look finds none."""
    inner, left = vault_check_module.survey, [lambda: compact(world.desk, NAME, least=0)]

    def slow(*told: object) -> object:
        if left:
            left.pop()()
        return inner(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(vault_check_module, "survey", slow)
    with pytest.raises(CustodyError) as caught:
        vault_check(world.desk, NAME)
    assert (caught.value.slug, caught.value.retry) == ("vault.raced", True)
    assert vault_check(world.desk, NAME)["ok"]


def test_a8_no_index_is_made_from_a_disk_that_is_not_mounted(world: World):
    """An empty mount point tells of nobody: the index of before goes on, and when the disk is back nothing was forgotten."""
    there, aside = world.home / "vaults", world.home / "vaults-away"
    before = found(world)
    there.rename(aside)
    there.mkdir()
    with pytest.raises(CustodyError) as caught:
        index_renew(world.desk, NAME)
    assert (caught.value.slug, caught.value.retry) == ("index.away", True)
    there.rmdir()
    aside.rename(there)
    assert found(world) == before == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("anew", [False, True], ids=["kept up", "built anew"])
def test_a8_who_lies_in_a_file_that_was_away_comes_in_when_it_is_back(world: World, *, anew: bool):
    """One of two files is away while the index is made: a look-up says so, and once it is back they are found without another epoch."""
    (late,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 3, pack(9, ["late@example.cn"]))])])
    with world.desk.store.read() as tx:
        (record,) = tx.find("record", vault=world.vault, subject=late)
        file = world.home / str(tx.find("segment", vault=world.vault, id=record["segment"])[0]["file"])
    file.rename(aside := world.home / "aside.seg")
    if anew:
        told = index_renew(world.desk, NAME)
        assert (told["segments_missing"], told["ok"]) == (1, False)
    for _ in range(2):
        told = lookup(world.desk, "late@example.cn", None, NAME)
        assert (told["count"], told["segments_missing"]) == (0, 1)
    assert lookup(world.desk, "k1@example.cn", None, NAME)["count"] == 1
    aside.rename(file)
    told = lookup(world.desk, "late@example.cn", None, NAME)
    assert (told["count"], told.get("segments_missing", 0)) == (1, 0)


def test_a8_who_lay_in_a_file_that_came_back_and_was_compacted_comes_in(world: World):
    """Before anybody looked something up: what was missed has another name by then."""
    with world.desk.store.read() as tx:
        (file,) = {str(row["file"]) for row in tx.find("segment", vault=world.vault)}
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 3, pack(9, ["late@example.cn"]))])])
    path = world.home / file
    path.rename(aside := world.home / "aside.seg")
    index_renew(world.desk, NAME)
    aside.rename(path)
    assert compact(world.desk, NAME, least=0)["segments"] == 1
    assert found(world) == [0, 1, 1, 1, 1]


def test_a8_a_record_that_rotted_comes_in_when_it_is_whole_again(world: World):
    """Somebody brings the good file back on the word of the daily check."""
    (late,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 3, pack(9, ["late@example.cn"]))])])
    with world.desk.store.read() as tx:
        (record,) = tx.find("record", vault=world.vault, subject=late)
        file = world.home / str(tx.find("segment", vault=world.vault, id=record["segment"])[0]["file"])
    good = file.read_bytes()
    bad = bytearray(good)
    bad[int(str(record["position"])) + 70] ^= 1
    file.write_bytes(bad)
    for _ in range(2):
        assert lookup(world.desk, "late@example.cn", None, NAME)["count"] == 0
    file.write_bytes(good)
    assert lookup(world.desk, "late@example.cn", None, NAME)["count"] == 1
