"""G5: a backup that goes on where the mirror ends is never passed over: who was erased since stands there alone (spec/vault.md §21)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import backing
from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.acts.mirroring import catch_up, journal
from custody.acts.restoring import facts_in
from custody.base import ids
from custody.base.errors import Broken, Denied, Missing, Unavailable
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.restore import restore_finish
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World
from tests.vault.test_restore_forked import Poisoned, readable, stop


class Behind:
    """A mirror of before an erasure, two facts in the place, and of the home nothing."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = World(root)
        people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)]
        self.erased, self.other = add_people(self.world.desk, self.world.vault, people)
        backup(self.world.desk, "a")
        catch_up(self.world.desk)
        self.mirror = self.world.root / "mirror" / f"{self.world.party}.journal"
        self.old = self.mirror.read_bytes()
        erase(self.world.desk, [ids.subject_text(self.erased)], NAME)
        with monkeypatch.context() as cut:
            cut.setattr(backing, "_prune", stop)
            with pytest.raises(Unavailable):
                backup(self.world.desk, "a")
        self.later = facts_in(self.world.outside.backup("a"))[0]
        self.true = list(journal(self.world.outside, self.world.party))
        self.newest = self.mirror.read_bytes()
        self.mirror.write_bytes(self.old)
        self.world.lose()

    def refused(self) -> Broken:
        """What a restore says."""
        with pytest.raises(Broken) as told:
            self.world.restore("a")
        return told.value


@pytest.fixture
def behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behind]:
    made = Behind(tmp_path / "world", monkeypatch)
    yield made
    made.world.close()


def test_g5_an_old_mirror_beside_a_backup_that_knows_more_brings_nobody_back(behind: Behind):
    """Refused before anything is changed; against the true mirror the same restore goes well then."""
    place = behind.world.root / "a"
    before = {one: one.read_bytes() for one in place.rglob("*") if one.is_file()}
    told = behind.refused()
    assert (told.slug, told.where["facts"]) == ("restore.behind", behind.later)
    assert behind.world.place.empty()
    assert {one: one.read_bytes() for one in place.rglob("*") if one.is_file()} == before
    behind.mirror.write_bytes(behind.newest)
    assert behind.world.restore("a")["unreached"] == []
    assert readable(behind.world) == {behind.other}


def test_g5_where_no_newer_mirror_is_left_the_backup_gives_it_what_it_lacks(behind: Behind):
    """By its number alone; the backup's entries become the mirror's, and whoever they erased stays erased."""
    world = behind.world
    with pytest.raises(Missing) as none:
        world.restore("a", beyond=behind.later + 1)
    assert none.value.slug == "restore.beyond"
    told = world.restore("a", beyond=behind.later)
    assert (told["unreached"], told["forked"]) == ([behind.later], [])
    assert readable(world) == {behind.other}
    assert list(journal(world.outside, world.party))[: behind.later] == behind.true[: behind.later]
    with world.desk.store.read() as tx:
        assert any(f'"unreached":[{behind.later}]'.encode() in row["entry"] for row in tx.find("ledger_entry"))
    assert vault_check(world.desk, NAME)["ok"]


def test_g5_no_root_is_changed_on_it_before_an_owner_goes_on(behind: Behind, monkeypatch: pytest.MonkeyPatch):
    """Whoever is none gets no further than what was loaded."""
    world = behind.world
    desk = world._desk

    with monkeypatch.context() as acting:
        acting.setattr(world, "_desk", lambda: as_operator(desk()))
        with pytest.raises(Denied):
            world.restore("a", beyond=behind.later)
    with world.desk.store.read() as tx:
        assert tx.find("vault")[0]["state"] == "restored"
        assert not tx.count("rotation")
    world.reopen()
    assert restore_finish(world.desk)["rotated"]
    assert readable(world) == {behind.other}


def test_g5_a_fork_that_grew_longer_than_the_mirror_is_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nobody is sent to look for a mirror that never was, and nobody may take the fork for what the mirror lacks."""
    made = Poisoned(tmp_path / "world", monkeypatch, more=20)
    assert made.forked > made.size
    made.world.lose()
    with pytest.raises(Broken) as told:
        made.world.restore("a", beyond=made.forked)
    assert told.value.slug == "restore.fork"
    made.world.vacate()
    assert made.world.restore("a")["forked"] == [made.forked]
    assert readable(made.world) == {made.held, made.other}
    made.world.close()


def beside(behind: Behind, how: str) -> int:
    """The newest facts rot, or are gone; returns the position of the keys that were written with them."""
    facts = behind.world.root / "a" / "facts" / f"{behind.later:020d}.cvbk"
    if how == "gone":
        facts.unlink()
    else:
        facts.write_bytes(facts.read_bytes()[:-1] + b"\0")
    (folder,) = (behind.world.root / "a" / "keys").iterdir()
    return max(int(one.stem.rpartition("-")[2]) for one in folder.iterdir())


@pytest.mark.parametrize("how", ["rotted", "gone"])
def test_g5_keys_alone_say_that_the_mirror_is_behind(behind: Behind, how: str):
    """What was written beside them does not open any more; nobody is brought back on an old mirror, and against the true one the same restore goes well."""
    keys = beside(behind, how)
    told = behind.refused()
    assert (told.slug, told.where["keys"], told.where["entries"] < keys) == ("restore.behind", keys, True)
    behind.mirror.write_bytes(behind.newest)
    assert behind.world.restore("a")["unreached"] == []
    assert readable(behind.world) == {behind.other}


@pytest.mark.parametrize("how", ["rotted", "gone"])
def test_g5_what_nobody_can_read_is_given_up_by_an_owner_and_named(
    behind: Behind, how: str, monkeypatch: pytest.MonkeyPatch
):
    """By its number alone; the report and the ledger name it, and nobody else changes a root on it."""
    keys, world = beside(behind, how), behind.world
    with pytest.raises(Missing):
        world.restore("a", beyond=keys - 1)
    desk = world._desk
    with monkeypatch.context() as acting:
        acting.setattr(world, "_desk", lambda: as_operator(desk()))
        with pytest.raises(Denied):
            world.restore("a", beyond=keys)
    world.reopen()
    assert restore_finish(world.desk)["unreached"] == [keys]
    with world.desk.store.read() as tx:
        assert any(f'"unreached":[{keys}]'.encode() in row["entry"] for row in tx.find("ledger_entry"))


def test_g5_facts_that_say_they_are_beyond_the_mirror_and_do_not_open_take_an_owner(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
):
    """Anybody can write such a name: it stops nothing, and no root is changed before an owner has seen it."""
    beside(behind, "gone")
    world, junk = behind.world, 10**14
    for one in (world.root / "a" / "keys").rglob(f"*-{behind.later:020d}.cvbk"):
        one.unlink()
    (world.root / "a" / "facts" / f"{junk:020d}.cvbk").write_bytes(b"CVBK")
    desk = world._desk
    with monkeypatch.context() as acting:
        acting.setattr(world, "_desk", lambda: as_operator(desk()))
        with pytest.raises(Denied):
            world.restore("a")
    world.reopen()
    told = restore_finish(world.desk)
    assert (told["facts_altered"], told["unreached"]) == ([junk], [junk])


def as_operator(made: Desk) -> Desk:
    """Whoever is no owner."""
    return replace(made, principal=replace(made.principal, roles=frozenset(("operator",))))
