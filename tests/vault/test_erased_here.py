"""C7, D2: what a buyer erased stays erased, whatever a later release holds; what a recall took may come again (spec/package.md §5)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import recalling
from custody.acts.erasing import erase_compartments
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.base.errors import Refused
from custody.base.signing import Signer
from custody.package import release
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add
from custody.services.invite import invite
from custody.services.receive import receive
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.vault.suite import AES
from tests.vault.arriving_deal import DEAL, NAME, Arriving, dek, parts, vault, who
from tests.vault.second import approve, join


@pytest.fixture
def deal(tmp_path: Path) -> Iterator[Arriving]:
    """Four of six customers are at the buyer, with two parts each."""
    made = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 4)
    assert made.receive()["erased_here"] == 0
    yield made
    made.world.close()


def lose_part(deal: Arriving, n: int, reason: str = "retention") -> None:
    """The second part of somebody goes at the buyer, as a run of retention takes it."""
    with deal.world.desk.store.write() as tx:
        erase_compartments(deal.world.desk, tx, vault(deal), {who(n): {2}}, {"part": reason})


def call_back(deal: Arriving, n: int, slots: list[tuple[int, int]]) -> None:
    """A recall, carried out."""
    deal.call_back(n, slots)
    assert obey(deal)["slots"] == len(slots)


def obey(deal: Arriving) -> dict:
    """Agreed to by a second person and carried out."""
    second = Signer.generate()
    join(deal.world, second)
    told = receive(deal.world.desk, DEAL, deal.files, NAME, dry_run=True)
    act, content = told["would"]["approve"]
    approve(deal.world, second, {"approve": {"act": act, "content": content}})
    return dict(deal.receive())


def reseal_all(deal: Arriving) -> None:
    """Under keys of the buyer's own, and ready for another release."""
    reseal(deal.world.desk, DEAL, deal.files)
    with deal.world.desk.store.read() as tx:
        seller = tx.find("matter", ref=DEAL)[0]["counterparty"]
    invite(deal.world.desk, seller, DEAL, deal.files, anew=True)
    deal.invite = deal.files.read("invite.dsse.json")


@pytest.mark.parametrize("kind", ["full", "delta"])
def test_a_part_that_was_erased_stays_erased(deal: Arriving, kind: str):
    """Final already, and named again by whatever kind of release: left out and counted, while the new ones come in."""
    lose_part(deal, 2)
    rekey(deal.world.desk, NAME)
    deal.release(2, lambda _: True, kind)
    assert deal.receive()["erased_here"] == 1
    assert (parts(deal, 2), parts(deal, 3), parts(deal, 5)) == ([1], [1, 2], [1, 2])
    assert vault_check(deal.world.desk, NAME)["ok"] is True


def test_who_was_erased_as_a_whole_is_counted_too(deal: Arriving):
    """Both parts stay away."""
    erase(deal.world.desk, [ids.subject_text(who(1))], NAME)
    deal.release(2, lambda _: True)
    assert deal.receive()["erased_here"] == 2
    assert parts(deal, 1) == []


def test_what_was_erased_after_the_reseal_stays_erased(deal: Arriving):
    """The key that went was the buyer's own; the one that comes again is the seller's, which gave way to it."""
    reseal_all(deal)
    lose_part(deal, 2)
    deal.release(2, lambda _: True)
    assert deal.receive()["erased_here"] == 1
    assert (parts(deal, 2), parts(deal, 5)) == ([1], [1, 2])


@pytest.mark.parametrize("resealed", [False, True])
def test_what_a_recall_took_comes_again(deal: Arriving, *, resealed: bool):
    """Under the seller's key or the buyer's own by then; what retention takes of it afterwards stays away."""
    if resealed:
        reseal_all(deal)
    call_back(deal, 2, [(2, 0), (2, 3)])
    assert parts(deal, 3) == [1]
    deal.release(3, lambda _: True)
    assert deal.receive()["erased_here"] == 0
    assert parts(deal, 3) == [1, 2]
    assert vault_check(deal.world.desk, NAME)["counts"].get("key.erased", 0) == 0
    lose_part(deal, 3)
    deal.release(4, lambda _: True)
    assert deal.receive()["erased_here"] == 1
    assert (parts(deal, 0), parts(deal, 3)) == ([1, 2], [1])


@pytest.mark.parametrize("resealed", [False, True])
def test_who_was_called_back_whole_comes_again_whole(deal: Arriving, *, resealed: bool):
    """Nobody here erased them; who erases them afterwards keeps them away."""
    if resealed:
        reseal_all(deal)
    call_back(deal, 2, [(1, 3), (2, 3), (2, 0)])
    assert (parts(deal, 3), parts(deal, 0)) == ([], [1])
    deal.release(3, lambda _: True)
    assert deal.receive()["erased_here"] == 0
    assert [parts(deal, n) for n in range(6)] == [[1, 2]] * 6
    checked = vault_check(deal.world.desk, NAME)
    assert (checked["ok"], checked["counts"].get("key.erased", 0)) == (True, 0)
    erase(deal.world.desk, [ids.subject_text(who(3))], NAME)
    deal.release(4, lambda _: True)
    assert deal.receive()["erased_here"] == 2
    assert (parts(deal, 3), parts(deal, 0)) == ([], [1, 2])


def test_who_lost_a_part_here_before_a_recall_took_the_rest_stays_away(deal: Arriving):
    """The company erased that part itself; nobody comes back by halves of what it let go."""
    lose_part(deal, 3)
    call_back(deal, 2, [(1, 3)])
    deal.release(3, lambda _: True)
    assert deal.receive()["erased_here"] == 2
    assert parts(deal, 3) == []


def test_what_a_recall_of_a_home_of_before_took_comes_again(deal: Arriving, monkeypatch: pytest.MonkeyPatch):
    """Its entry does not say under which keys it came: the slots that moved to those it zeroed do, of either re-seal."""
    reseal_all(deal)
    deal.release(2, lambda n: n == 4, "delta")
    deal.receive()
    reseal_all(deal)
    monkeypatch.setattr(recalling, "_came", lambda *_: {})
    call_back(deal, 3, [(2, 0), (2, 3), (2, 4)])
    monkeypatch.undo()
    deal.release(4, lambda _: True)
    assert deal.receive()["erased_here"] == 0
    assert [parts(deal, n) for n in range(6)] == [[1, 2]] * 6
    lose_part(deal, 3)
    deal.release(5, lambda _: True)
    assert deal.receive()["erased_here"] == 1


def test_c7_a_recall_that_names_others_keys_brings_nobody_back(deal: Arriving):
    """What came is the seller's word: one who names the keys of a customer whom the buyer erased undoes no erasure."""
    erase(deal.world.desk, [ids.subject_text(who(0))], NAME)
    lying = [release.RecallEntry(part, 0, 1, AES.key_id(dek(0, part)).hex()) for part in (1, 2)]
    draft = replace(deal._draft(2, "recall")[0], recall=tuple(lying))
    deal._released(draft, release.encode(draft), b"", "")
    second = Signer.generate()
    join(deal.world, second)
    act, content = receive(deal.world.desk, DEAL, deal.files, NAME, dry_run=True)["would"]["approve"]
    approve(deal.world, second, {"approve": {"act": act, "content": content}})
    assert deal.receive()["slots"] == 2
    deal.release(3, lambda n: n != 1)
    assert deal.receive()["erased_here"] == 2
    assert (parts(deal, 0), parts(deal, 1)) == ([], [])
    assert vault_check(deal.world.desk, NAME)["ok"]


@pytest.fixture
def received_again(tmp_path: Path) -> Iterator[Arriving]:
    """A buyer with a backup of before its second release, which it has taken in since."""
    made = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 3)
    made.world.outside.prepare("a")
    made.receive()
    assert backup(made.world.desk, "a")["ok"]
    made.release(2, lambda n: n >= 3, "delta").receive()
    yield made
    made.world.close()


def lose_and_receive(deal: Arriving) -> dict:
    """The disk is lost, the backup restored, and what lies in the folder received once more."""
    catch_up(deal.world.desk)
    deal.world.lose()
    deal.world.restore("a")
    for name in (NAME, "main"):
        rekey(deal.world.desk, name)
    return dict(deal.receive())


def test_c7_whoever_was_erased_since_the_backup_is_not_received_again(received_again: Arriving):
    """They came after the backup, so the store knows of them by the erasure of their keys alone."""
    erase(received_again.world.desk, [ids.subject_text(who(4))], NAME)
    assert lose_and_receive(received_again)["erased_here"] == 2
    assert [parts(received_again, n) for n in range(6)] == [[1, 2], [1, 2], [1, 2], [1, 2], [], [1, 2]]
    assert vault_check(received_again.world.desk, NAME)["ok"]


def test_c7_whoever_was_held_since_the_backup_is_held_when_they_are_received_again(received_again: Arriving):
    """Until somebody says when it ends: the paper's key went with the store."""
    hold_add(received_again.world.desk, ids.subject_text(who(4)), "court.1", "", NAME)
    assert lose_and_receive(received_again)["erased_here"] == 0
    with pytest.raises(Refused) as refused:
        erase(received_again.world.desk, [ids.subject_text(who(4))], NAME)
    assert refused.value.slug == "vault.held"
    assert parts(received_again, 4) == [1, 2]


@pytest.mark.parametrize("resealed", [False, True])
def test_g5_who_asks_to_be_erased_after_a_recall_took_them_stays_away(deal: Arriving, resealed: bool):
    """Nothing of them is here, and it is entered all the same: neither a later release brings them back, nor another recall and one after that."""
    if resealed:
        reseal_all(deal)
    call_back(deal, 2, [(1, 1), (2, 1), (1, 2), (2, 2)])
    done = erase(deal.world.desk, [ids.subject_text(who(1))], NAME)
    assert (done["slots"], done["already"], done["ledger"] is None) == (0, 1, False)
    assert erase(deal.world.desk, [ids.subject_text(who(1))], NAME)["ledger"] is None
    deal.release(3, lambda n: n in {1, 2}, "delta")
    assert deal.receive()["erased_here"] == 2
    assert (parts(deal, 1), parts(deal, 2)) == ([], [1, 2])
    assert vault_check(deal.world.desk, NAME)["ok"]


def test_g5_so_does_a_part_that_a_recall_had_taken_of_somebody_erased_since(deal: Arriving):
    """The rest of them was erased here; what the recall took before is theirs, too."""
    call_back(deal, 2, [(2, 1)])
    erase(deal.world.desk, [ids.subject_text(who(1))], NAME)
    deal.release(3, lambda n: n == 1, "delta")
    assert deal.receive()["erased_here"] == 2
    assert parts(deal, 1) == []


def test_g5_a_restore_remembers_who_was_erased_after_a_recall(deal: Arriving):
    """The backup is of before both; the entries say whose the keys were."""
    deal.world.outside.prepare("a")
    backup(deal.world.desk, "a")
    call_back(deal, 2, [(1, 1), (2, 1)])
    erase(deal.world.desk, [ids.subject_text(who(1))], NAME)
    catch_up(deal.world.desk)
    deal.world.lose()
    deal.world.restore("a")
    obey(deal)  # the recall was not answered in what came back
    deal.release(3, lambda n: n in {1, 2}, "delta")
    assert deal.receive()["erased_here"] == 2
    assert (parts(deal, 1), parts(deal, 2)) == ([], [1, 2])
