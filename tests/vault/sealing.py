"""A small company in files, and its sealing with next to nothing in memory: for tests of what lies aside meanwhile."""

import csv
from pathlib import Path

from custody.acts import crowd, rejects, resolve, settling
from custody.adapters.spill import sqlite as spill
from custody.services.datamap_accept import datamap_accept
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.vault_new import vault_new
from tests.vault.histories.world import World

SMALL = (
    (crowd, "MOST", 3),
    (resolve, "_HELD", 5),
    (rejects, "_HELD", 2),
    (settling, "_HELD", 2),
    (spill, "_CACHE_KB", 256),
)
"""What memory may hold: so little that a handful of people is many times as much."""
CLAIMED_TWICE, ORPHANS = 1, 3


def company(folder: Path, people: int) -> Path:
    """`people` customers with two orders each and a line on each order; one number that two customers claim, orders of nobody."""
    folder.mkdir()
    own = [
        [f"C{n:07d}", f"Kunde Nummer {n}", f"kunde{n}@example.cn", f"{1950 + n % 70}-0{1 + n % 9}-13", "gut"]
        for n in range(people)
    ]
    twice = [["C0000000", "Jemand Anders", "anders@example.cn", "1971-02-14", "neu"]] * CLAIMED_TWICE
    _write(folder / "customers.csv", ["customer_id", "name", "email", "birth_date", "note"], own + twice)
    orders = [
        [f"O{n:08d}", f"C{n * 7 % people:07d}", f"2025-0{1 + n % 9}-11", f"{n % 90}.50"] for n in range(2 * people)
    ]
    lost = [[f"O9{n:07d}", f"C9{n:06d}", "2025-01-11", "1.00"] for n in range(ORPHANS)]
    _write(folder / "orders.csv", ["order_id", "customer_id", "ordered_at", "amount"], orders + lost)
    lines = [[f"L{n:08d}", f"O{n:08d}", f"article {n % 40}"] for n in range(2 * people)]
    _write(folder / "order_lines.csv", ["line_id", "order_id", "article"], lines)
    return folder


def mapped(world: World, folder: Path) -> str:
    """The data map of the company, signed."""
    text = map_text(scan(world.desk.sources, [str(folder)]).datamap)
    datamap_accept(world.desk, text)
    return text


def sealed(world: World, folder: Path, text: str) -> dict:
    """Into a vault of its own."""
    vault_new(world.desk, "second", untried=False)
    return dict(seal(world.desk, text, [str(folder)], "second"))


def _write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([head, *rows])
