"""C8: what the buyer's database holds is what the seller's files said, found by a reader of its own."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.line.conftest import act
from tests.line.equality import everything
from tests.line.independent import compare, tables

ENCODINGS = {"会员.csv": "gb18030"}
TITLES = {"订阅": 1}


def test_c8_every_delivered_cell_equals_its_source_bytes(played: Path, summary: dict):
    """Read again with the standard library alone: no delivered cell of any table differs from the source."""
    sources = tables(played / "shop", ENCODINGS, TITLES)
    everything(played, sources, summary)


@pytest.mark.parametrize("plant", ["changed", "swapped", "space"])
def test_c8_one_planted_fault_is_found_twice(played: Path, tmp_path: Path, plant: str):
    """One changed cell, one swapped pair, one lost trailing space: both this reader and `reconcile` name it."""
    spoilt = tmp_path / "customers.sqlite"
    shutil.copy(played / "buyer" / "exports" / "customers.sqlite", spoilt)
    table = _plant(spoilt, plant)
    _, differences = compare(tables(played / "shop", ENCODINGS, TITLES)[table], spoilt, table)
    assert differences
    code, found = act(played, "buyer", "fanyuan", "reconcile", "D-2026-0001", "--target", spoilt)
    assert code == 1
    assert found["differing"] >= 1
    named = {one["row"] for one in next(t for t in found["tables"] if t["name"] == table)["differing"]}
    assert named == {row for row, _ in differences}


def _plant(path: Path, plant: str) -> str:
    database = sqlite3.connect(path)
    table = "会员" if plant == "space" else "orders"
    if plant == "changed":
        database.execute("UPDATE orders SET qty = qty || '0' WHERE rowid = 3")
    elif plant == "swapped":
        one, other = (database.execute("SELECT amount FROM orders WHERE rowid = ?", (n,)).fetchone()[0] for n in (4, 9))
        assert one != other
        database.execute("UPDATE orders SET amount = ? WHERE rowid = 4", (other,))
        database.execute("UPDATE orders SET amount = ? WHERE rowid = 9", (one,))
    else:
        columns = [row[1] for row in database.execute('PRAGMA table_info("会员")')]
        found = next(
            (row, column)
            for column in columns
            for (row,) in database.execute(f'SELECT rowid FROM "会员" WHERE "{column}" LIKE "% " LIMIT 1')
        )
        database.execute(f'UPDATE "会员" SET "{found[1]}" = rtrim("{found[1]}") WHERE rowid = ?', (found[0],))
    database.commit()
    database.close()
    return table


def test_c8_a_changed_cell_is_named_by_its_column(played: Path, tmp_path: Path):
    """Not all columns that were sealed together, the one that differs."""
    spoilt = tmp_path / "customers.sqlite"
    shutil.copy(played / "buyer" / "exports" / "customers.sqlite", spoilt)
    _plant(spoilt, "changed")
    _, found = act(played, "buyer", "fanyuan", "reconcile", "D-2026-0001", "--target", spoilt)
    (one,) = next(t for t in found["tables"] if t["name"] == "orders")["differing"]
    assert one["columns"] == ["qty"]


@pytest.mark.parametrize(
    ("change", "extra"),
    [
        ("CREATE TABLE notes (a)", {"table": "notes", "column": ""}),
        ("CREATE VIEW shown AS SELECT * FROM orders", {"table": "shown", "column": ""}),
        ("ALTER TABLE orders ADD COLUMN margin", {"table": "orders", "column": "margin"}),
    ],
)
def test_c8_what_nobody_delivered_is_found(played: Path, tmp_path: Path, change: str, extra: dict):
    """A table, a view or a column that the export did not write is named."""
    spoilt = tmp_path / "customers.sqlite"
    shutil.copy(played / "buyer" / "exports" / "customers.sqlite", spoilt)
    with sqlite3.connect(spoilt) as store:
        store.execute(change)
    code, found = act(played, "buyer", "fanyuan", "reconcile", "D-2026-0001", "--target", spoilt)
    assert (code, found["extra"], found["differing"]) == (1, [extra], 1)
