"""A4, G4: two people attest what no provider will ever say again, and it stays their word (spec/vault.md §11)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.destroys import unseen
from custody.acts.ending import certificate
from custody.acts.mirroring import catch_up
from custody.base.errors import Unavailable
from custody.base.ids import subject_text
from custody.base.signing import Signer
from custody.package.accounted import Customers, Erasures
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.recovery_attest import recovery_attest
from custody.services.recovery_lost import recovery_lost
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.arriving_deal import DEAL, who
from tests.vault.arriving_deal import NAME as RECEIVED
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World
from tests.vault.lost_ways import Elsewhere, routed
from tests.vault.second import join, other
from tests.vault.test_deal_roots import FILE, SERVICE, Moved

SAW = "the server was wiped and sold for scrap on 3 May, paper 88"


class Ordered:
    """A root was ordered to go at a service that nobody will ever set up again; nobody has seen it gone."""

    def __init__(self, ground: Path) -> None:
        self.world, self.signer, self.service = World(ground, lasting=True), Signer.generate(), Elsewhere()
        join(self.world, self.signer)
        self.files = self.world.provider
        self.set_up(SERVICE, self.service)
        rekey(self.world.desk, NAME)
        self.world.clock.advance(timedelta(days=1))
        destroys_due(self.world.desk, NAME)
        self.set_up(FILE, self.service)
        self.kept = dict(self.service._roots)
        rekey(self.world.desk, NAME)
        self.set_up(FILE, None)

    def set_up(self, used: str, service: Elsewhere | None) -> None:
        """What custody.toml sets up from now on."""
        self.world.provider = routed(used, self.files, service)
        self.world.reopen()

    def rows(self) -> list[tuple[int, str]]:
        """(generation, what a certificate says stays) of a destroy today."""
        rotation = {"g": 3, "effective_at": "2027-01-01T00:00:00.000000Z", "assurance": "file"}
        with self.world.desk.store.read() as tx:
            made = certificate(
                self.world.desk, tx, "dl_1", self.world.vault, (), (), rotation, Erasures(0, 0, ""), Customers(0, 0)
            )
        return [one.g for one in made.proven.generations], [(one.what, one.count) for one in made.stays]


def agree(world: World, signer: Signer, vault: str, root: str | None = None) -> None:
    """The second person signs for what they both saw."""
    act, content = recovery_attest(world.desk, SAW, vault, root, dry_run=True)["would"]["approve"]
    with world.desk.store.write() as tx:
        give(replace(world.desk, principal=other(signer), actor=signer), tx, act, content)


@pytest.fixture
def ordered(tmp_path: Path) -> Iterator[Ordered]:
    made = Ordered(tmp_path / "world")
    yield made
    made.world.close()


def test_g4_a_root_that_was_ordered_to_go_at_a_service_that_is_gone_is_attested(ordered: Ordered, refuses: Refuses):
    """By two, for this root: the alarm ends, its date and its generation stand, and a certificate names the word."""
    desk = ordered.world.desk
    assert [one["slug"] for one in destroys_due(desk, NAME)["silent"]] == ["keys.provider"]
    assert recovery_lost(desk, NAME)["roots"] == [{"root": "generation:2", "generation": 2, "slug": "keys.provider"}]
    before = ordered.rows()
    with refuses("act.unapproved"):
        recovery_attest(desk, SAW, NAME)
    agree(ordered.world, ordered.signer, NAME)
    with refuses("act.unapproved"):
        recovery_attest(desk, "I dreamt it", NAME)
    with refuses("recovery.why"):
        recovery_attest(desk, " ", NAME)
    recovery_attest(desk, SAW, NAME)
    assert (destroys_due(desk, NAME)["ok"], vault_check(desk, NAME)["ok"]) == (True, True)
    assert (recovery_lost(desk, NAME)["roots"], before[1]) == ([], [])
    assert ordered.rows() == (before[0], [("attested-root", 1)])
    assert 2 in before[0]


def test_g4_what_answers_is_not_attested(ordered: Ordered, refuses: Refuses):
    """With its service back it is asked there, and seen gone."""
    ordered.set_up(FILE, ordered.service)
    with refuses("recovery.none-lost"):
        recovery_attest(ordered.world.desk, SAW, NAME, dry_run=True)
    ordered.world.clock.advance(timedelta(days=1))
    assert [one["generation"] for one in destroys_due(ordered.world.desk, NAME)["gone"]] == [2]


def test_g4_what_was_attested_and_turns_up_is_an_alarm_and_goes(ordered: Ordered):
    """Somebody restored the server: the root is ordered to go once more, and nobody's word is named any more."""
    agree(ordered.world, ordered.signer, NAME)
    recovery_attest(ordered.world.desk, SAW, NAME)
    ordered.world.clock.advance(timedelta(days=9))
    ordered.service._roots |= ordered.kept
    ordered.set_up(FILE, ordered.service)
    told = destroys_due(ordered.world.desk, NAME)
    assert ([one["generation"] for one in told["back"]], told["ok"]) == ([2], False)
    assert ordered.rows()[1] == []
    ordered.world.clock.advance(timedelta(days=1))
    assert [one["generation"] for one in destroys_due(ordered.world.desk, NAME)["gone"]] == [2]


def test_a5_a_restore_knows_what_was_attested_of_an_order(ordered: Ordered):
    """The word is in the journal."""
    ordered.world.outside.prepare("a")
    assert backup(ordered.world.desk, "a")["ok"]
    agree(ordered.world, ordered.signer, NAME)
    recovery_attest(ordered.world.desk, SAW, NAME)
    catch_up(ordered.world.desk)
    ordered.world.lose()
    ordered.world.restore("a")
    assert destroys_due(ordered.world.desk, NAME)["ok"]


def test_c7_the_root_of_an_invitation_is_attested_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where its provider is gone for good; it is called by its deal, and one that turns up all the same is ordered to go."""
    signer, moved = Signer.generate(), Moved(tmp_path, monkeypatch)
    join(moved.world, signer)
    kept = dict(moved.service._roots)
    moved.reseal()
    moved.set_up(FILE, None)
    desk = moved.world.desk
    assert destroys_due(desk, RECEIVED)["silent"] == [{"deal": moved.matter, "slug": "keys.provider"}]
    (one,) = recovery_lost(desk, RECEIVED)["roots"]
    assert one == {"root": f"deal:{DEAL}:1", "deal": DEAL, "invitation": 1, "slug": "keys.provider"}
    agree(moved.world, signer, RECEIVED, one["root"])
    recovery_attest(desk, SAW, RECEIVED, one["root"])
    assert (destroys_due(desk, RECEIVED)["ok"], vault_check(desk, RECEIVED)["ok"]) == (True, True)
    moved.service._roots |= kept
    moved.set_up(FILE, moved.service)
    assert [each["deal"] for each in destroys_due(moved.world.desk, RECEIVED)["back"]] == [moved.matter]
    assert moved.service.state(moved.ref) == "gone"
    assert moved.kinds() == ["deal-key-ordered", "deal-key-attested", "deal-key-back"]
    moved.world.close()


def test_c7_a_key_whose_service_broke_before_the_re_seal_is_attested_and_the_re_seal_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: Refuses
):
    """The release is in, so the key is needed for nothing any more; without a word it could never be done, and nothing erased would be final."""
    signer, moved = Signer.generate(), Moved(tmp_path, monkeypatch)
    join(moved.world, signer)
    desk, kept = moved.world.desk, dict(moved.service._roots)
    with refuses("recovery.none-lost"):
        recovery_attest(desk, SAW, RECEIVED, f"deal:{DEAL}:1", dry_run=True)
    moved.set_up(FILE, None)
    desk = moved.world.desk
    with refuses("keys.provider"):
        moved.reseal()
    (one,) = recovery_lost(desk, RECEIVED)["roots"]
    assert one == {"root": f"deal:{DEAL}:1", "deal": DEAL, "invitation": 1, "slug": "keys.provider"}
    gone = erase(desk, [subject_text(who(1))], RECEIVED)
    assert (gone["final_by"], gone["waits_for"]) == (None, ["seller-keys"])
    with refuses("act.unapproved"):
        recovery_attest(desk, SAW, RECEIVED)
    with refuses("keys.provider"):
        moved.reseal()
    agree(moved.world, signer, RECEIVED, one["root"])
    recovery_attest(desk, SAW, RECEIVED, one["root"])
    assert recovery_lost(desk, RECEIVED)["roots"] == []
    done = moved.reseal()
    assert (done["key_until"], done["key_lost"]) == (None, True)
    assert (destroys_due(desk, RECEIVED)["ok"], vault_check(desk, RECEIVED)["ok"]) == (True, True)
    told = rekey(desk, RECEIVED)
    assert ("attested-root" in told["spares"], told["waits_for"], told["waiting_slots"]) == (True, [], 0)
    moved.service._roots |= kept
    moved.set_up(FILE, moved.service)
    assert len(destroys_due(moved.world.desk, RECEIVED)["back"]) == 1
    assert moved.service.state(moved.ref) == "gone"
    moved.world.close()


def test_c7_what_answers_again_before_the_re_seal_is_ordered_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The word was too early: the root goes like any other, and nothing is called attested."""
    signer, moved = Signer.generate(), Moved(tmp_path, monkeypatch)
    join(moved.world, signer)
    moved.set_up(FILE, None)
    agree(moved.world, signer, RECEIVED)
    recovery_attest(moved.world.desk, SAW, RECEIVED)
    moved.set_up(FILE, moved.service)
    assert moved.reseal()["key_lost"] is False
    assert moved.service.state(moved.ref) == "gone"
    assert "attested-root" not in rekey(moved.world.desk, RECEIVED)["spares"]
    moved.world.close()


class Left:
    """A rotation away from a service which breaks for good before it is told to destroy the old root."""

    def __init__(self, ground: Path) -> None:
        self.world, self.signer, self.service = World(ground, lasting=True), Signer.generate(), Elsewhere()
        join(self.world, self.signer)
        self.files = self.world.provider
        (self.who,) = add_people(self.world.desk, self.world.vault, [Newcomer("customer", [(1, 1, pack(1, ["w"]))])])
        self.set_up(SERVICE, self.service)
        rekey(self.world.desk, NAME)
        self.kept = dict(self.service._roots)
        self.set_up(FILE, self.service)
        self.service.fault = lambda _: Unavailable("keys.out", "It does not answer.", retry=True)

    def set_up(self, used: str, service: Elsewhere | None) -> None:
        """What custody.toml sets up from now on."""
        self.world.provider = routed(used, self.files, service)
        self.world.reopen()


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    made = Left(tmp_path / "world")
    silent = made.service.fault
    made.service.fault = None  # it still opens the old key, for the switch
    monkeypatch.setattr(made.service, "destroy", lambda *_: (_ for _ in ()).throw(silent("transit")))
    with pytest.raises(Unavailable):
        rekey(made.world.desk, NAME)
    made.service.fault = silent
    yield made
    made.world.close()


def test_g4_a_rotation_whose_old_root_nobody_answers_for_ends_on_the_word_of_two(left: Left, refuses: Refuses):
    """Everything lies under the new root; without a word nothing erased would ever be final, and no other rotation would begin."""
    desk = left.world.desk
    assert erase(desk, [subject_text(left.who)], NAME)["subjects"] == 1
    with refuses("keys.out"):
        rekey(desk, NAME)
    (one,) = recovery_lost(desk, NAME)["roots"]
    assert one == {"root": "generation:2", "generation": 2, "slug": "keys.out"}
    with refuses("act.unapproved"):
        recovery_attest(desk, SAW, NAME)
    agree(left.world, left.signer, NAME)
    recovery_attest(desk, SAW, NAME)
    assert recovery_lost(desk, NAME)["roots"] == []
    told = rekey(desk, NAME)
    assert "attested-root" in told["spares"]
    assert (destroys_due(desk, NAME)["ok"], vault_check(desk, NAME)["ok"]) == (True, True)
    later = rekey(desk, NAME)
    assert (later["generation"], later["waiting_slots"], "attested-root" in later["spares"]) == (4, 0, True)


def test_g4_what_was_attested_of_a_rotation_and_answers_is_ordered_to_go(left: Left, monkeypatch: pytest.MonkeyPatch):
    """Before its end like any other, and nothing is called attested; after it as one that is back."""
    agree(left.world, left.signer, NAME)
    recovery_attest(left.world.desk, SAW, NAME)
    monkeypatch.undo()
    left.service.fault = None
    assert "attested-root" not in rekey(left.world.desk, NAME)["spares"]
    assert left.service.state(f"{SERVICE}:{left.world.vault}-2") == "gone"


def test_g4_a_root_that_turns_up_after_the_rotation_ended_without_it_is_ordered_to_go(
    left: Left, monkeypatch: pytest.MonkeyPatch
):
    """The word was wrong: it is told, and the date moves."""
    agree(left.world, left.signer, NAME)
    recovery_attest(left.world.desk, SAW, NAME)
    rekey(left.world.desk, NAME)
    with left.world.desk.store.read() as tx:
        assert [asked.attested for asked in unseen(tx, left.world.vault) if asked.generation == 2] == [True]
    left.service.fault = None
    monkeypatch.undo()
    told = destroys_due(left.world.desk, NAME)
    assert ([one["generation"] for one in told["back"]], told["ok"]) == ([2], False)
    assert left.service.state(f"{SERVICE}:{left.world.vault}-2") == "gone"
