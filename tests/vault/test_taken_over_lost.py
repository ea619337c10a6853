"""A5, A15: a disk that is lost around the re-seal costs nobody: what the backup holds is whole, and is taken over again (spec/vault.md §21)."""

import shutil
from pathlib import Path

import pytest

from custody.acts import backing, takeover
from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.acts.sole import copying
from custody.base import ids
from custody.base.errors import Unavailable
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.services.vault_new import vault_new
from custody.vault.payload import pack
from tests.vault.arriving_deal import DEAL, NAME, ORIGIN, Arriving, readable, who

PEOPLE = 6


@pytest.fixture
def arrived(tmp_path: Path) -> Arriving:
    """Six customers of two records each, received, backed up to `a`."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    made.receive()
    made.world.outside.prepare("a")
    assert backup(made.world.desk, "a")["ok"]
    return made


def lost(arrived: Arriving, place: Path) -> dict:
    """The disk goes; the restore is from what lay in `place`."""
    catch_up(arrived.world.desk)
    arrived.world.lose()
    if place != arrived.world.root / "a":
        shutil.rmtree(arrived.world.root / "a")
        shutil.copytree(place, arrived.world.root / "a")
    return arrived.world.restore("a")


def test_a5_a_disk_lost_after_the_re_seal_costs_nobody(arrived: Arriving):
    """Every place holds the new keys and segments before what they came from goes."""
    assert reseal(arrived.world.desk, DEAL, arrived.files)["records"] == 2 * PEOPLE
    lost(arrived, arrived.world.root / "a")
    assert readable(arrived, PEOPLE) == {who(n): 2 for n in range(PEOPLE)}
    assert vault_check(arrived.world.desk, NAME)["ok"]


def test_a5_a_backup_from_before_the_re_seal_is_whole_and_is_taken_over_again(arrived: Arriving, tmp_path: Path):
    """Nobody is erased by a key that gave way to another; who was erased after the re-seal stays erased, under either key."""
    old = Path(shutil.copytree(arrived.world.root / "a", tmp_path / "old"))
    reseal(arrived.world.desk, DEAL, arrived.files)
    erase(arrived.world.desk, [ids.subject_text(who(2))], NAME)
    report = lost(arrived, old)
    assert report["replayed_slots"] > 0
    there = {who(n): 0 if n == 2 else 2 for n in range(PEOPLE)}
    assert readable(arrived, PEOPLE) == there
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    assert reseal(arrived.world.desk, DEAL, arrived.files)["records"] == 2 * (PEOPLE - 1)
    assert readable(arrived, PEOPLE) == there
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    with arrived.world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
        assert tx.count("subject", vault=row["id"], state="live") == PEOPLE - 1
    assert rekey(arrived.world.desk, NAME)["waiting_slots"] == 0


def test_a5_a_place_that_does_not_answer_stops_the_re_seal_before_anything_goes(arrived: Arriving):
    """Segments and the deal's key stay; later it ends."""
    before = set(arrived.world.desk.files.list("vaults"))
    arrived.world.weather.out.add("a")
    with pytest.raises(Unavailable):
        reseal(arrived.world.desk, DEAL, arrived.files)
    assert before <= set(arrived.world.desk.files.list("vaults"))
    with arrived.world.desk.store.read() as tx:
        assert tx.count("deal_key") == 1
    arrived.world.weather.out.clear()
    assert reseal(arrived.world.desk, DEAL, arrived.files)["records"] == 2 * PEOPLE
    assert not before & set(arrived.world.desk.files.list("vaults"))


def test_a5_a_backup_that_broke_off_between_two_vaults_is_passed_over(
    arrived: Arriving, monkeypatch: pytest.MonkeyPatch
):
    """Of the place's two days one is whole: its facts and its keys together, never the keys of one with the facts of the other."""
    vault_new(arrived.world.desk, "third", untried=False)
    assert backup(arrived.world.desk, "a")["ok"]
    with arrived.world.desk.store.read() as tx:
        last = str(tx.find("vault", name="third")[0]["id"])
    whole = backing._write_keys

    def breaks(desk, files, vault, made):
        if vault == last:
            raise Unavailable("backup.place", "The disk is full.", retry=True)
        return whole(desk, files, vault, made)

    monkeypatch.setattr(backing, "_write_keys", breaks)
    with pytest.raises(Unavailable):
        reseal(arrived.world.desk, DEAL, arrived.files)
    monkeypatch.undo()
    lost(arrived, arrived.world.root / "a")
    assert readable(arrived, PEOPLE) == {who(n): 2 for n in range(PEOPLE)}
    assert vault_check(arrived.world.desk, NAME)["faults"] == []


def test_a5_no_take_over_commits_while_a_backup_copies(arrived: Arriving, monkeypatch: pytest.MonkeyPatch):
    """Its facts would name the old keys, and its keys be of after."""
    monkeypatch.setattr("custody.adapters.stores.alone.WAIT_SECONDS", 0.2)
    desk = arrived.world.desk
    with desk.store.alone(copying(desk)), pytest.raises(Unavailable) as busy:
        reseal(desk, DEAL, arrived.files)
    assert busy.value.slug == "vault.busy"
    assert readable(arrived, PEOPLE) == {who(n): 2 for n in range(PEOPLE)}
    with desk.store.read() as tx:
        assert {row["origin"] for row in tx.find("segment")} == {ids.id_text("vlt", ORIGIN)}


def test_a5_a_compaction_leaves_what_came_as_it_came(tmp_path: Path):
    """A later release is held against the segment as it was sent, whoever was not released yet."""
    arriving = Arriving(tmp_path, 8).ship().release(1, lambda n: n < 3)
    arriving.receive()
    assert compact(arriving.world.desk, NAME, least=0)["segments"] == 0
    arriving.release(2, lambda n: n >= 3, "delta")
    arriving.receive()
    assert arriving.held()["record"] == 16
    arriving.world.close()


@pytest.fixture
def older(arrived: Arriving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The backup of before a re-seal, whose entries do not say what moved where, as those of an earlier release."""
    place, enter = Path(shutil.copytree(arrived.world.root / "a", tmp_path / "old")), takeover.append

    def entered(*args: object, detail: dict, **kw: object) -> int:
        return enter(*args, detail={"slots": detail["slots"]}, **kw)

    monkeypatch.setattr(takeover, "append", entered)
    reseal(arrived.world.desk, DEAL, arrived.files)
    monkeypatch.undo()
    return place


def test_a5_a_re_seal_of_a_home_of_before_costs_nobody_either(arrived: Arriving, older: Path):
    """Nobody was erased by it, so nothing goes; an erasure of before it stays one."""
    report = lost(arrived, older)
    assert (report["replayed_slots"], report["not_in_backup"].get("moved:taken-over")) == (0, None)
    assert readable(arrived, PEOPLE) == {who(n): 2 for n in range(PEOPLE)}
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    assert reseal(arrived.world.desk, DEAL, arrived.files)["records"] == 2 * PEOPLE


def test_g5_who_was_erased_after_such_a_re_seal_does_not_come_back(arrived: Arriving, older: Path):
    """Nobody can tell any more who it was: all that was taken over goes, and is counted."""
    erase(arrived.world.desk, [ids.subject_text(who(2))], NAME)
    report = lost(arrived, older)
    assert report["not_in_backup"]["moved:taken-over"] == 2 * PEOPLE
    assert set(readable(arrived, PEOPLE).values()) == {0}
    assert vault_check(arrived.world.desk, NAME)["ok"]


def test_a5_who_came_after_such_a_re_seal_and_was_erased_takes_nobody_along(arrived: Arriving, older: Path):
    """Their slots are none that it filled."""
    with arrived.world.desk.store.read() as tx:
        vault = str(tx.find("vault", name=NAME)[0]["id"])
    (new,) = add_people(arrived.world.desk, vault, [Newcomer("customer", [(1, 1, pack(99, ["new"]))])])
    erase(arrived.world.desk, [ids.subject_text(new)], NAME)
    assert lost(arrived, older)["replayed_slots"] == 0
    assert readable(arrived, PEOPLE) == {who(n): 2 for n in range(PEOPLE)}
