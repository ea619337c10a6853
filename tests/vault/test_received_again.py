"""C7, D2: a first release that is received again after a loss, of a vault that no backup has, knows of whom was erased and held there (spec/vault.md §21)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.erasing import erase_compartments
from custody.acts.mirroring import catch_up
from custody.acts.takeover import take_over
from custody.acts.vaults import keyring_ref
from custody.base import ids
from custody.base.errors import Refused
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.receive import receive
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from tests.vault.arriving_deal import DEAL, NAME, Arriving, parts, vault, who
from tests.vault.second import approve, join

BOTH, OLD = [1, 2], "old"


@pytest.fixture
def deal(tmp_path: Path) -> Iterator[Arriving]:
    """A buyer with a disk of its backup of before the first release, which it has taken in since: four of six customers."""
    made = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 4)
    made.world.outside.prepare("a")
    assert backup(made.world.desk, "a")["ok"]
    shutil.copytree(made.world.root / "a", made.world.root / OLD)
    made.receive()
    yield made
    made.world.close()


def take(deal: Arriving, *people: int) -> None:
    """These are erased at the buyer."""
    erase(deal.world.desk, [ids.subject_text(who(n)) for n in people], NAME)


def lose(deal: Arriving, place: str = OLD) -> None:
    """The disk is gone, and a backup is restored: the one of before, where no other is named."""
    catch_up(deal.world.desk)
    deal.world.lose()
    deal.world.restore(place)


def call_back(deal: Arriving, second: Signer) -> dict:
    """The recall that lies there, agreed to by a second person and carried out."""
    join(deal.world, second)
    told = receive(deal.world.desk, DEAL, deal.files, NAME, dry_run=True)
    act, content = told["would"]["approve"]
    approve(deal.world, second, {"approve": {"act": act, "content": content}})
    return dict(deal.receive())


@pytest.mark.parametrize("moved", [False, True])
def test_g5_whoever_was_erased_is_not_received_again(deal: Arriving, *, moved: bool):
    """Under the seller's key, or, where a re-seal was cut off, under the buyer's own to which it gave way; it is the same vault, and it is whole."""
    before = vault(deal)
    if moved:
        with deal.world.desk.store.read() as tx:
            (row,) = tx.find("vault", id=before)
        take_over(deal.world.desk, row)
    take(deal, 1)
    with deal.world.desk.store.write() as tx:
        erase_compartments(deal.world.desk, tx, before, {who(2): {2}}, {"part": "retention"})
    lose(deal)
    assert deal.receive()["erased_here"] == 3
    assert [parts(deal, n) for n in range(6)] == [BOTH, [], [1], BOTH, [], []]
    assert vault(deal) == before
    assert vault_check(deal.world.desk, NAME)["ok"]


def test_g5_a_later_release_brings_nobody_back_either(deal: Arriving):
    """Whoever was erased as a whole stays away with every other part of theirs; whoever lost a part alone is met again."""
    deal.release(2, lambda n: n >= 4, "delta", parts=(1,)).receive()
    take(deal, 4)
    with deal.world.desk.store.write() as tx:
        erase_compartments(deal.world.desk, tx, vault(deal), {who(5): {1}}, {"part": "retention"})
    lose(deal)
    deal.receive()
    assert deal.receive()["erased_here"] == 2
    deal.release(3, lambda n: n >= 4, "delta", parts=(2,))
    assert deal.receive()["erased_here"] == 1
    assert [parts(deal, n) for n in (0, 4, 5)] == [BOTH, [], [2]]
    assert vault_check(deal.world.desk, NAME)["ok"]


def test_g7_whoever_was_held_is_held_when_they_are_received_again(deal: Arriving):
    """Until somebody says when it ends: the paper's key went with the store."""
    subject = ids.subject_text(who(1))
    for n in (1, 2):
        hold_add(deal.world.desk, ids.subject_text(who(n)), "court.1", "", NAME)
    hold_release(deal.world.desk, ids.subject_text(who(2)), "court.1", NAME)
    lose(deal)
    assert deal.receive()["erased_here"] == 0
    with pytest.raises(Refused) as refused:
        take(deal, 1)
    assert refused.value.slug == "vault.held"
    assert vault_check(deal.world.desk, NAME)["ok"]
    take(deal, 2)
    hold_release(deal.world.desk, subject, "court.1", NAME)
    take(deal, 1)
    assert [parts(deal, n) for n in range(4)] == [BOTH, [], [], BOTH]


def test_g9_whom_a_recall_took_stays_away_until_a_later_release(deal: Arriving):
    """Not even until the recall is carried out again, which finds them absent."""
    second = Signer.generate()
    deal.call_back(2, [(1, 0), (2, 0), (2, 3)])
    assert call_back(deal, second)["slots"] == 3
    lose(deal)
    assert deal.receive()["erased_here"] == 3
    assert [parts(deal, n) for n in range(4)] == [[], BOTH, BOTH, [1]]
    again = call_back(deal, second)
    assert (again["slots"], again["absent"]) == (0, 3)
    deal.release(3, lambda n: n in {0, 3})
    assert deal.receive()["erased_here"] == 0
    assert (parts(deal, 0), parts(deal, 3)) == (BOTH, BOTH)
    assert vault_check(deal.world.desk, NAME)["ok"]


def test_g4_the_roots_of_the_vault_that_was_lost_go_with_the_next_rotation(deal: Arriving):
    """It begins again under a generation that no root of it ever had, and nothing of it is final before a re-seal."""
    world, name = deal.world, vault(deal)
    rekey(world.desk, NAME)
    take(deal, 1)
    with world.desk.store.read() as tx:
        lost = keyring_ref(tx.find("vault", id=name)[0]["keyring"])
    lose(deal)
    deal.receive()
    assert world.provider.state(lost) == "live"
    done = rekey(world.desk, NAME)
    assert (done["destroyed"], done["generation"]) == (3, 4)
    assert world.provider.state(lost) != "live"
    assert done["waiting_slots"] == 2
    reseal(world.desk, DEAL, deal.files)
    assert rekey(world.desk, NAME)["waiting_slots"] == 0
    assert vault_check(world.desk, NAME)["ok"]


def test_g5_what_holds_after_one_loss_holds_after_the_next(deal: Arriving):
    """Lost again before and after a backup had the vault, erased in between."""
    take(deal, 0)
    lose(deal)
    deal.world.outside.prepare("b")
    backup(deal.world.desk, "b")
    deal.receive()
    take(deal, 1)
    lose(deal, "b")
    assert deal.receive()["erased_here"] == 4
    rekey(deal.world.desk, NAME)
    take(deal, 2)
    lose(deal, "b")
    rekey(deal.world.desk, NAME)
    assert [parts(deal, n) for n in range(4)] == [[], [], [], BOTH]
    assert vault_check(deal.world.desk, NAME)["ok"]


def test_the_entry_of_a_restore_without_a_vault_says_what_its_store_did_not_know(tmp_path: Path):
    """A home that held nothing before: its receipt is in the ledger, and owed by nobody."""
    deal = Arriving(tmp_path, 2).ship().release(1, lambda _: True)
    with deal.world.desk.store.write() as tx:
        tx.drop("vault", id=deal.world.vault)
        tx.drop("schema", vault=deal.world.vault)
    deal.world.outside.prepare("a")
    backup(deal.world.desk, "a")
    deal.receive()
    take(deal, 1)
    lose(deal, "a")
    deal.receive()
    assert (parts(deal, 0), parts(deal, 1)) == (BOTH, [])
    assert vault_check(deal.world.desk, NAME)["ok"]
    deal.world.close()
