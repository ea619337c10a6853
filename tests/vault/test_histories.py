"""A8, A5: whatever happens in whatever order, nobody comes back, nothing covered is lost, nothing held goes (spec/vault.md §9-22)."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.vault.histories.play import Play
from tests.vault.histories.world import World

SLICE = int(os.environ.get("CUSTODY_HISTORIES", "24"))
SERVED = max(3, SLICE // 8)
ALL = 2_000
FIRST = 20260316


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


def test_a8_random_histories_hold_in_a_vault_of_suite_2_too(ground: Path):
    """The same, from a vault that was made in the other suite."""
    with_sm = World(ground / "template-2", suite=2)
    with_sm.close()
    play(range(FIRST + ALL, FIRST + ALL + SLICE // 4), ground, with_sm)


@pytest.mark.part("postgresql")
def test_a8_random_histories_hold_on_postgresql_too(store_server, ground: Path):
    """The same, with the store on a server and lost with its whole schema."""
    url, secret = store_server
    for seed in range(FIRST, FIRST + SERVED):
        where = ground / f"served-{seed}"
        Play(seed, World(where, server=(f"{url}?schema=history_{seed}", secret.read_bytes().strip()))).run()
        shutil.rmtree(where)


@pytest.mark.soak
def test_a8_two_thousand_histories(template: World, ground: Path):
    """The same over 2,000 histories."""
    play(range(FIRST + SLICE, FIRST + ALL), ground, template)
