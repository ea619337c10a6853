"""A5, A15: a disk that is lost around the re-seal costs nobody: what the backup holds is whole, and is taken over again (spec/vault.md §21)."""

import shutil
from pathlib import Path

import pytest

from custody.acts.mirroring import catch_up
from custody.acts.reading import Reader
from custody.base import ids
from custody.base.errors import Unavailable
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from tests.vault.arriving_deal import DEAL, NAME, Arriving, who

PEOPLE = 6


@pytest.fixture
def arrived(tmp_path: Path) -> Arriving:
    """Six customers of two records each, received, backed up to `a`."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    made.receive()
    made.world.outside.prepare("a")
    assert backup(made.world.desk, "a")["ok"]
    return made


def readable(arrived: Arriving) -> dict[bytes, int]:
    """How many records of each customer open."""
    with arrived.world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
        found = {who(n): tx.find("record", vault=row["id"], subject=who(n)) for n in range(PEOPLE)}
        with Reader(arrived.world.desk, tx, str(row["id"])) as reader:
            return {one: sum(1 for each in rows if reader.open(each)) for one, rows in found.items()}


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
    assert readable(arrived) == {who(n): 2 for n in range(PEOPLE)}
    assert vault_check(arrived.world.desk, NAME)["ok"]


def test_a5_a_backup_from_before_the_re_seal_is_whole_and_is_taken_over_again(arrived: Arriving, tmp_path: Path):
    """Nobody is erased by a key that gave way to another; who was erased after the re-seal stays erased, under either key."""
    old = Path(shutil.copytree(arrived.world.root / "a", tmp_path / "old"))
    reseal(arrived.world.desk, DEAL, arrived.files)
    erase(arrived.world.desk, [ids.subject_text(who(2))], NAME)
    report = lost(arrived, old)
    assert report["replayed_slots"] > 0
    there = {who(n): 0 if n == 2 else 2 for n in range(PEOPLE)}
    assert readable(arrived) == there
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    assert reseal(arrived.world.desk, DEAL, arrived.files)["records"] == 2 * (PEOPLE - 1)
    assert readable(arrived) == there
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
