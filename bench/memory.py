"""Bytes of memory that deciding takes for each person, in a process of its own: `python bench/memory.py [FEW] [MANY]`.

What a gate holds, what ship, release and destroy decide anew, and what ship plans with. People as in `bench/gate.py`; a figure is the growth of
the highest mark of the process between FEW and MANY people, so that what a process holds anyway is left out.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from gate import MATTER, fill

from custody import wiring
from custody.acts.again import decide_again
from custody.acts.deciding import decide
from custody.acts.lawbook import packs
from custody.adapters.stores.sql import SqlStore

ON = date(2026, 3, 16)
STEADY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}


def gate(store: SqlStore) -> object:
    """All that a gate writes."""
    with store.write() as tx:
        (matter,) = tx.find("matter", id=MATTER)
        made, _ = decide_again(tx, matter, packs(wiring.laws()), ON)
        return made.blobs, made.root(), made.by_verdict()


def decided(store: SqlStore) -> object:
    """Person by person, as release and destroy ask for it, and the root they compare."""
    with store.read() as tx:
        (matter,) = tx.find("matter", id=MATTER)
        made = decide(tx, matter, packs(wiring.laws()), ON)
        return made, made.root()


def planned(store: SqlStore) -> object:
    """And the pages of who is cleared, as ship holds it while it copies."""
    with store.read() as tx:
        (matter,) = tx.find("matter", id=MATTER)
        made = decide(tx, matter, packs(wiring.laws()), ON)
        made.root()
        return made, made.pages_of(made.that({"hand_over", "wait"}))


ACTS: dict[str, Callable[[SqlStore], object]] = {"gate": gate, "decided again": decided, "planned by ship": planned}


def mark(name: str) -> int:
    """KB, as the kernel says."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def one(act: str, count: int) -> None:
    """Print the KB that the act took."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{Path(folder) / 'core.db'}")
        fill(store, count, 0)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        before = mark("VmRSS")
        kept = ACTS[act](store)
        print(mark("VmHWM") - before)
        del kept
        store.close()


def main() -> None:
    """A line of a table for each act."""
    few, many = (int(word) for word in (sys.argv[1:] or ("100000", "300000")))
    for act in ACTS:
        took = [
            int(subprocess.run([sys.executable, __file__, act, str(count)], check=True, capture_output=True, text=True,
                               env=os.environ | STEADY).stdout) for count in (few, many)
        ]  # fmt: skip
        print(
            f"| {act} | {took[0] >> 10} | {took[1] >> 10} | {(took[1] - took[0]) * 1024 // (many - few):,} |",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in ACTS:
        one(sys.argv[1], int(sys.argv[2]))
    else:
        main()
