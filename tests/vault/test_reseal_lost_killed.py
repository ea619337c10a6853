"""A5, A15: a buyer's re-seal is killed wherever it can be, and its disk is lost then: every received customer is there again (spec/vault.md §21).

Of two vaults, so that the backup which the re-seal makes can break off between their keys; what the mirror does not
know yet stays unknown.
"""

import os
import shutil
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from custody import wiring
from custody.base import ids
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.services.vault_new import vault_new
from tests.points import watched
from tests.vault.arriving_deal import DEAL, NAME, Arriving, readable, who
from tests.vault.histories.world import World
from tests.vault.test_kill import POINTS, chosen, run

PEOPLE, ERASED = 4, 3
EACH = {who(n): 0 if n == ERASED else 2 for n in range(PEOPLE)}
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")


@pytest.fixture(scope="module")
def received() -> Iterator[Arriving]:
    """Customers of two records each, one of whom was erased since the backup in place `a`; a vault of the company's own beside."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        made = Arriving(Path(folder), PEOPLE).ship().release(1, lambda _: True)
        made.receive()
        vault_new(made.world.desk, "own", untried=False)
        made.world.outside.prepare("a")
        assert backup(made.world.desk, "a")["ok"]
        erase(made.world.desk, [ids.subject_text(who(ERASED))], NAME)
        made.world.close()
        yield made


def fresh(received: Arriving, folder: Path) -> Arriving:
    """The same company in a folder of its own."""
    made = copy(received)
    shutil.copytree(received.root / "handover", folder / "handover")
    made.world = World(folder / "world", received.world, lasting=True)
    made.files = wiring.folder(folder / "handover")
    return made


def killed_at(received: Arriving, folder: Path, at: int) -> int | None:
    """The re-seal dies there; the disk goes; the backup comes back. How many places it passed, when it lived."""
    made = fresh(received, folder)
    points = run(made.world, lambda world: reseal(world.desk, DEAL, made.files), at)
    made.world.clock.advance(timedelta(hours=1))  # whatever the other process wrote lies behind
    made.world.reopen()
    made.world.lose()
    assert made.world.restore("a")["not_in_backup"] == {}
    assert readable(made, PEOPLE) == EACH, at
    assert vault_check(made.world.desk, NAME)["faults"] == [], at
    assert reseal(made.world.desk, DEAL, made.files)["records"] == 2 * (PEOPLE - 1), at
    assert readable(made, PEOPLE) == EACH, at
    assert vault_check(made.world.desk, NAME)["faults"] == [], at
    made.world.close()
    return points


def everywhere(received: Arriving, ground: Path, few: int | None) -> None:
    """At a seeded few of its places, or at each."""
    total = killed_at(received, ground / "whole", 0)
    assert total is not None
    assert total > POINTS
    for at in chosen("reseal, then lost", total, few or total):
        assert killed_at(received, ground / str(at), at) is None
    watched("reseal, then lost", min(few or total, total), total)


def test_a5_a_disk_lost_where_a_re_seal_was_killed_costs_nobody(received: Arriving, tmp_path: Path):
    """At a seeded few of its places."""
    everywhere(received, tmp_path, POINTS)


@pytest.mark.soak
def test_a5_a_disk_lost_at_every_place_of_a_re_seal_costs_nobody(received: Arriving, tmp_path: Path):
    """At each."""
    everywhere(received, tmp_path, None)
