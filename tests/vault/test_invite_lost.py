"""A5, C7: an invitation that is younger than the backup comes back with its key, and with it what was sealed to it and every recall (spec/vault.md §21)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import stated
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.base.errors import Broken
from custody.base.signing import Signer
from custody.package import release
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.receive import receive
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.vault.suite import AES
from tests.vault.arriving_deal import DEAL, NAME, Arriving, dek, readable, who
from tests.vault.histories.world import World
from tests.vault.second import approve, join


def backed_up(world: World) -> None:
    """Into place `a`."""
    world.outside.prepare("a")
    assert backup(world.desk, "a")["ok"]


def lose(deal: Arriving) -> dict:
    """The disk is gone; what its restore says was not in the backup."""
    catch_up(deal.world.desk)
    deal.world.lose()
    return dict(deal.world.restore("a")["not_in_backup"])


def call_back(deal: Arriving, n: int, number: int) -> dict:
    """A customer is called back, by the invitation that the seller has."""
    deal.call_back(n, [(1, number), (2, number)])
    second = Signer.generate()
    join(deal.world, second)
    act, content = receive(deal.world.desk, DEAL, deal.files, NAME, dry_run=True)["would"]["approve"]
    approve(deal.world, second, {"approve": {"act": act, "content": content}})
    return dict(deal.receive())


@pytest.fixture
def again(tmp_path: Path) -> Iterator[Arriving]:
    """A buyer that invited anew since its backup, and received."""
    made = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 2)
    made.receive()
    reseal(made.world.desk, DEAL, made.files)
    backed_up(made.world)
    made.invite_anew().release(2, lambda n: n in {2, 3}, "delta").receive()
    yield made
    made.world.close()


def test_a5_what_was_sealed_to_an_invitation_since_the_backup_is_received_again(again: Arriving):
    """And so is every release that follows, and every recall is obeyed."""
    assert "statement:invite:D-1" not in lose(again)
    rekey(again.world.desk, NAME)
    assert again.receive()["n"] == 2
    again.release(3, lambda n: n >= 4, "delta")
    assert again.receive()["n"] == 3
    assert call_back(again, 4, 2)["slots"] == 2
    assert readable(again, 6) == {who(n): 2 * (n != 2) for n in range(6)}
    assert vault_check(again.world.desk, NAME)["ok"]


def test_a5_an_invitation_that_no_entry_holds_is_counted(again: Arriving, monkeypatch: pytest.MonkeyPatch):
    """Of a home of before entries held them: what was sealed to it opens no more."""
    reseal(again.world.desk, DEAL, again.files)
    backed_up(again.world)
    monkeypatch.setattr(stated, "opening", lambda *_: {})
    again.invite_anew().release(3, lambda n: n >= 4, "delta").receive()
    assert lose(again)["statement:invite:D-1"] == 1
    rekey(again.world.desk, NAME)
    with pytest.raises(Broken) as refused:
        again.receive()
    assert refused.value.slug == "release.recipient"


def test_a5_a_deal_that_began_after_the_backup_is_received_again(tmp_path: Path):
    """The first invitation, its deal and its key; who was erased since stays erased."""
    deal = Arriving(tmp_path, 4, before=backed_up).ship().release(1, lambda n: n < 3)
    deal.receive()
    erase(deal.world.desk, [ids.subject_text(who(1))], NAME)
    assert "statement:invite:D-1" not in lose(deal)
    assert deal.receive()["erased_here"] == 2
    assert readable(deal, 4) == {who(n): 2 * (n in {0, 2}) for n in range(4)}
    assert vault_check(deal.world.desk, NAME)["ok"]
    reseal(deal.world.desk, DEAL, deal.files)
    deal.invite_anew().release(2, lambda n: n == 3, "delta").receive()
    assert readable(deal, 4) == {who(n): 2 * (n != 1) for n in range(4)}
    deal.world.close()


def test_c7_a_recall_is_obeyed_whichever_invitation_of_the_deal_it_was_sent_to(again: Arriving):
    """It opens nothing. What opens something is for the newest alone."""
    reseal(again.world.desk, DEAL, again.files)
    sent_to = again.invite
    again.invite_anew().invite = sent_to
    assert call_back(again, 3, 3)["slots"] == 2
    again.release(4, lambda n: n >= 4, "delta")
    with pytest.raises(Broken) as refused:
        again.receive()
    assert refused.value.slug == "release.recipient"


def test_c7_a_recall_to_an_invitation_that_this_deal_never_had_is_refused(again: Arriving):
    """The nonce of none of them."""
    draft = again._draft(3, "recall")[0]
    entry = release.RecallEntry(1, 0, 3, AES.key_id(dek(3, 1)).hex())
    other = replace(draft, recipient=replace(draft.recipient, nonce="00" * 32), recall=(entry,))
    again._released(other, release.encode(other), b"", "")
    with pytest.raises(Broken) as refused:
        again.receive()
    assert refused.value.slug == "release.recipient"
