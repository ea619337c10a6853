"""What grows with a ledger: publishing, checking and verifying it, reading its mirror for a restore; for tests/vault/growth.py."""

import secrets
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from custody.acts.entries import about_rows
from custody.acts.evidence import publish, publish_tiles
from custody.acts.mirroring import catch_up, differing
from custody.acts.restoring import Blank, read_journal
from custody.acts.survey_ledger import survey_ledger
from custody.acts.surveyed import Survey
from custody.adapters.files.local import LocalFiles
from custody.base import merkle
from custody.base.clock import stamp
from custody.ledger import entry
from custody.services.ledger import ledger_publish
from custody.services.verify import verify
from custody.services.verify.result import VerifyResult
from tests.vault.histories.world import World


def ledger_of(world: World, size: int) -> None:
    """A ledger of so many entries, written as one."""
    frontier, at, space = merkle.Frontier(), stamp(world.clock.now()), world.party

    def made() -> Iterator[tuple[entry.Entry, entry.Opening]]:
        for number in range(size):
            opened = entry.opening({"note": secrets.token_hex(300)})
            line = entry.make(number, at=at, kind="noted", space=space, prev=frontier.root(), says={"what": secrets.token_hex(300)}, opening=opened)  # fmt: skip
            frontier.append(line.hash)
            yield line, opened

    with world.desk.store.write() as tx:
        for table in ("ledger_entry", "opening", "entry_about", "ledger_head"):
            tx.drop(table)
        lines = made()
        while some := list(islice(lines, 1000)):
            rows = [(space, one.number, one, opened) for one, opened in some]
            tx.add("ledger_entry", [{"space": who, "position": n, "entry": one.data, "hash": one.hash} for who, n, one, _ in rows])  # fmt: skip
            tx.add("opening", [{"space": who, "position": n, "salt": one.salt, "detail": one.detail} for who, n, _, one in rows])  # fmt: skip
            tx.add("entry_about", (row for who, n, one, opened in rows for row in about_rows(who, n, one.data, opened.detail)))  # fmt: skip
        peaks = b"".join(frontier.to_list())
        tx.add("ledger_head", [{"space": space, "size": size, "frontier": peaks, "last_at": at}])


def publishing(folder: Path, size: int) -> Callable[[], object]:
    """A ledger of `size` entries, published with its tiles."""
    world = World(folder / "world", lasting=True)
    ledger_of(world, size)

    def act() -> int:
        made = publish(world.desk.store, world.desk.files, world.desk.signer, world.party)
        publish_tiles(world.desk.store, world.desk.files, made)
        return made.size

    return act


def checking(folder: Path, size: int) -> Callable[[], object]:
    """The same ledger held against itself by `vault check`, and a mirror of it read whole, as a restore does."""
    world = World(folder / "world", lasting=True)
    ledger_of(world, size)
    catch_up(world.desk)
    blank = Blank(world.party, world.desk.store, world.desk.files, world.keys, world.outside, world.desk.files)

    def act() -> int:
        found = Survey()
        with world.desk.store.read() as tx:
            survey_ledger(tx, world.party, found)
        assert not found.faults
        assert not list(differing(world.desk, size))
        return sum(1 for _ in read_journal(blank).since())

    return act


def verifying(folder: Path, size: int) -> Callable[[], object]:
    """The published ledger verified by whoever was given it."""
    world = World(folder / "world", lasting=True)
    ledger_of(world, size)
    ledger_publish(world.desk, LocalFiles(folder / "given"))
    return lambda: _sound(verify([folder / "given"], []))


def _sound(told: VerifyResult) -> int:
    assert not told.faults
    return 1
