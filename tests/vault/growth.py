"""In a process of its own: how much memory an act takes beyond what the process had, and how much data there is, in KB.

`python -m tests.vault.growth ACT SIZE FOLDER`.

Stretches are made small first, so that sizes at which a test is quick are many stretches long. The kernel's own high-water mark
is set back before the act and read after it: nothing that is allocated, by whatever library, is missed.
"""

import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from custody.acts import (
    arriving,
    backing,
    came,
    crowd,
    finding,
    key_backup,
    loading,
    rejects,
    resolve,
    settling,
    sorting,
    survey_records,
    taking_more,
)
from custody.acts.adding import Newcomer, add_people
from custody.adapters.finder import spool
from custody.adapters.finder.sqlite import SqliteFinder
from custody.adapters.spill import sqlite as spill
from custody.base import canonical
from custody.ports.finder import Tagged
from custody.services.backup import backup
from custody.services.lookup import lookup
from custody.vault.payload import pack
from tests.vault.arriving_deal import receiving, receiving_more
from tests.vault.growing_deal import gating
from tests.vault.growing_ledger import checking, publishing, verifying
from tests.vault.histories.world import NAME, World
from tests.vault.sealing import company, mapped, sealed

PEOPLE, WARM = 500, 1_000
SMALL = (
    (spool, "_HELD", 1 << 20), (loading, "_MANY", PEOPLE), (finding, "_NEAR", PEOPLE), (survey_records, "_BATCH", PEOPLE),
    (crowd, "MOST", PEOPLE), (resolve, "_HELD", PEOPLE), (rejects, "_HELD", PEOPLE), (settling, "_HELD", PEOPLE), (spill, "_CACHE_KB", 512),
    (sorting, "_NEAR", PEOPLE), (sorting, "_REMEMBERED", PEOPLE), (arriving, "_NEAR", PEOPLE), (came, "_NEAR", PEOPLE), (came, "_MANY", PEOPLE),
    (taking_more, "_NEAR", PEOPLE), (key_backup, "_MANY", PEOPLE), (backing, "_BATCH", PEOPLE),
)  # fmt: skip


def peak(act: Callable[[], object]) -> int:
    """KB of the highest mark during `act` above where it began."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _status("VmRSS")
    act()
    return _status("VmHWM") - before


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def building(folder: Path, size: int) -> Callable[[], object]:
    """A blind index of `size` tags, each of somebody else."""
    finder = SqliteFinder(folder / "index")

    def act() -> None:
        finder.begin("v", 1)
        for _ in range(0, size, 1000):
            finder.put(
                "v", 1, [Tagged("email/1", secrets.token_bytes(16), secrets.token_bytes(16)) for _ in range(1000)]
            )
        finder.finish("v", 1)

    return act


def _world(folder: Path, size: int) -> World:
    world = World(folder / "world", lasting=True)
    with world.desk.store.write() as tx:
        told = canonical.encode({"columns": ["m", "n"], "places": [0, 1], "home": True})
        tx.add("schema", [{"vault": world.vault, "number": 3, "tbl": "t", "compartment": 1, "columns": told}])
        listed = canonical.encode(
            {"columns": [["m", "contact.email", "general", "general"], ["n", "record.other", "general", "general"]]}
        )
        tx.add("tally", [{"vault": world.vault, "tbl": "t", "role": "subject", "kind": "customer", "met": 0, "sealed": 0,
                          "quarantined": 0, "source": "", "sha256": "", "columns": listed}])  # fmt: skip
    for start in range(0, size, PEOPLE):
        people = [
            Newcomer("customer", [(1, 3, pack(n, [f"k{n}@example.cn", "x" * 400]))])
            for n in range(start, start + PEOPLE)
        ]
        add_people(world.desk, world.vault, people)
    return world


def looking_up(folder: Path, size: int) -> Callable[[], object]:
    """The first look-up among `size` people, which makes the index."""
    world = _world(folder, size)
    return lambda: lookup(world.desk, "k7@example.cn", "email", NAME)["found"][0]


def restoring(folder: Path, size: int) -> Callable[[], object]:
    """A home of `size` people lost and restored, beside an index that outlived it."""
    world = _world(folder, size)
    lookup(world.desk, "k7@example.cn", "email", NAME)
    backup(world.desk, "a")
    (world.home / "index").rename(folder / "index")
    world.lose()
    (folder / "index").rename(world.home / "index")
    return lambda: world.restore("a")["facts_position"]


def sealing(folder: Path, size: int) -> Callable[[], object]:
    """A company of `size` customers in files, into a vault."""
    world, files = World(folder / "world", lasting=True), company(folder / "files", size)
    text = mapped(world, files)
    return lambda: sealed(world, files, text)["customers"]


ACTS = {"building": building, "gating": gating, "looking up": looking_up, "receiving": receiving,
        "receiving more": receiving_more, "restoring": restoring, "sealing": sealing,
        "publishing": publishing, "checking": checking, "verifying": verifying}  # fmt: skip

if __name__ == "__main__":
    for module, name, value in SMALL:
        setattr(module, name, value)
    what, many, where = sys.argv[1:]
    first, last = Path(where, "first"), Path(where, "last")
    for place in (first, last):
        place.mkdir()
    ACTS[what](first, WARM)()  # what a process loads and keeps when it does this at all
    act = ACTS[what](last, int(many))
    took = peak(act)
    sys.stdout.write(f"{took} {sum(each.stat().st_size for each in last.rglob('*') if each.is_file()) >> 10}")
