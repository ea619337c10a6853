"""A1, A5: whoever is killed over the index leaves none or a whole one: nobody is ever taken for not there (spec/vault.md §13)."""

import os
import random
import secrets
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts import finding
from custody.acts.adding import Newcomer, add_people
from custody.adapters.finder import sqlite
from custody.adapters.finder.spool import Spool
from custody.adapters.finder.sqlite import SqliteFinder
from custody.base import canonical
from custody.base.errors import Unavailable
from custody.ports.finder import Tagged
from custody.services.index_renew import index_renew
from custody.services.lookup import lookup
from custody.vault.payload import pack
from tests.points import watched
from tests.vault.histories.world import NAME, World
from tests.vault.test_kill import POINTS, run

MANY = 30_000
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")


def tags(count: int) -> list[Tagged]:
    """Of as many people."""
    return [Tagged("email/1", secrets.token_bytes(16), secrets.token_bytes(16)) for _ in range(count)]


def killed(work: Callable[[], object]) -> bool:
    """Whether a process of its own that does `work` was killed over it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def die(*_: object) -> None:
    """At once, as when the power goes."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def index(tmp_path: Path) -> SqliteFinder:
    """A live index, larger than what SQLite keeps in memory: a change reaches the file before its end."""
    made = SqliteFinder(tmp_path / "index")
    made.begin("v", 1)
    made.keep_key("v", 1, 1, b"k" * 60)
    made.put("v", 1, tags(MANY))
    made.finish("v", 1)
    return made


def test_a5_a_change_that_was_killed_leaves_no_index(index: SqliteFinder, monkeypatch: pytest.MonkeyPatch):
    """Half of a change may be in the file; so the file is not asked, and the next look-up builds another."""
    assert index.epoch("v") == 1

    def half(base, some):
        whole(base, some)
        die()

    whole = sqlite._put
    monkeypatch.setattr(sqlite, "_put", half)
    assert killed(lambda: index.put("v", 1, tags(2_000)))
    assert index.epoch("v") is None
    with pytest.raises(Unavailable):
        index.find("v", 1, "email/1", b"t" * 16)


REMOVALS: dict[str, Callable[[SqliteFinder], None]] = {
    "keys": lambda index: index.drop_keys("v", 1),
    "people": lambda index: index.forget("v", [b"s" * 16]),
}


@pytest.mark.parametrize("removal", REMOVALS)
def test_a5_whoever_removes_from_an_index_that_was_torn_goes_on(
    removal: str, index: SqliteFinder, monkeypatch: pytest.MonkeyPatch
):
    """A rotation that was killed over it and is run again does not wait for somebody to look something up."""
    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "_put", die)
        assert killed(lambda: index.put("v", 1, tags(1)))
    REMOVALS[removal](index)
    assert index.epoch("v") is None


@pytest.mark.parametrize("removal", REMOVALS)
def test_a5_of_an_index_of_another_form_nothing_stays(removal: str, index: SqliteFinder):
    """Whose keys lie where in it nobody knows, and it answers nothing."""
    with closing(sqlite3.connect(index._path("v"))) as base:
        base.execute("PRAGMA user_version = 2")
    REMOVALS[removal](index)
    assert not index._path("v").exists()


def test_a5_a_new_epoch_that_was_killed_was_never_there(index: SqliteFinder, monkeypatch: pytest.MonkeyPatch):
    """Until a new epoch is whole the one before is asked; what the killed one left is gone with the next."""
    one = tags(1)[0]
    index.put("v", 1, [one])
    whole = sqlite.Building.write
    monkeypatch.setattr(sqlite.Building, "write", lambda *given: (whole(*given), die()))

    def build() -> None:
        index.begin("v", 2)
        index.put("v", 2, tags(1_000))
        index.finish("v", 2)

    assert killed(build)
    assert index.epoch("v") == 1
    assert index.find("v", 1, *one[:2]) == [one.subject]
    monkeypatch.undo()
    build()
    assert index.epoch("v") == 2
    assert not [path for path in index._folder.iterdir() if path.suffix == ".new"]


def test_a1_entries_come_back_once_and_in_order(tmp_path: Path, draw: int):
    """However often a spool spilled, it gives what it was given, ascending, what came twice once; and its folder stays empty."""
    chance = random.Random(draw)
    given = [chance.randbytes(5) for _ in range(5_000)]
    held = Spool(tmp_path, 5)
    for place, entry in enumerate([*given, *given[:100]]):
        held.add(entry)
        if place % 700 == 0:
            held._spill()
    assert [entry for part in held.parts() for entry in part] == sorted(set(given))
    assert list(tmp_path.iterdir()) == []
    held.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Five people who can be looked up, of whom the index knows three."""
    made = World(tmp_path_factory.mktemp("template"), lasting=True)
    with made.desk.store.write() as tx:
        told = canonical.encode({"columns": ["m"], "places": [0], "home": True})
        tx.add("schema", [{"vault": made.vault, "number": 3, "tbl": "t", "compartment": 1, "columns": told}])
        listed = canonical.encode({"columns": [["m", "contact.email", "general", "general"]]})
        tx.add("tally", [{"vault": made.vault, "tbl": "t", "role": "subject", "kind": "customer", "met": 0, "sealed": 0,
                          "quarantined": 0, "source": "", "sha256": "", "columns": listed}])  # fmt: skip
    for some in (range(3), range(3, 5)):
        people = [Newcomer("customer", [(1, 3, pack(n, [f"k{n}@example.cn"]))]) for n in some]
        add_people(made.desk, made.vault, people)
        if some.start == 0:
            ask(made, 0)
    made.close()
    return made


def ask(world: World, number: int) -> int:
    """How many have this address."""
    return lookup(world.desk, f"k{number}@example.cn", "email", NAME)["count"]


@pytest.mark.parametrize("way", ["kept up", "built again", "built first", "renewed"])
def test_a1_a_look_up_that_was_killed_loses_nobody(
    way: str, template: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    """Whether it brings the index up to date, builds it, or begins the next epoch, killed at any step: the next one finds everybody."""
    act = (lambda world: index_renew(world.desk, NAME)) if way == "renewed" else (lambda world: ask(world, 0))
    if way == "built again":
        monkeypatch.setattr(finding, "_MANY", 0)

    def prepared(name: str) -> World:
        world = World(tmp_path / name, template, lasting=True)
        if way == "built first":
            world.desk.finder.drop(world.vault)
        return world

    total = run(prepared("count"), act, 0)
    points = range(1, total + 1)
    if not request.config.getoption("--soak"):
        points = random.Random(way).sample(points, min(POINTS, total))
    for at in points:
        world = prepared(str(at))
        assert run(world, act, at) is None
        world.desk = world._desk()
        world.clock.advance(
            timedelta(minutes=1)
        )  # whoever was killed had entered by a clock that ticked in its own process
        assert [ask(world, number) for number in range(5)] == [1] * 5, at
        world.close()
    watched(f"look up, {way}", len(points), total)
