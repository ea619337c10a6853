"""A8, A15, G4: what a buyer erases before its re-seal is not called final while the seller's keys open it here or in a backup (spec/vault.md §9)."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.ending import certificate
from custody.acts.mirroring import catch_up
from custody.adapters.home import DUE as EVERY
from custody.base import ids
from custody.base.signing import Signer
from custody.package.accounted import Customers, Erasures
from custody.scheduled import tasks
from custody.services.backup import backup
from custody.services.due import due
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.services.invite import invite
from custody.services.receive import receive
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.vault.segment import frames
from custody.vault.suite import AES
from tests.vault.arriving_deal import DEAL, NAME, Arriving, dek, readable, who
from tests.vault.second import approve, join

PEOPLE = 6
DAILY = [one for one in tasks(dict.fromkeys(EVERY, 24)) if one.name in {"rotation", "backup"}]
"""What of the schedule could change a root or renew a place."""


@pytest.fixture
def arrived(tmp_path: Path) -> Iterator[Arriving]:
    """Six customers of two records each, received and backed up; the first was erased, and the seller has every key."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    made.receive()
    made.world.outside.prepare("a")
    assert backup(made.world.desk, "a")["ok"]
    yield made
    made.world.close()


def gone(arrived: Arriving, number: int) -> dict:
    """Their erasure's answer."""
    return dict(erase(arrived.world.desk, [ids.subject_text(who(number))], NAME))


def opens(folder: Path, number: int) -> int:
    """How many sealed records below a folder a key of the seller's opens."""
    keys, found = {AES.key_id(dek(number, compartment)) for compartment in (1, 2)}, 0
    for file in folder.rglob("*.seg"):
        with file.open("rb") as source:
            found += sum(bytes(sealed[32:48]) in keys for _, sealed in frames(source))
    return found


def dates(arrived: Arriving) -> set[str]:
    """From when what was erased is final; '' of what is not."""
    with arrived.world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
        return {str(each["final_at"]) for each in tx.find("erasure", vault=row["id"])}


def rotations(arrived: Arriving) -> int:
    """How often the received vault's root was changed."""
    with arrived.world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
        return int(row["generation"]) - 1


def night(arrived: Arriving) -> None:
    """A day later, what is scheduled."""
    arrived.world.clock.advance(timedelta(days=1))
    assert due(arrived.world.desk, DAILY, dry_run=False)["ok"]


def test_g4_what_is_erased_before_the_re_seal_is_final_after_it(arrived: Arriving):
    """No date and no finality while the seller's keys open what lies there, and each destroy names them; the rotation after the re-seal gives the date."""
    told = gone(arrived, 1)
    assert (told["unreadable"], told["final_by"], told["waits_for"]) == (True, None, ["seller-keys"])
    done = rekey(arrived.world.desk, NAME)
    assert (done["final_slots"], done["waiting_slots"], done["waits_for"]) == (0, 2, ["seller-keys"])
    assert "seller-keys" in done["spares"]
    home, place = arrived.world.home, arrived.world.root / "a"
    assert (opens(home / "vaults", 1), opens(place, 1), dates(arrived)) == (2, 2, {""})
    reseal(arrived.world.desk, DEAL, arrived.files)
    assert dates(arrived) == {""}
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    done = rekey(arrived.world.desk, NAME)
    assert (done["waiting_slots"], done["waits_for"]) == (0, [])
    assert (opens(home / "vaults", 1), opens(place, 1)) == (0, 0)
    assert "" not in dates(arrived)
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    told = gone(arrived, 2)
    assert (bool(told["final_by"]), told["waits_for"]) == (True, [])
    assert "seller-keys" not in rekey(arrived.world.desk, NAME)["spares"]


def test_g4_a_part_that_is_erased_before_the_re_seal_has_no_date(arrived: Arriving):
    """What stays moved to a key of our own; what went lies in the seller's segment."""
    told = erase_part(arrived.world.desk, ids.subject_text(who(3)), "t", None, NAME)
    assert (told["final_by"], told["waits_for"]) == (None, ["seller-keys"])


def test_g4_a_place_that_was_away_at_the_re_seal_keeps_the_date_until_it_was_renewed(
    arrived: Arriving, monkeypatch: pytest.MonkeyPatch
):
    """A rotation that came into force before the re-seal does not count: the place may still hold what came."""
    gone(arrived, 1)
    arrived.world.weather.out.add("a")
    with pytest.raises(Exception, match="answer"):
        rekey(arrived.world.desk, NAME)
    assert rotations(arrived) == 1
    arrived.world.weather.out.clear()
    monkeypatch.setattr("custody.services.reseal.renewed_places", lambda _: arrived.world.weather.out.add("a"))
    reseal(arrived.world.desk, DEAL, arrived.files)
    assert opens(arrived.world.root / "a", 1) == 2
    arrived.world.weather.out.clear()
    rekey(arrived.world.desk, NAME)
    assert (rotations(arrived), dates(arrived)) == (1, {""})
    assert vault_check(arrived.world.desk, NAME)["faults"] == []
    rekey(arrived.world.desk, NAME)
    assert (opens(arrived.world.root / "a", 1), "" in dates(arrived)) == (0, False)


def test_a5_what_waits_for_the_re_seal_calls_for_no_rotation_night_after_night(arrived: Arriving):
    """One for what was erased, none while nothing else is; one after the re-seal, and none after that."""
    gone(arrived, 1)
    for _ in range(4):
        night(arrived)
        assert rotations(arrived) == 1
    gone(arrived, 2)
    for _ in range(3):
        night(arrived)
        assert rotations(arrived) == 2
    assert dates(arrived) == {""}
    reseal(arrived.world.desk, DEAL, arrived.files)
    for _ in range(4):
        night(arrived)
        assert rotations(arrived) == 3
    assert "" not in dates(arrived)


def test_g4_a_backup_from_before_the_re_seal_brings_no_date_with_what_came(arrived: Arriving, tmp_path: Path):
    """It holds the seller's segment again: nothing is final until that was sealed anew once more."""
    gone(arrived, 1)
    assert backup(arrived.world.desk, "a")["ok"]
    old = Path(shutil.copytree(arrived.world.root / "a", tmp_path / "old"))
    reseal(arrived.world.desk, DEAL, arrived.files)
    catch_up(arrived.world.desk)
    arrived.world.lose()
    shutil.rmtree(arrived.world.root / "a")
    old.rename(arrived.world.root / "a")
    arrived.world.restore("a")
    assert (dates(arrived), vault_check(arrived.world.desk, NAME)["faults"]) == ({""}, [])
    reseal(arrived.world.desk, DEAL, arrived.files)
    rekey(arrived.world.desk, NAME)
    assert ("" in dates(arrived), vault_check(arrived.world.desk, NAME)["faults"]) == (False, [])


def test_g4_a_disk_lost_after_the_re_seal_keeps_the_date(arrived: Arriving):
    """The backup of after the rotation holds nothing that the seller's keys open."""
    gone(arrived, 1)
    reseal(arrived.world.desk, DEAL, arrived.files)
    rekey(arrived.world.desk, NAME)
    arrived.world.lose()
    arrived.world.restore("a")
    assert ("" in dates(arrived), vault_check(arrived.world.desk, NAME)["faults"]) == (False, [])


def test_a8_a_certificate_names_what_came_and_was_never_sealed_anew(arrived: Arriving):
    """Whoever ends a vault before its re-seal says that the seller's keys stay."""
    done = rekey(arrived.world.desk, NAME)
    with arrived.world.desk.store.write() as tx:
        (row,) = tx.find("vault", name=NAME)
        rotation = {"g": done["destroyed"], "effective_at": done["effective_at"], "assurance": done["assurance"]}
        made = certificate(
            arrived.world.desk, tx, DEAL, str(row["id"]), (), (), rotation, Erasures(0, 0, "00" * 32), Customers(0, 0)
        )
    assert [(one.what, one.count) for one in made.stays] == [("seller-keys", 2 * PEOPLE)]


def more(arrived: Arriving, n: int, number: int, *, anew: bool = False) -> None:
    """One customer more, in release `n`."""
    if anew:
        with arrived.world.desk.store.read() as tx:
            seller = str(tx.find("matter", ref=DEAL)[0]["counterparty"])
        invite(arrived.world.desk, seller, DEAL, arrived.files, anew=True)
        arrived.invite = arrived.files.read("invite.dsse.json")
    arrived.release(n, lambda one: one == number, "delta").receive()


def lying(arrived: Arriving, where: str) -> list[int]:
    """How many records of each customer the seller's keys open there."""
    return [opens(arrived.world.root / where, number) for number in range(PEOPLE)]


def test_g4_a_delta_after_the_re_seal_copies_in_nobody_but_whom_it_gives(tmp_path: Path):
    """What was erased since is final and lies nowhere under the seller's keys, nor does whoever was never released; each delta has a segment of its own."""
    deal = Arriving(tmp_path, PEOPLE).ship().release(1, lambda number: number < 3)
    deal.receive()
    deal.world.outside.prepare("a")
    backup(deal.world.desk, "a")
    reseal(deal.world.desk, DEAL, deal.files)
    gone(deal, 1)
    rekey(deal.world.desk, NAME)
    assert "" not in dates(deal)
    more(deal, 2, 3, anew=True)
    backup(deal.world.desk, "a")
    assert lying(deal, "home") == lying(deal, "a") == [0, 0, 0, 2, 0, 0]
    more(deal, 3, 4)
    backup(deal.world.desk, "a")
    assert lying(deal, "home") == lying(deal, "a") == [0, 0, 0, 2, 2, 0]
    assert readable(deal, PEOPLE) == {who(n): 2 * (n not in {1, 5}) for n in range(PEOPLE)}
    assert vault_check(deal.world.desk, NAME)["faults"] == []
    done = reseal(deal.world.desk, DEAL, deal.files)
    assert (done["records"], done["deleted"], lying(deal, "home")) == (8, 4, [0] * PEOPLE)
    assert readable(deal, PEOPLE) == {who(n): 2 * (n not in {1, 5}) for n in range(PEOPLE)}
    deal.world.close()


def test_g4_a_release_that_names_whom_the_buyer_erased_copies_none_of_theirs(tmp_path: Path):
    """Not even where the seller names them again; a part that is here already is not copied a second time."""
    deal = Arriving(tmp_path, PEOPLE).ship().release(1, lambda number: number < 3)
    deal.receive()
    reseal(deal.world.desk, DEAL, deal.files)
    gone(deal, 1)
    with deal.world.desk.store.read() as tx:
        seller = str(tx.find("matter", ref=DEAL)[0]["counterparty"])
    invite(deal.world.desk, seller, DEAL, deal.files, anew=True)
    deal.invite = deal.files.read("invite.dsse.json")
    deal.release(2, lambda number: number < 4)
    assert deal.receive()["erased_here"] == 2
    assert lying(deal, "home") == [0, 0, 0, 2, 0, 0]
    assert vault_check(deal.world.desk, NAME)["faults"] == []
    deal.world.close()


def test_what_a_recall_took_between_two_deltas_lies_in_both_and_is_nowhere_lost(tmp_path: Path):
    """The segment of the first still holds it, under the key that came again with the second, whose segment the row names."""
    deal = Arriving(tmp_path, PEOPLE).ship().release(1, lambda number: number < 3)
    deal.receive()
    reseal(deal.world.desk, DEAL, deal.files)
    more(deal, 2, 3, anew=True)
    deal.call_back(3, [(1, 3), (2, 3)])
    second = Signer.generate()
    join(deal.world, second)
    act, content = receive(deal.world.desk, DEAL, deal.files, NAME, dry_run=True)["would"]["approve"]
    approve(deal.world, second, {"approve": {"act": act, "content": content}})
    assert deal.receive()["slots"] == 2
    more(deal, 4, 3)
    assert readable(deal, PEOPLE) == {who(n): 2 * (n < 4) for n in range(PEOPLE)}
    assert vault_check(deal.world.desk, NAME)["faults"] == []
    deal.world.close()
