"""A5: facts of a store that was put back are passed over, named, and never taken for the truth (spec/vault.md §21)."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts import backing, mirroring
from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.acts.erasing import ERASED
from custody.acts.evidence import append
from custody.acts.mirroring import catch_up, journal
from custody.acts.restoring import facts_in
from custody.base import ids
from custody.base.clock import stamp
from custody.base.errors import Broken, Unavailable
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, World


class Poisoned:
    """A place with a good backup, behind which somebody was erased and somebody held, and with what an earlier release wrote of a store that was put back."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, *, good: bool = True, more: int = 3) -> None:
        self.world = World(root)
        people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)]
        self.erased, self.held, self.other = add_people(self.world.desk, self.world.vault, people)
        if good:
            backup(self.world.desk, "a")
        else:
            self.world.outside.prepare("a")
        kept = self._store()
        looks(self.world, 4, "then")
        hold_add(self.world.desk, ids.subject_text(self.held), "asked", "", NAME)
        erase(self.world.desk, [ids.subject_text(self.erased)], NAME)
        self.size = catch_up(self.world.desk)
        self.world.close()
        for left in self.world.home.glob("core.db*"):
            left.unlink()
        for name, data in kept.items():
            (self.world.home / name).write_bytes(data)
        self.world.reopen()
        looks(self.world, more, "now")
        self.refused(monkeypatch)

    def _store(self) -> dict[str, bytes]:
        self.world.close()
        kept = {left.name: left.read_bytes() for left in self.world.home.glob("core.db*")}
        self.world.reopen()
        return kept

    def refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A backup that held ledger against mirror at its end alone."""
        looked = []

        def at_its_end(desk: Desk) -> int:
            looked.append(desk)
            return 0 if len(looked) == 1 else catch_up(desk)

        with monkeypatch.context() as before:
            before.setattr(backing, "catch_up", at_its_end)
            with pytest.raises(Broken) as told:
                backup(self.world.desk, "a")
        assert told.value.slug == "mirror.fork"
        self.forked = facts_in(self.world.outside.backup("a"))[0]


def looks(world: World, many: int, what: str) -> None:
    """So many entries of somebody who looked."""
    for number in range(many):
        with world.desk.store.write() as tx:
            append(tx, world.party, stamp(world.clock.now()), "looked-up", {"vault": world.vault, "n": number, "of": what})  # fmt: skip


def readable(world: World) -> set[bytes]:
    """Whose records open."""
    return {subject for subject, _ in Judge(world).look(set())}


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poisoned]:
    made = Poisoned(tmp_path / "world", monkeypatch)
    yield made
    made.world.close()


def test_a5_facts_of_another_history_are_passed_over_and_named(poisoned: Poisoned):
    """The older facts are a prefix of the journal: everything behind them is done again, so the erased one is erased and the held one held."""
    world = poisoned.world
    assert len(facts_in(world.outside.backup("a"))) == 2
    before = list(journal(world.outside, world.party))
    world.lose()
    told = world.restore("a")
    assert told["forked"] == [poisoned.forked]
    assert told["facts_position"] < poisoned.forked
    assert readable(world) == {poisoned.held, poisoned.other}
    with world.desk.store.read() as tx:
        assert tx.find("subject", vault=world.vault, id=poisoned.erased)[0]["state"] == ERASED
        assert tx.count("hold", vault=world.vault, subject=poisoned.held) == 1
        said = [row["entry"] for row in tx.find("ledger_entry", order=("position",)) if b'"restored"' in row["entry"]]
    assert f'"forked":[{poisoned.forked}]'.encode() in said[0]
    assert list(journal(world.outside, world.party))[: len(before)] == before
    assert vault_check(world.desk, NAME)["ok"]


def test_a5_the_next_backup_is_whole_again(poisoned: Poisoned):
    """The same place takes the restored home's backup, and gives it back; what was passed over counts no more."""
    world = poisoned.world
    world.lose()
    world.restore("a")
    looks(world, 4, "after")
    backup(world.desk, "a")
    world.lose()
    assert world.restore("a")["forked"] == []
    assert readable(world) == {poisoned.held, poisoned.other}


def test_a5_where_no_facts_are_of_the_journal_a_restore_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing but the fork lies there: it is not taken for the truth."""
    made = Poisoned(tmp_path / "world", monkeypatch, good=False)
    made.world.lose()
    with pytest.raises(Broken) as told:
        made.world.restore("a")
    assert told.value.slug == "restore.fork"


def test_a5_whoever_takes_away_the_newest_facts_brings_nobody_back(tmp_path: Path):
    """An attacker who may write to the place puts back what lay there before an erasure, facts, keys and all: the mirror still says who was erased since."""
    world = World(tmp_path / "world")
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)]
    erased, other = add_people(world.desk, world.vault, people)
    backup(world.desk, "a")
    place = world.root / "a"
    before = {one.relative_to(place): one.read_bytes() for one in place.rglob("*") if one.is_file()}
    erase(world.desk, [ids.subject_text(erased)], NAME)
    backup(world.desk, "a")
    for path in [one for one in place.rglob("*.cvbk") if one.relative_to(place) not in before]:
        path.unlink()
    for name, data in before.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    world.lose()
    told = world.restore("a")
    assert told["forked"] == []
    assert readable(world) == {other}
    world.close()


def test_a5_a_mirror_is_not_mended_from_a_fork(poisoned: Poisoned):
    """Its newest entries rotted, and the fork has some at their place: they are not written over. Where the good facts have what is bad, they give it."""
    world = poisoned.world
    path = world.root / "mirror" / f"{world.party}.journal"
    whole = path.read_bytes()
    good = facts_in(world.outside.backup("a"))[1]
    rot(path, good + 1)
    rotted = path.read_bytes()
    world.lose()
    with pytest.raises(Broken) as told:
        world.restore("a")
    assert told.value.slug == "mirror.altered"
    assert path.read_bytes() == rotted
    world.vacate()
    path.write_bytes(whole)
    rot(path, good - 1)
    told = world.restore("a")
    assert told["mirror_mended"]
    assert told["forked"] == [poisoned.forked]
    assert readable(world) == {poisoned.held, poisoned.other}


def test_a5_a_fork_that_ends_with_the_mirror_gives_it_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The last entry of the mirror, an erasure, rotted, and the fork is as long: no entry behind says which of both is the truth."""
    world = World(tmp_path / "world")
    (who,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    backup(world.desk, "a")
    catch_up(world.desk)
    world.close()
    kept = {left.name: left.read_bytes() for left in world.home.glob("core.db*")}
    world.reopen()
    erase(world.desk, [ids.subject_text(who)], NAME)
    size = catch_up(world.desk)
    world.close()
    for left in world.home.glob("core.db*"):
        left.unlink()
    for name, data in kept.items():
        (world.home / name).write_bytes(data)
    world.reopen()
    path = world.root / "mirror" / f"{world.party}.journal"
    pad = next(pad for pad in range(3000) if entered(world, pad, keep=False) == frames(path)[size - 1][1])
    entered(world, pad, keep=True)
    with monkeypatch.context() as before:
        before.setattr(backing, "catch_up", lambda _: size)
        before.setattr(backing, "_prune", stop)
        with pytest.raises(Unavailable):
            backup(world.desk, "a")
    assert facts_in(world.outside.backup("a"))[0] == size
    rot(path, size - 1)
    world.lose()
    with pytest.raises(Broken) as told:
        world.restore("a")
    assert told.value.slug == "mirror.altered"
    world.close()


def test_a5_no_backup_begins_while_nobody_can_tell_whether_the_store_was_put_back(tmp_path: Path):
    """The mirror does not answer: not a byte of facts or keys is written, and what lies there stands."""
    world = World(tmp_path / "world")
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    backup(world.desk, "a")
    before = sorted((world.root / "a").rglob("*"))
    looks(world, 1, "then")
    world.weather.out.add("mirror")
    with pytest.raises(Unavailable):
        backup(world.desk, "a")
    assert sorted((world.root / "a").rglob("*")) == before
    world.close()


def stop(*_: object) -> None:
    """It died here."""
    raise Unavailable("backup.place", "A place for backups does not answer.")


class Undone(Exception):
    """The transaction is not kept."""


def entered(world: World, pad: int, *, keep: bool) -> int:
    """How long the frame of an entry is that is `pad` characters longer; the entry stays or goes."""
    size = 0
    with contextlib.suppress(Undone), world.desk.store.write() as tx:
        number = append(tx, world.party, stamp(world.clock.now()), "looked-up", {"vault": world.vault, "of": "x" * pad})
        size = len(mirroring._sealed(world.desk, tx, number)) + 24
        if not keep:
            raise Undone
    return size


def rot(path: Path, number: int) -> None:
    """One byte of a frame is another one."""
    start, size = frames(path)[number]
    data = bytearray(path.read_bytes())
    data[start + size // 2] ^= 1
    path.write_bytes(data)


def frames(path: Path) -> list[tuple[int, int]]:
    """(where it begins, how long it is), of each frame."""
    data, place, found = path.read_bytes(), 0, list[tuple[int, int]]()
    while place < len(data):
        size = int.from_bytes(data[place + 8 : place + 12]) + 24
        found.append((place, size))
        place += size
    assert place == len(data)
    return found


def test_a5_what_does_not_open_as_facts_stops_no_restore(tmp_path: Path):
    """A newer backup that rotted, a file that somebody put there, a number that is none: passed over and named, and what was done since is done again."""
    world = World(tmp_path / "world")
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)]
    erased, other = add_people(world.desk, world.vault, people)
    backup(world.desk, "a")
    facts = world.root / "a" / "facts"
    (good,) = facts.iterdir()
    kept = {one: one.read_bytes() for one in (world.root / "a").rglob("*.cvbk")}
    erase(world.desk, [ids.subject_text(erased)], NAME)
    backup(world.desk, "a")
    (newest,) = [one for one in facts.iterdir() if one not in kept]
    data = bytearray(newest.read_bytes())
    data[-1] ^= 1
    newest.write_bytes(data)
    for path, old in kept.items():
        path.write_bytes(old)
    junk = [facts / f"{int(good.stem) + 1:020d}.cvbk", facts / f"{10**14:020d}.cvbk", facts / f"{'9' * 20}.cvbk"]
    for path in junk:
        path.write_bytes(b"junk")
    world.lose()
    told = world.restore("a")
    assert told["facts_altered"] == sorted([int(newest.stem), *(int(path.stem) for path in junk[:2])])
    assert told["facts_position"] == int(good.stem)
    assert readable(world) == {other}
    world.close()


def test_a5_where_nothing_opens_as_facts_a_restore_says_so(tmp_path: Path):
    """The only facts rotted: they are altered, and not of another history."""
    world = World(tmp_path / "world")
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    backup(world.desk, "a")
    (path,) = (world.root / "a" / "facts").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    world.lose()
    with pytest.raises(Broken) as told:
        world.restore("a")
    assert told.value.slug == "backup.object"
