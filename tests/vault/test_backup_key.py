"""A5, G4: the backup key can be changed, and whatever cuts that off, the copy kept apart opens what lies outside (spec/vault.md §19)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.backing import back_up
from custody.acts.evidence import append
from custody.acts.mirroring import catch_up, journal, resealed
from custody.adapters.files.local import LocalFiles
from custody.base import ids
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Unavailable
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.keys_backup import keys_backup
from custody.services.vault_check import vault_check
from custody.vault.backup import Kind, Named, keys_of, read
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World

FILE = "backup.key"
OLD = b"k" * 32


class Kept:
    """Three customers in two places for backups, one erased since; and a stick with a copy of the backup key."""

    def __init__(self, ground: Path) -> None:
        self.world, self.stick = World(ground / "world", lasting=True), LocalFiles(ground / "stick")
        people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)]
        self.people = add_people(self.world.desk, self.world.vault, people)
        for place in "aba":  # the facts of both name both
            self.world.outside.prepare(place)
            assert backup(self.world.desk, place)["ok"]
        erase(self.world.desk, [ids.subject_text(self.people[0])], NAME)
        catch_up(self.world.desk)

    def change(self, *, lost: bool = False) -> dict:
        """What the command does."""
        return dict(keys_backup(self.world.desk, self.stick, FILE, lost=lost))

    @property
    def apart(self) -> list[bytes]:
        """What the stick holds."""
        return keys_of(self.stick.read(FILE))

    def opens(self, key: bytes) -> tuple[int, int]:
        """(entries of the mirror, objects in places) that this key alone opens."""
        before, self.world.outside.keys = self.world.outside.keys, [key]
        entries = 0
        try:
            for _ in journal(self.world.outside, self.world.party):
                entries += 1
        except Broken:
            pass
        self.world.outside.keys = before
        return entries, sum(self._opens(path, key) for path in self.objects())

    def objects(self) -> list[Path]:
        """Facts and keys in both places."""
        return [path for place in "ab" for path in (self.world.root / place).rglob("*.cvbk")]

    def _opens(self, path: Path, key: bytes) -> bool:
        facts = path.parent.name == "facts"
        position = int(path.stem if facts else path.stem.partition("-")[2])
        owner = ids.id_bytes(self.world.party if facts else self.world.vault)
        try:
            with path.open("rb") as source:
                return bool(list(read(source, key, Named(Kind.FACTS if facts else Kind.KEYS, owner, position))))
        except Broken:
            return False

    def lose(self) -> None:
        """The disk goes; the home comes back from a place with the key on the stick alone."""
        catch_up(self.world.desk)
        self.world.lose()
        self.world.outside.keys = self.apart
        self.world.restore("a")
        with self.world.desk.store.read() as tx:
            live = {row["id"] for row in tx.find("subject", vault=self.world.vault, state="live")}
        assert live == set(self.people[1:])
        assert vault_check(self.world.desk, NAME)["faults"] == []


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.world.close()


def test_g4_the_key_of_before_opens_nothing_outside(kept: Kept):
    """Mirror and places are under the new one, which is on the stick; the home comes back by it."""
    assert kept.opens(OLD)[1] == len(kept.objects()) == 4
    told = kept.change()
    (new,) = kept.apart
    assert kept.world.outside.keys == [new] != [OLD]
    assert told["places"] == 2
    assert kept.opens(OLD) == (0, 0)
    entries, objects = kept.opens(new)
    assert (entries, objects) >= (told["size"], 4)
    assert not list((kept.world.root / "mirror").glob("*.altered-*"))
    kept.lose()


def test_g4_what_a_mending_left_beside_the_mirror_goes_with_the_key(kept: Kept):
    """It is under the key of before, which is to open nothing outside."""
    mirror = kept.world.root / "mirror"
    for _ in range(2):
        (path,) = mirror.glob("*.journal")
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert back_up(kept.world.desk, "a")["mirror_mended"]
    assert len(list(mirror.glob("*.altered-*"))) == 2
    kept.change()
    assert [path.suffix for path in mirror.iterdir()] == [".journal"]


@pytest.mark.parametrize("step", ["append", "renewed", "back_up_all", "_second"])
def test_c11_what_cuts_it_off_leaves_a_home_that_comes_back_by_the_stick(
    kept: Kept, step: str, monkeypatch: pytest.MonkeyPatch
):
    """At each step; and the same command goes on to the end, with the key that was begun."""
    with monkeypatch.context() as patch:
        if step == "_second":
            patch.setattr("custody.services.keys_backup.back_up_all", lambda desk: back_up(desk, "a") and _die())
        else:
            patch.setattr(f"custody.services.keys_backup.{step}", lambda *_, **__: _die())
        with pytest.raises(KeyboardInterrupt):
            kept.change()
    begun = kept.apart[0]
    assert kept.apart[1:] == [OLD]
    kept.lose()
    assert kept.change()["places"] == 2
    assert kept.apart == [begun]
    assert kept.opens(OLD) == (0, 0)


def _die() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("away", ["a", "mirror"])
def test_g27_nothing_is_changed_while_a_place_is_away(kept: Kept, away: str):
    """Nor is a key written to the stick that nothing is under."""
    kept.world.weather.out.add(away)
    with pytest.raises(Unavailable):
        kept.change()
    kept.world.weather.out.clear()
    assert (kept.world.outside.keys, kept.stick.list()) == ([OLD], [])


def test_a5_an_entry_that_was_sealed_meanwhile_under_the_key_of_before_is_written_over(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
):
    """Another process had read the key, waited for the lock, and appended it behind the new ones."""
    mirror, times = kept.world.outside.inner, list[int]()
    mend = mirror.mend

    def and_one_more(*args: object, **how: object) -> None:
        mend(*args, **how)
        times.append(1)
        if len(times) == 1:
            with kept.world.desk.store.write() as tx:
                append(tx, kept.world.party, stamp(kept.world.clock.now()), "looked-up", {})
            count, _ = mirror.newest(kept.world.party)
            begun, kept.world.outside.keys = kept.world.outside.keys, [OLD]
            mirror.append(kept.world.party, count, list(resealed(kept.world.desk, count)))
            kept.world.outside.keys = begun

    monkeypatch.setattr(mirror, "mend", and_one_more)
    kept.change()
    assert len(times) == 2
    assert kept.opens(OLD) == (0, 0)


def test_a5_a_key_that_is_lost_is_replaced(kept: Kept, refuses: Refuses):
    """The store has the ledger: mirror and places are made again. Said of a key that is there, or of a store that was put back, it is refused."""
    with refuses("backup.key-there"):
        kept.change(lost=True)
    kept.world.outside.keys = [b"n" * 32]
    with pytest.raises(CustodyError):
        kept.change()
    assert kept.change(lost=True)["places"] == 2
    assert kept.opens(kept.apart[0])[1] == 4
    kept.lose()


def test_a5_a_lost_key_hides_no_older_store(kept: Kept, refuses: Refuses):
    """The mirror is longer than the ledger: somebody put an older store back, whoever can read it."""
    with kept.world.desk.store.read() as tx:
        size = tx.count("ledger_entry", space=kept.world.party)
    kept.world.outside.mirror.append(kept.world.party, size, [b"another entry"])
    kept.world.outside.keys = [b"n" * 32]
    with refuses("mirror.fork"):
        kept.change(lost=True)
