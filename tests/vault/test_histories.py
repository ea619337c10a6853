"""A8, A5: whatever happens in whatever order, nobody comes back, nothing covered is lost, nothing held goes (spec/vault.md §9-22)."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.erasing import erase_subjects
from custody.acts.mirroring import mirrored
from custody.adapters.stores import alone
from custody.vault.page import SLOTS
from custody.vault.payload import pack
from tests.vault.histories import arrivals
from tests.vault.histories.play import Play
from tests.vault.histories.windows import Beside, WindowedPlay
from tests.vault.histories.world import World, lose_schema

SLICE = int(os.environ.get("CUSTODY_HISTORIES", "24"))
SERVED = max(3, SLICE // 8)
ALL = 2_000
OTHER = 500
"""Of each other kind of world in the soak; on a server, where each takes longer, a fifth of it."""
FIRST = 20260316
LEFT = 1
"""Slots that are left in the first page: whoever comes second begins another."""


@pytest.fixture(scope="module")
def ground():
    """A folder in memory where there is one: thousands of commits are synced in a history."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def template(ground: Path) -> World:
    """An empty vault that every history begins from."""
    made = World(ground / "template")
    made.close()
    return made


def play(seeds: range, ground: Path, template: World) -> None:
    """Each history in a folder of its own, which goes with it."""
    for seed in seeds:
        where = ground / str(seed)
        Play(seed, World(where, template)).run()
        shutil.rmtree(where)


def test_a8_random_histories_resurrect_nobody_and_lose_nothing(template: World, ground: Path):
    """A seeded slice: after every step of every history the judge finds nothing wrong."""
    play(range(FIRST, FIRST + SLICE), ground, template)


def test_a8_destroys_that_take_their_time_and_a_second_vault(
    template: World, ground: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nothing is final while an older root can come back, and what another vault does in the middle of a backup costs no place anything."""
    monkeypatch.setattr(alone, "WAIT_SECONDS", 0)
    for seed in range(FIRST, FIRST + max(3, SLICE // 4)):
        where = ground / f"windows-{seed}"
        WindowedPlay(seed, World(where, template, weather=Beside())).run()
        shutil.rmtree(where)


@pytest.fixture(scope="module")
def in_suite_2(ground: Path) -> World:
    """An empty vault that was made in the other suite."""
    made = World(ground / "template-2", suite=2)
    made.close()
    return made


@pytest.fixture(scope="module")
def worn(ground: Path) -> World:
    """A vault in whose pages all but a few slots were used once, so that a history soon begins another page."""
    made = World(ground / "template-worn")
    records = [(number, number, pack(0, ["word-before"])) for number in (1, 2)]
    people = add_people(made.desk, made.vault, [Newcomer("customer", records)] * (SLOTS - LEFT))
    with made.desk.store.write() as tx:
        erase_subjects(made.desk, tx, made.vault, people)
    mirrored(made.desk)
    made.close()
    return made


def test_a8_random_histories_hold_in_a_vault_of_suite_2_too(ground: Path, in_suite_2: World):
    """The same, from a vault that was made in the other suite."""
    play(range(FIRST + ALL, FIRST + ALL + SLICE // 4), ground, in_suite_2)


def test_a8_random_histories_hold_over_more_than_a_page_of_slots(ground: Path, worn: World):
    """The same, where the first page of every compartment fills up; some of them did begin another."""
    pages = 0
    for seed in range(FIRST + 2 * ALL, FIRST + 2 * ALL + SERVED):
        where = ground / str(seed)
        Play(seed, World(where, worn)).run(first=("seal",) * 4)
        with closing(sqlite3.connect(where / "home" / "core.db")) as store:
            pages += store.execute("SELECT count(*) FROM page WHERE page > 0").fetchone()[0]
        shutil.rmtree(where)
    assert pages > 0


def served(seeds: range, ground: Path, server: tuple[str, Path]) -> None:
    """Histories whose store is on a server and is lost with its whole schema."""
    url, secret = server
    for seed in seeds:
        where, at = ground / f"served-{seed}", (f"{url}?schema=history_{seed}", secret.read_bytes().strip())
        Play(seed, World(where, server=at)).run()
        shutil.rmtree(where)
        lose_schema(*at)


@pytest.mark.part("postgresql")
def test_a8_random_histories_hold_on_postgresql_too(store_server, ground: Path):
    """The same, with the store on a server and lost with its whole schema."""
    served(range(FIRST, FIRST + SERVED), ground, store_server)


def test_g5_random_histories_of_a_buyer_resurrect_nobody_and_lose_nothing(ground: Path):
    """Releases, recalls, re-seals and losses after which all that lies in the folder is received again (spec/package.md §5)."""
    arrivals.play(range(FIRST, FIRST + SERVED), ground)


@pytest.mark.soak
def test_g5_hundreds_of_histories_of_a_buyer(ground: Path):
    """The same."""
    arrivals.play(range(FIRST + SERVED, FIRST + OTHER), ground)


@pytest.mark.soak
def test_a8_two_thousand_histories(template: World, ground: Path):
    """The same over 2,000 histories."""
    play(range(FIRST + SLICE, FIRST + ALL), ground, template)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["in_suite_2", "worn"])
def test_a8_hundreds_of_histories_of_each_other_kind(kind: str, ground: Path, request: pytest.FixtureRequest):
    """In the other suite, and over more than a page of slots."""
    first = FIRST + (1 if kind == "in_suite_2" else 2) * ALL + SLICE
    play(range(first, first + OTHER), ground, request.getfixturevalue(kind))


@pytest.mark.soak
@pytest.mark.part("postgresql")
def test_a8_a_hundred_histories_on_postgresql(store_server, ground: Path):
    """With the store on a server."""
    served(range(FIRST + SERVED, FIRST + OTHER // 5), ground, store_server)
