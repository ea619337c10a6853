"""A5, G4: a root file that was lost is not one that was destroyed, wherever somebody looks for it (spec/vault.md §11, §21)."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.ending import certificate
from custody.acts.mirroring import catch_up
from custody.acts.vaults import keyring_ref
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.base import canonical, ids
from custody.base.errors import Unavailable
from custody.base.signing import Signer
from custody.package.accounted import Customers, Erasures
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.recovery_attest import recovery_attest
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World
from tests.vault.lost_root import Telling
from tests.vault.second import join, other

SECRET, SAW = b"a passphrase", "shredded on 12 March, certificate 4711"


class Moved(Telling):
    """Somebody was erased; the machine with the root's folder is out of reach, and sheets brought the home back on another one."""

    def __init__(self, ground: Path) -> None:
        self.world, self._second = World(ground / "world", lasting=True), Signer.generate()
        join(self.world, self._second)
        self.world.outside.prepare("a")
        people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)]
        self.people = add_people(self.world.desk, self.world.vault, people)
        self.sheets = self._print()
        self.old = self.in_force()
        catch_up(self.world.desk)
        backup(self.world.desk, "a")
        erase(self.world.desk, [ids.subject_text(self.people[0])], NAME)
        catch_up(self.world.desk)
        self.roots, self.away = self.world.root / "roots", ground / "old-machine"
        self.lose()

    def _print(self) -> Sequence[tuple[str, str]]:
        told = recovery_print(self.world.desk, NAME, ("a", "b", "c"), 2)["sheets"]
        sheets = [(one["holder"], one["text"]) for one in told][:2]
        recovery_test(self.world.desk, sheets, NAME)
        return sheets

    def lose(self) -> None:
        """The store goes, and the folder of the roots with it."""
        self.world.lose()
        self.roots.rename(self.away)
        self.told = self.world.restore("a", tuple(self.sheets))

    def in_force(self) -> str:
        """Where the root lies under which the vault stands."""
        with self.world.desk.store.read() as tx:
            return keyring_ref(tx.find("vault", id=self.world.vault)[0]["keyring"])

    def swap(self) -> None:
        """The other folder lies where the roots are looked for; the one of today lies aside."""
        aside = self.roots.with_name("aside")
        self.roots.rename(aside)
        self.away.rename(self.roots)
        aside.rename(self.away)

    def agree(self, why: str = SAW) -> None:
        """The second person signs for what they both saw."""
        act, content = recovery_attest(self.world.desk, why, NAME, None, dry_run=True)["would"]["approve"]
        with self.world.desk.store.write() as tx:
            give(replace(self.world.desk, principal=other(self._second), actor=self._second), tx, act, content)

    def stays(self) -> list[tuple[str, int]]:
        """What a certificate says stays."""
        rotation = {"g": 1, "effective_at": self.kinds("root-destroyed")[0]["effective_at"], "assurance": "file"}
        with self.world.desk.store.read() as tx:
            made = certificate(
                self.world.desk, tx, "dl_1", self.world.vault, (), (), rotation, Erasures(0, 0, ""), Customers(0, 0)
            )
        return [(one.what, one.count) for one in made.stays]


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[Moved]:
    made = Moved(tmp_path)
    yield made
    made.world.close()


def test_g4_a_root_file_that_is_elsewhere_is_not_destroyed(moved: Moved):
    """Its substitute goes with the rotation of the restore; of the old one every day somebody asks, and nothing is final."""
    (destroyed,) = moved.kinds("root-destroyed")
    assert destroyed["spares"][-1] == "lost-root"
    for _ in range(2):
        moved.world.clock.advance(timedelta(days=1))
        told = destroys_due(moved.world.desk, NAME)
        assert (told["ok"], told["silent"]) == (False, [{"generation": 1, "slug": "keys.lost"}])
    assert rekey(moved.world.desk, NAME)["waiting_slots"] == 2
    assert moved.final() == {""}
    assert moved.stays() == [("lost-root", 1)]
    assert vault_check(moved.world.desk, NAME)["counts"] == {"root.back": 1}
    assert PassphraseProvider(moved.away, SECRET).state(moved.old) == "live"


def test_g4_what_takes_its_place_has_another_name(moved: Moved):
    """Each time anew: neither is the one that was found when the other is looked for."""
    assert not moved.roots.joinpath(moved.old).exists()
    with moved.world.desk.store.read() as tx:
        refs = {canonical.decode(row["detail"]).get("ref") for row in tx.find("rotation", vault=moved.world.vault)}
    assert moved.old in refs
    assert any(ref and ref.startswith(f"{moved.world.vault}_r") for ref in refs)


@pytest.mark.parametrize("rotated", [False, True])
def test_g4_the_old_folder_lies_here_again(moved: Moved, rotated: bool):
    """For one run: the old root is met, ordered to go and overwritten there; then it is final, from that moment, and stays so with the folder of today."""
    if rotated:
        rekey(moved.world.desk, NAME)
    moved.world.clock.advance(timedelta(days=2))
    moved.swap()
    told = destroys_due(moved.world.desk, NAME)
    assert ([one["generation"] for one in told["back"]], told["ok"]) == ([1], False)
    assert PassphraseProvider(moved.roots, SECRET).state(moved.old) == "gone"
    moved.swap()
    (found,) = moved.kinds("root-found")
    assert moved.final() == {found["effective_at"]}
    assert 1 in [one["generation"] for one in destroys_due(moved.world.desk, NAME)["gone"]]
    assert moved.stays() == []
    assert vault_check(moved.world.desk, NAME)["ok"]


def test_g4_two_people_attest_that_the_disk_was_destroyed(moved: Moved, refuses: Refuses):
    """Alone nobody does; with both it is final from that moment, on their word, and a certificate says whose word it is."""
    with refuses("act.unapproved"):
        recovery_attest(moved.world.desk, SAW, NAME, None)
    moved.agree()
    with refuses("act.unapproved"):
        recovery_attest(moved.world.desk, "something else", NAME, None)
    said = recovery_attest(moved.world.desk, SAW, NAME, None)
    assert moved.final() == {said["effective_at"]}
    assert destroys_due(moved.world.desk, NAME)["ok"]
    assert moved.stays() == [("attested-root", 1)]
    assert vault_check(moved.world.desk, NAME)["ok"]
    with refuses("recovery.none-lost"):
        recovery_attest(moved.world.desk, SAW, NAME, None)


def test_g4_what_was_attested_turns_up_all_the_same(moved: Moved):
    """It is an alarm, it is ordered to go, and what hung on the word has the new date."""
    moved.agree()
    said = recovery_attest(moved.world.desk, SAW, NAME, None)
    moved.world.clock.advance(timedelta(days=9))
    moved.swap()
    assert len(destroys_due(moved.world.desk, NAME)["back"]) == 1
    moved.swap()
    (found,) = moved.kinds("root-found")
    assert found["was"] == said["effective_at"] < found["effective_at"]
    assert moved.final() == {found["effective_at"]}
    destroys_due(moved.world.desk, NAME)
    assert moved.stays() == []
    assert vault_check(moved.world.desk, NAME)["ok"]


def test_g4_a_root_that_is_there_is_not_attested_to_be_gone(moved: Moved, refuses: Refuses):
    """Its file was copied back: it goes by order, not by word."""
    shutil.copy(moved.away / moved.old, moved.roots / moved.old)
    with refuses("recovery.root-there"):
        recovery_attest(moved.world.desk, SAW, NAME, None, dry_run=True)


@pytest.mark.parametrize("attested", [False, True])
def test_a5_a_restore_knows_what_was_lost_before_and_what_was_attested(moved: Moved, attested: bool):
    """The next loss is of the store alone; what the journal says of the old root counts as before."""
    if attested:
        moved.agree()
        recovery_attest(moved.world.desk, SAW, NAME, None)
    final = moved.final()
    catch_up(moved.world.desk)
    moved.world.lose()
    assert moved.world.restore("a")["roots_lost"] == {}
    assert moved.final() == final
    assert destroys_due(moved.world.desk, NAME)["ok"] is attested
    assert moved.stays() == [("attested-root" if attested else "lost-root", 1)]


def test_g4_a_root_that_a_rotation_had_switched_to_is_lost_with_its_folder_too(tmp_path: Path):
    """The rotation was cut off before any place had its keys: the restore goes past it, and it is no more destroyed than the other."""
    world = World(tmp_path / "world", lasting=True)
    for place in "ab":
        world.outside.prepare(place)
    people = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, ["x"]))]) for n in range(3)])
    sheets = [(one["holder"], one["text"]) for one in recovery_print(world.desk, NAME, ("a", "b"), 2)["sheets"]]
    recovery_test(world.desk, sheets, NAME)
    catch_up(world.desk)
    for place in "ab":
        assert backup(world.desk, place)["ok"]
    world.weather.out.add("a")
    with pytest.raises(Unavailable):
        rekey(world.desk, NAME)
    erase(world.desk, [ids.subject_text(people[0])], NAME)
    catch_up(world.desk)
    world.weather.out.clear()
    world.lose()
    (world.root / "roots").rename(tmp_path / "old-machine")
    world.restore("a", tuple(sheets))
    old = PassphraseProvider(tmp_path / "old-machine", SECRET)
    assert {old.state(f"{world.vault}-{g}") for g in (1, 2)} == {"live"}
    told = destroys_due(world.desk, NAME)
    assert [(one["generation"], one["slug"]) for one in told["silent"]] == [(2, "keys.lost"), (1, "keys.lost")]
    assert rekey(world.desk, NAME)["waiting_slots"] == 2
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    assert {one["generation"] for one in destroys_due(world.desk, NAME)["silent"]} == {1, 2}
    world.close()
