"""The mirror keeps what it answered for, in order, and shows a store that was rolled back (spec/vault.md §20)."""

import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.erasing import ERASED
from custody.acts.evidence import append
from custody.acts.matters import ledger_size
from custody.acts.mirroring import catch_up, journal, mended
from custody.adapters.mirror import local
from custody.adapters.mirror.local import LocalMirror
from custody.base import ids
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Malformed, Missing, Unavailable
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_list
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

SPACE = "pty_1"


@pytest.fixture
def world(tmp_path: Path):
    """A home with an empty vault."""
    made = World(tmp_path / "world")
    yield made
    made.close()


def test_entries_come_back_in_order(tmp_path: Path):
    """What was appended in pieces is read from any number on, by any process."""
    entries = [os.urandom(size) for size in (1, 0, 500, 70_000)]
    mirror = LocalMirror(tmp_path / "m")
    mirror.append(SPACE, 0, entries[:2])
    LocalMirror(tmp_path / "m").append(SPACE, 2, entries[2:])
    assert list(mirror.read(SPACE)) == entries
    assert list(mirror.read(SPACE, 3)) == entries[3:]
    assert mirror.newest(SPACE) == (4, entries[3])


def test_what_is_there_is_not_written_again(tmp_path: Path):
    """Appending from a number that is there already adds only the rest; a gap is refused."""
    mirror = LocalMirror(tmp_path)
    mirror.append(SPACE, 0, [b"a", b"b"])
    mirror.append(SPACE, 0, [b"a", b"b", b"c"])
    assert list(mirror.read(SPACE)) == [b"a", b"b", b"c"]
    with pytest.raises(Malformed):
        mirror.append(SPACE, 4, [b"e"])


def test_a_torn_end_is_cut_off(tmp_path: Path):
    """However much of the last frame was written when the process died, the entries before it stand and the next one follows."""
    whole = LocalMirror(tmp_path / "whole")
    whole.append(SPACE, 0, [b"first", b"second"])
    data = (tmp_path / "whole" / f"{SPACE}.journal").read_bytes()
    first = 24 + len(b"first")
    for end in range(first, len(data)):
        folder = tmp_path / str(end)
        folder.mkdir()
        (folder / f"{SPACE}.journal").write_bytes(data[:end])
        mirror = LocalMirror(folder)
        assert mirror.newest(SPACE) == (1, b"first")
        mirror.append(SPACE, 1, [b"again"])
        assert list(mirror.read(SPACE)) == [b"first", b"again"]


def test_the_mirror_has_every_entry_and_its_opening(world: World):
    """After catching up, entries and openings are the ledger's own, sealed."""
    size = catch_up(world.desk)
    with world.desk.store.read() as tx:
        assert size == ledger_size(tx, world.party) > 0
        rows = tx.find("ledger_entry", order=("position",))
        openings = tx.find("opening", order=("position",))
    told = list(journal(world.outside, world.party))
    assert [one.entry for one in told] == [row["entry"] for row in rows]
    assert [(one.salt, one.detail) for one in told] == [(row["salt"], row["detail"]) for row in openings]
    assert world.vault.encode() not in (world.root / "mirror" / f"{world.party}.journal").read_bytes()


def test_an_older_store_put_back_is_a_fork(world: World):
    """A store that lacks entries of its mirror, or has others, is refused by name."""
    kept = (world.home / "core.db").read_bytes()
    with world.desk.store.write() as tx:
        from_ledger(world, tx, "one-thing")
    catch_up(world.desk)
    world.close()
    for left in world.home.glob("core.db*"):
        left.unlink()
    (world.home / "core.db").write_bytes(kept)
    world.reopen()
    with pytest.raises(Broken) as refused:
        catch_up(world.desk)
    assert refused.value.slug == "mirror.fork"
    with world.desk.store.write() as tx:
        from_ledger(world, tx, "another-thing")
    with pytest.raises(Broken) as refused:
        catch_up(world.desk)
    assert refused.value.slug == "mirror.fork"


def test_g5_a_store_that_was_put_back_leaves_nothing_in_a_place_for_backups(world: World):
    """Its backup is refused before anything is written: the restore that is advised finds the newest backup that was, and not the put-back store's."""
    assert backup(world.desk, "a")["ok"]
    world.close()
    kept = {left.name: left.read_bytes() for left in world.home.glob("core.db*")}
    world.reopen()
    with world.desk.store.write() as tx:
        from_ledger(world, tx, "one-thing")
    catch_up(world.desk)
    before = files_below(world.root / "a")
    world.close()
    for left in world.home.glob("core.db*"):
        left.unlink()
    for name, data in kept.items():
        (world.home / name).write_bytes(data)
    world.reopen()
    with world.desk.store.write() as tx:
        from_ledger(world, tx, "another-thing")
    with pytest.raises(Broken) as refused:
        backup(world.desk, "a")
    assert refused.value.slug == "mirror.fork"
    assert files_below(world.root / "a") == before
    world.lose()
    assert world.restore("a")["journal"] > 0


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file of a place."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_a_mirror_that_is_out_says_so_and_follows_later(world: World):
    """While the mirror is out catching up is refused; afterwards nothing is missing."""
    world.weather.out.add("mirror")
    with pytest.raises(Unavailable):
        catch_up(world.desk)
    assert hold_list(world.desk, NAME)["held"] == 0
    world.weather.out.clear()
    with world.desk.store.read() as tx:
        size = ledger_size(tx, world.party)
    assert catch_up(world.desk) == size


def test_many_who_act_at_once_bring_it_up_to_date(world: World):
    """Whoever acts beside others is never told that the mirror is broken or another's: each finds all of what it entered there."""

    def act(_: int) -> bool:
        with world.desk.store.write() as tx:
            from_ledger(world, tx, "beside-others")
            mine = ledger_size(tx, world.party)
        return catch_up(world.desk) >= mine

    with ThreadPoolExecutor(8) as people:
        assert all(people.map(act, range(300)))
    with world.desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",))
    assert [one.entry for one in journal(world.outside, world.party)] == [row["entry"] for row in rows]


@pytest.mark.parametrize("writers", [1, 4])
def test_its_end_is_read_of_one_moment(tmp_path: Path, writers: int):
    """How many there are and which is the last belong together, also while others append; nobody's entry goes by another's."""
    entries = [f"entry {number}".encode() for number in range(400)]

    def append_all(_: int) -> None:
        for number in range(len(entries)):
            LocalMirror(tmp_path).append(SPACE, number, entries[number : number + 1])
            found = LocalMirror(tmp_path).newest(SPACE)
            assert found is not None
            assert found[0] > number, "what was answered is not taken away by another"

    def look(_: int) -> None:
        while (found := LocalMirror(tmp_path).newest(SPACE)) is None or found[0] < len(entries):
            assert found is None or found[1] == entries[found[0] - 1]

    with ThreadPoolExecutor(8) as people:
        done = [people.submit(append_all, n) for n in range(writers)] + [people.submit(look, n) for n in range(3)]
    assert all(one.exception() is None for one in done)
    assert list(LocalMirror(tmp_path).read(SPACE)) == entries


def from_ledger(world: World, tx, kind: str) -> None:
    """One more entry."""
    append(tx, world.party, stamp(world.clock.now()), kind, {})


def _mended(world: World) -> bool:
    """Whether a backup found the mirror altered."""
    return bool(backup(world.desk, "a")["places"][0]["mirror_mended"])


def _rot(path: Path, number: int) -> None:
    """One bit flips in a frame that is not the last."""
    data, place = bytearray(path.read_bytes()), 0
    for _ in range(number):
        place += 24 + int.from_bytes(data[place + 8 : place + 12], "big")
    data[place + 20] ^= 1
    path.write_bytes(data)


def test_a_bad_frame_in_the_middle_is_told_and_not_read_past(tmp_path: Path):
    """A whole frame at the end says that the bad one was whole once; from it on the mirror is written anew."""
    mirror, entries = LocalMirror(tmp_path), [os.urandom(40) for _ in range(5)]
    mirror.append(SPACE, 0, entries)
    _rot(tmp_path / f"{SPACE}.journal", 2)
    got = mirror.read(SPACE)
    assert [next(got), next(got)] == entries[:2]
    with pytest.raises(Broken) as told:
        next(got)
    assert (told.value.slug, told.value.where["entry"]) == ("mirror.altered", 2)
    mirror.mend(SPACE, lambda first: iter(entries[first:]))
    assert list(mirror.read(SPACE)) == entries
    mirror.append(SPACE, 5, [b"next"])
    assert mirror.newest(SPACE) == (6, b"next")


@pytest.mark.parametrize("bits", [(3,), (0, 4), (4,)])
@pytest.mark.parametrize("at", [9, 11, 20, -2])
def test_a_rotted_frame_at_the_end_is_no_torn_one(tmp_path: Path, bits: tuple[int, ...], at: int):
    """In its number, its length, its body or the length behind it, alone or after another: it is as long as it was written. A torn one is shorter."""
    mirror = LocalMirror(tmp_path)
    mirror.append(SPACE, 0, [bytes([number]) * 40 for number in range(5)])
    path = tmp_path / f"{SPACE}.journal"
    data = bytearray(path.read_bytes())
    for number in bits:
        data[number * 64 + at % 64] ^= 1
    path.write_bytes(data)
    with pytest.raises(Broken) as told:
        list(mirror.read(SPACE))
    assert (told.value.slug, told.value.where["entry"]) == ("mirror.altered", bits[0])


def test_a5_a_mirror_that_rotted_behind_the_backup_stops_a_restore(world: World):
    """Else the erasures and holds behind the bad frame would be undone; a mirror that is gone stops it, too, and says so."""
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(0, ["one"]))])])
    world.outside.prepare("a")
    assert not _mended(world)
    size = catch_up(world.desk)
    path = world.root / "mirror" / f"{world.party}.journal"
    whole = path.read_bytes()
    _rot(path, 1)  # the facts have it, and not the last
    _rot(path, size - 1)
    world.lose()
    for data, slug in ((path.read_bytes(), "mirror.altered"), (None, "restore.mirror")):
        path.unlink() if data is None else path.write_bytes(data)
        with pytest.raises(CustodyError) as told:
            world.restore("a")
        assert told.value.slug == slug
        world.vacate()
        assert data is None or path.read_bytes() == data, "what it cannot mend it leaves"
    path.write_bytes(whole)
    assert not world.restore("a")["mirror_mended"]


@pytest.mark.parametrize("bad", [(0,), (1, 2), (-1,)])
def test_a5_a_mirror_that_rotted_before_the_backup_is_written_anew_by_a_restore(world: World, bad: tuple[int, ...]):
    """The facts hold its entries; what was entered after them is read from it and counts: who was erased then stays so. The bad file stays beside."""
    (who, _) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, ["one"]))]) for n in range(2)])
    world.outside.prepare("a")
    backup(world.desk, "a")
    facts = int(max((world.root / "a" / "facts").iterdir()).stem)
    erase(world.desk, [ids.subject_text(who)], NAME)
    size = catch_up(world.desk)
    before = list(journal(world.outside, world.party))
    path = world.root / "mirror" / f"{world.party}.journal"
    for number in bad:
        _rot(path, number % facts)
    rotted = path.read_bytes()
    world.lose()
    assert world.restore("a")["mirror_mended"]
    assert list(journal(world.outside, world.party))[:size] == before
    assert path.with_suffix(".altered-1").read_bytes() == rotted
    with world.desk.store.read() as tx:
        assert tx.find("subject", vault=world.vault, id=who)[0]["state"] == ERASED
        assert b"mirror_mended" in next(row["entry"] for row in tx.find("ledger_entry", order=("position",)) if b'"restored"' in row["entry"])  # fmt: skip
    assert vault_check(world.desk, NAME)["ok"]


def test_who_waits_while_a_mirror_is_written_anew_goes_on_in_the_new_one(tmp_path: Path):
    """An append that waits for the lock of the old file is not lost with it."""
    entries, waiting = [os.urandom(40) for _ in range(3)], Barrier(2)
    mirror = LocalMirror(tmp_path)
    mirror.append(SPACE, 0, entries)
    _rot(tmp_path / f"{SPACE}.journal", 1)

    def slow(first: int) -> Iterator[bytes]:
        waiting.wait()
        time.sleep(0.3)  # the other one waits for the lock meanwhile
        yield from entries[first:]

    def append_one() -> None:
        waiting.wait()
        LocalMirror(tmp_path).append(SPACE, 3, [b"next"])

    with ThreadPoolExecutor(2) as people:
        done = [people.submit(mirror.mend, SPACE, slow), people.submit(append_one)]
    assert [one.exception() for one in done] == [None, None]
    assert list(mirror.read(SPACE)) == [*entries, b"next"]


def test_a_mirror_that_cannot_be_written_anew_keeps_what_it_has(tmp_path: Path):
    """The ledger breaks off in the middle: the good frames behind the bad one are still there."""
    mirror, entries = LocalMirror(tmp_path), [os.urandom(40) for _ in range(5)]
    mirror.append(SPACE, 0, entries)
    _rot(tmp_path / f"{SPACE}.journal", 1)
    before = (tmp_path / f"{SPACE}.journal").read_bytes()

    def broken(first: int) -> Iterator[bytes]:
        yield entries[first]
        raise Missing("ledger.gone", "An opening cannot be read.")

    with pytest.raises(Missing):
        mirror.mend(SPACE, broken)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {f"{SPACE}.journal": before}


def test_a_mirror_is_written_anew_from_the_ledger_as_it_is_then(world: World):
    """What others enter and mirror between the look and the lock is in it."""
    with world.desk.store.write() as tx:
        from_ledger(world, tx, "before")
    catch_up(world.desk)
    path, mirror = world.root / "mirror" / f"{world.party}.journal", world.outside.inner
    _rot(path, 0)

    class Late:
        """Somebody acts after the mirror was found altered, and before it is written."""

        def __getattr__(self, name: str) -> object:
            return getattr(mirror, name)

        def mend(self, *args: object, **kw: object) -> None:
            with world.desk.store.write() as tx:
                from_ledger(world, tx, "meanwhile")
            catch_up(world.desk)
            mirror.mend(*args, **kw)

    world.outside.mirror = Late()
    assert mended(world.desk)
    with world.desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",))
    assert [one.entry for one in journal(world.outside, world.party)] == [row["entry"] for row in rows]


def test_a_frame_in_writing_is_not_told_as_altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A reader that met half of it looks again when nobody writes."""
    mirror, path = LocalMirror(tmp_path), tmp_path / f"{SPACE}.journal"
    mirror.append(SPACE, 0, [b"first", b"second"])
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    real = local._forward

    def then_the_rest(*args: object) -> Iterator[object]:
        yield from real(*args)
        path.write_bytes(whole)  # between the look that met half of it and the look at the end

    monkeypatch.setattr(local, "_forward", then_the_rest)
    assert list(mirror.read(SPACE)) == [b"first", b"second"]


def test_a5_a_backup_reads_the_mirror_whole_and_writes_it_anew_from_a_bad_frame(world: World):
    """While the ledger is there nothing is lost; answer and entry say that it was so."""
    world.outside.prepare("a")
    assert not _mended(world)
    assert not _mended(world)
    _rot(world.root / "mirror" / f"{world.party}.journal", 1)
    with pytest.raises(Broken, match="altered"):
        list(journal(world.outside, world.party))
    assert _mended(world)
    catch_up(world.desk)
    with world.desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",))
    assert [one.entry for one in journal(world.outside, world.party)] == [row["entry"] for row in rows]
    assert b"mirror_mended" in rows[-1]["entry"]
    assert not _mended(world)


def test_a_torn_end_hides_no_rot_before_it(tmp_path: Path):
    """A power cut in an append, and a bad frame before it: what is whole behind that is the end, and nothing of it is cut off."""
    told = [b"entry-%d" % number * 20 for number in range(10)]
    for bad in (0, 4, 8):
        mirror, path = LocalMirror(tmp_path / str(bad)), tmp_path / str(bad) / f"{SPACE}.journal"
        mirror.append(SPACE, 0, told)
        data = bytearray(path.read_bytes())
        data[bad * len(data) // 10 + 30] ^= 1
        path.write_bytes(bytes(data) + b"\0\0\0\0\0\0\0\x0a\0\0")
        assert mirror.newest(SPACE) == (10, told[9])
        mirror.append(SPACE, 10, [b"eleventh"])
        assert path.read_bytes().startswith(bytes(data))
        assert mirror.newest(SPACE) == (11, b"eleventh")


def test_an_older_store_put_back_is_a_fork_though_the_end_is_torn_and_a_frame_rotted(world: World):
    """The mirror still says how far the ledger was: it is not cut to what the older store has."""
    note_many(world, 6)
    older = world.root / "older"
    shutil.copytree(world.home, older)
    note_many(world, 4)
    size, path = catch_up(world.desk), spoilt(world, 4, b"\0\0\0\0\0\0\0\x0a\0\0")
    world.close()
    shutil.rmtree(world.home)
    shutil.copytree(older, world.home)
    world.desk = world._desk()
    before = path.read_bytes()
    with pytest.raises(Broken) as caught:
        catch_up(world.desk)
    assert (caught.value.slug, path.read_bytes(), world.outside.inner.newest(world.party)[0]) == (
        "mirror.fork",
        before,
        size,
    )


@pytest.mark.parametrize("behind", [0, 2])
def test_an_end_that_rotted_is_written_anew_and_kept_beside(world: World, behind: int):
    """The last entry was answered: it is not cut off as if it were torn, but written again from a ledger that has it; one that lacks it is a fork."""
    note_many(world, 6)
    older = world.root / "older"
    shutil.copytree(world.home, older)
    note_many(world, 1)
    size = catch_up(world.desk)
    path = spoilt(world, size - 1, b"\0" * behind)
    bad = path.read_bytes()
    assert catch_up(world.desk) == size
    assert [one.read_bytes() for one in path.parent.glob("*.altered-*")] == [bad]
    assert len(list(journal(world.outside, world.party))) == size
    path.write_bytes(bad)
    world.close()
    shutil.rmtree(world.home)
    shutil.copytree(older, world.home)
    world.desk = world._desk()
    with pytest.raises(Broken) as caught:
        catch_up(world.desk)
    assert (caught.value.slug, path.read_bytes()) == ("mirror.fork", bad)


def note_many(world: World, count: int) -> None:
    """So many entries."""
    with world.desk.store.write() as tx:
        for _ in range(count):
            append(tx, world.party, stamp(world.clock.now()), "noted", {})


def spoilt(world: World, number: int, end: bytes) -> Path:
    """The mirror's file, one bit of frame `number` changed and `end` behind its end."""
    (path,) = (world.root / "mirror").glob("*.journal")
    data, place = bytearray(path.read_bytes()), 0
    for _ in range(number):
        place += 24 + int.from_bytes(data[place + 8 : place + 12], "big")
    data[place + 30] ^= 1
    path.write_bytes(bytes(data) + end)
    return path
