"""A5, A8: killed at any sync, rename, link, removal or commit, a vault is as it was or as it was to be, and the act can be repeated."""

import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from custody import wiring
from custody.acts import escrow
from custody.acts.adding import Newcomer, add_people
from custody.acts.compacting import compact
from custody.acts.reseal import reseal
from custody.acts.revising import revise_record
from custody.acts.vaults import open_keyring, read_keyring
from custody.base import ids
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.recovery_open import recovery_open
from custody.services.rekey import rekey
from custody.services.restore import restore_finish
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.services.suppress import suppress_add, suppress_check
from custody.services.vault_new import vault_new
from custody.services.vault_renew import vault_renew
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.points import Point, everywhere, watched
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, World
from tests.vault.second import approve, join

POLICY = """
notice_days = 7
standing_until = 2099-12-31
[[rule]]
retention = "relation"
start = "relation-end"
years = 1
"""
NEXT = POLICY.replace("years = 1", "years = 2")
LAWS = wiring.laws()
HOLDERS = {name: HolderKey.generate() for name in ("suhe", "zhouning")}
POINTS = int(os.environ.get("CUSTODY_KILL_POINTS", "3"))
SEED = 20260316
Fresh = Callable[[Path], World]
"""A copy of a furnished world, in this folder."""
Watch = Callable[[Point], object]
"""Has it called at each point."""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    """Copies of a furnished world."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        (Path(folder) / "template" / "escrow").mkdir(parents=True)
        made = World(Path(folder) / "template", lasting=True)
        furnish(made)
        yield lambda ground: World(ground, made, lasting=True)


def furnish(made: World) -> None:
    """Four people, one of them erased, a backup in place a, shares with two holders, one of which was given."""
    people = [
        Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])), (1, 1, pack(n + 10, [f"word-{n}-b"]))]) for n in range(4)
    ]
    _parted(made)  # before anybody is in: whoever fills a vault commits to its layout
    subjects = add_people(made.desk, made.vault, people)
    key = _kept_by_law(made)
    suppress_add(made.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    hold_add(made.desk, ids.subject_text(subjects[1]), "dispute.1", "", NAME)
    with made.desk.store.write() as tx:
        holders = [
            {"party": made.party, "handle": name, "public": key.public, "at": ""} for name, key in HOLDERS.items()
        ]
        tx.add("holder", holders)
        tx.add("threshold", [{"party": made.party, "k": 2}])
    backup(made.desk, "a")
    erase(made.desk, [ids.subject_text(subjects[0])], NAME)
    _deposit(made)
    _, share = escrow.own_share(made.outside.escrow, made.vault, 1, HOLDERS["zhouning"])
    escrow.give(made.desk, made.vault, share, {"handle": "suhe", "public": HOLDERS["suhe"].public})
    act, content = recovery_open(made.desk, HOLDERS["suhe"], NAME, dry_run=True)["would"]["approve"]
    approve(made, key, {"approve": {"act": act, "content": content}})
    made.close()


def _parted(world: World) -> None:
    """Two compartments that are kept so long."""
    with world.desk.store.write() as tx:
        for number, word in ((1, "relation"), (2, "cn-ecommerce-3y")):
            row = {"number": number, "tier": "general", "purposes": "service", "retention": word}
            tx.add("compartment", [{"vault": world.vault, **row, "child_of": -1, "next_page": 0}])


def _kept_by_law(world: World) -> Signer:
    """The second of two people who may act, a policy that both signed, another one approved, and somebody whose time is over."""
    key = Signer.generate()
    join(world, key)
    gone = {"contract_status": "ended", "last_activity": "2020-05"}
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(77, ["word-over"]))], gone)])
    for text in (NEXT, POLICY):
        approve(world, key, dict(retention_set(world.desk, LAWS, text, NAME, dry_run=True)))
    retention_set(world.desk, LAWS, POLICY, NAME, dry_run=False)
    return key


def _first(world: World) -> bytes:
    """Somebody live whom nobody holds and whose time is not over."""
    with world.desk.store.read() as tx:
        held = {row["subject"] for row in tx.find("hold", vault=world.vault)}
        people = tx.find("subject", order=("id",), vault=world.vault, state="live")
    return next(row["id"] for row in people if row["id"] not in held and b"2020-05" not in row["facts"])


def _release(world: World) -> None:
    with world.desk.store.read() as tx:
        held = tx.find("hold", vault=world.vault, reason="dispute.1")
    for row in held:  # none once it was released
        hold_release(world.desk, ids.subject_text(row["subject"]), "dispute.1", NAME)


def _seal(world: World) -> None:
    add_people(
        world.desk,
        world.vault,
        [Newcomer("customer", [(1, 1, pack(9, ["word-new"])), (2, 2, pack(9, ["word-new-2"]))])],
    )


def _revise(world: World) -> None:
    revise_record(world.desk, world.vault, _first(world), 1, lambda row, _: pack(row["row"], ["word-right"]), "typo")


def _part(world: World) -> None:
    reseal(world.desk, world.vault, _first(world), [1], lambda row, old: old if row["record"] == 1 else None, "partial")


def _compact(world: World) -> None:
    compact(world.desk, world.vault, NAME, least=0)


def _restore(world: World) -> None:
    if founded(world):
        restore_finish(world.desk)
    else:
        world.vacate()
        world.restore("a")


def _deposit(world: World) -> None:
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
    escrow.deposit(world.desk, world.vault, ring.key, ring.generation)


def _recover(world: World) -> None:
    """The root is lost: holders' shares put the vault under a new one, and the rotation that must follow frees it; the list can be asked."""
    if not opens(world):
        recovery_open(world.desk, HOLDERS["suhe"], NAME)
    rekey(world.desk, NAME)
    suppress_check(world.desk, "gone@example.cn")


def opens(world: World) -> bool:
    """Whether the provider opens what the vault stands under."""
    try:
        with world.desk.store.read() as tx:
            read_keyring(world.desk, tx, world.vault)
    except CustodyError:
        return False
    return True


def founded(world: World) -> bool:
    """Whether the store holds a vault; one that was only opened is empty."""
    if world.place.empty():
        return False
    world.reopen()
    with world.desk.store.read() as tx:
        return tx.count("vault") > 0


ACTS: dict[str, Callable[[World], Any]] = {
    "seal": _seal,
    "erase": lambda world: erase(world.desk, [ids.subject_text(_first(world))], NAME),
    "hold": lambda world: hold_add(world.desk, ids.subject_text(_first(world)), "dispute", "", NAME),
    "revise": _revise,
    "erase a part": _part,
    "rotate": lambda world: rekey(world.desk, NAME),
    "backup": lambda world: backup(world.desk, "b"),
    "compact": _compact,
    "renew": lambda world: vault_renew(world.desk, NAME, 2),
    "restore": _restore,
    "deposit": _deposit,
    "recover": _recover,
    "hold release": _release,
    "retention set": lambda world: retention_set(world.desk, LAWS, NEXT, NAME, dry_run=False),
    "retention run": lambda world: retention_run(world.desk, NAME, dry_run=False),
    "vault new": lambda world: vault_new(world.desk, "second"),
}
AGAIN = frozenset(
    (
        "vault new",
        "retention set",
        "retention run",
        "rotate",
        "backup",
        "compact",
        "renew",
        "restore",
        "hold",
        "deposit",
        "recover",
    )
)
LOST = frozenset(("restore", "recover"))
"""Acts that end in the same words however often they are done."""


def _child(world: World, act: Callable[[World], Any], at: int, watch: Watch, told: Path) -> None:
    """In a forked process: die at point `at`; or, where there is none, say how many there are."""
    met = [0]

    def point(_name: str) -> None:
        met[0] += 1
        if met[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(point)
    world.desk = world._desk()
    act(world)
    (world.root / "acknowledged").touch()
    world.close()
    point("end")
    told.write_text(str(met[0]), encoding="utf-8")


def run(world: World, act: Callable[[World], Any], at: int, watch: Watch = everywhere) -> int | None:
    """Do the act in a process of its own; how many points it passed, or None when it was killed."""
    world.close()
    world.clock.advance(timedelta(hours=1))  # whatever the one before wrote lies behind
    told = world.root / "told"
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            _child(world, act, at, watch, told)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not run the rest of the tests
            (world.root / "fault").write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(9)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    fault = world.root / "fault"
    assert os.WEXITSTATUS(status) == 0, fault.read_text(encoding="utf-8") if fault.exists() else status
    return int(told.read_text(encoding="utf-8"))


def look(world: World) -> dict:
    """What the store says, after the judge found nothing wrong."""
    world.reopen()
    try:
        return Judge(world).look(set())
    finally:
        world.close()


def prepared(fresh: Fresh, folder: Path, name: str) -> World:
    """A fresh copy; for a restore its disk is lost."""
    world = fresh(folder)
    if name == "restore":
        world.lose()
    if name == "recover":
        for root in (folder / "roots").iterdir():
            root.unlink()
    return world


def killed_at(name: str, few: int | None, fresh: Fresh, ground: Path, watch: Watch = everywhere) -> None:
    """Kill at a seeded few of its points, or at each, and at the last, when it was acknowledged; look, repeat, look."""
    act = ACTS[name]
    whole = prepared(fresh, ground / "whole", name)
    before = {} if name in LOST else look(whole)
    total = run(whole, act, 0, watch)
    assert total
    done, after = tally(whole), look(whole)
    for at in sorted({*chosen(name, total, few or total), total}):
        world = prepared(fresh, ground / str(at), name)
        assert run(world, act, at, watch) is None
        acknowledged = (world.root / "acknowledged").exists()
        assert acknowledged or at < total
        if acknowledged:
            assert tally(world) == done, f"killed at {at}, after it had returned, and not all of it is there"
        found = before
        if name not in LOST or stands(world, name):
            found = look(world)
            assert not acknowledged or words(found) == words(after), at
            assert words(found) in (words(before), words(after)), at
        if name in AGAIN or words(found) == words(before):
            assert run(world, act, 0), at
            assert words(look(world)) == words(after), at
    watched(f"{name} ({watch.__name__})", min(few or total, total), total)


def tally(world: World) -> dict[str, int]:
    """How many rows each table has: what an act leaves, where its words are those of before."""
    world.reopen()
    try:
        with world.desk.store.read() as tx:
            return {table: tx.count(table) for table in tx.tables()}
    finally:
        world.close()


def words(found: dict) -> list[str]:
    """What can be read, whatever ids it has."""
    return sorted(found.values())


def stands(world: World, name: str) -> bool:
    """Whether what was lost is there again, so that it can be looked at; a backup is renewed by the rotation that follows a recovery."""
    try:
        if name == "restore":
            return founded(world)
        world.reopen()
        with world.desk.store.read() as tx:
            return tx.count("rotation", vault=world.vault, state="destroyed") > 0
    finally:
        world.close()


def chosen(name: str, total: int, few: int) -> list[int]:
    """A seeded few of the points of an act."""
    return sorted(random.Random(f"{SEED}-{name}").sample(range(1, total + 1), min(few, total)))


@pytest.mark.parametrize("name", ACTS)
def test_a5_an_act_that_is_killed_leaves_the_old_or_the_new_state(name: str, fresh: Fresh, tmp_path: Path):
    """At a seeded few of its points."""
    killed_at(name, POINTS, fresh, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", ACTS)
def test_a5_every_point_of_an_act(name: str, fresh: Fresh, tmp_path: Path):
    """At every point it has."""
    killed_at(name, None, fresh, tmp_path)
