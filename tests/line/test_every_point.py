"""C11, A5: each command of the line, killed at its points, and given again: the same rows, evidence and files as if nothing had been."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from custody.cli.rehearsal.demo import DEALS, Rehearsal
from custody.cli.rehearsal.half import Half
from tests.line.crashes import SEED
from tests.line.walking import Choose, Forks, Walked

CUSTOMERS = 24
DAILY = float(os.environ.get("CUSTODY_CRASH_SHARE", "0.03"))
"""Which part of all points is for every day; the soak has all of them."""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Where commands die."""
    made = Forks()
    yield made
    made.close()


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder in memory where there is one: each kill copies both homes."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def walk(forks: Forks, ground: Path, deal: str, choose: Choose) -> tuple[dict[str, Any], dict[str, int]]:
    """Play the line, killing each command where `choose` says; the summary, and how many points each passed."""
    met, faults = dict[str, int](), list[str]()
    walked = type(
        "Here",
        (Walked,),
        {"forks": forks, "ground": ground, "choose": staticmethod(choose), "met": met, "faults": faults},
    )

    class Watched(Rehearsal):
        def half(self, name: str, other: str) -> Half:
            where = self.where.resolve()
            made: Half = walked(name, where / name, where / other, self.lang)
            return made

    summary = Watched(ground / "demo", None, CUSTOMERS, "en", lambda _: None).run(DEALS[deal])
    assert not faults, "\n".join(faults)
    return summary, met


def few(name: str, points: int) -> list[int]:
    """A seeded few of the points of a command."""
    dice = random.Random(f"{SEED}-{name}")
    return [one for one in range(1, points + 1) if dice.random() < DAILY]


@pytest.mark.parametrize("deal", DEALS)
def test_c11_a_command_of_the_line_that_is_killed_is_whole_when_it_is_given_again(
    deal: str, forks: Forks, ground: Path
):
    """At a seeded few of all points of the line, of a hand-over as of a change of control."""
    summary, met = walk(forks, ground, deal, few)
    assert (summary["customers"], summary["verified"]) == (CUSTOMERS, True)
    assert sum(map(len, map(few, met, met.values()))) > 5


@pytest.mark.soak
@pytest.mark.parametrize("deal", DEALS)
def test_c11_every_point_of_every_command_of_the_line(deal: str, forks: Forks, ground: Path):
    """At each of them."""
    summary, met = walk(forks, ground, deal, lambda _, points: range(1, points + 1))
    assert (summary["customers"], summary["verified"]) == (CUSTOMERS, True)
    assert sum(met.values()) > 200
