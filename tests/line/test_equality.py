"""C8: what the buyer's database holds is what the seller's files said, found by a reader of its own."""

import csv
import io
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.conftest import act

TABLES = {"会员": ("会员.csv", "gb18030"), "orders": ("orders.csv", "utf-8")}


def test_c8_every_delivered_cell_equals_its_source_bytes(played: Path):
    """Read again with the standard library alone: no delivered cell differs from the source, in any table."""
    exported = played / "buyer" / "exports" / "customers.sqlite"
    for table in TABLES:
        compared, differences = compare(played / "shop", exported, table)
        assert compared > 100, table
        assert differences == [], table


@pytest.mark.parametrize("plant", ["changed", "swapped", "space"])
def test_c8_one_planted_fault_is_found_twice(played: Path, tmp_path: Path, plant: str):
    """One changed cell, one swapped pair, one lost trailing space: both this reader and `reconcile` name it."""
    spoilt = tmp_path / "customers.sqlite"
    shutil.copy(played / "buyer" / "exports" / "customers.sqlite", spoilt)
    table = _plant(spoilt, plant)
    _, differences = compare(played / "shop", spoilt, table)
    assert differences
    code, found = act(played, "buyer", "fanyuan", "reconcile", "D-2026-0001", "--target", spoilt)
    assert code == 1
    assert found["differing"] >= 1
    named = {one["row"] for one in next(t for t in found["tables"] if t["name"] == table)["differing"]}
    assert named == {row for row, _ in differences}


def compare(shop: Path, exported: Path, table: str) -> tuple[int, list[tuple[int, str]]]:
    """(cells compared, [(source row, column) that differ]) between source bytes and the exported table."""
    name, encoding = TABLES[table]
    header, rows = _source(shop / name, encoding)
    database = sqlite3.connect(exported)
    withheld = set(
        database.execute("SELECT source_row, column_name FROM custody_withheld WHERE table_name = ?", (table,))
    )
    numbers = [row[0] for row in database.execute(
        "SELECT source_row FROM custody_source_row WHERE table_name = ? ORDER BY position", (table,)
    )]  # fmt: skip
    cells = database.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()
    database.close()
    assert len(numbers) == len(cells)
    compared, differences = 0, []
    for number, found in zip(numbers, cells, strict=True):
        for column, value, wanted in zip(header, found, rows[number], strict=True):
            if (number, column) in withheld:
                assert value is None
                continue
            compared += 1
            if value != wanted:
                differences.append((number, column))
    return compared, differences


def _source(path: Path, encoding: str) -> tuple[list[str], dict[int, list[str]]]:
    """Header and {data row from 1: cells} of what can be read; a row that breaks takes only itself."""
    lines = list(_records(path.read_bytes()))
    header = next(csv.reader(io.StringIO(lines[0].decode(encoding))))
    rows = {}
    for number, raw in enumerate(lines[1:], start=1):
        try:
            cells = next(csv.reader(io.StringIO(raw.decode(encoding), newline="")), [])
        except UnicodeDecodeError:
            continue
        if len(cells) == len(header):
            rows[number] = cells
    return header, rows


def _records(data: bytes) -> Iterator[bytes]:
    """Lines, joined while a quote is open; a quote that never closes spoils its own line and no other."""
    held: list[bytes] = []
    for line in data.splitlines(keepends=True):
        held.append(line)
        if b"".join(held).count(b'"') % 2 == 0:
            yield b"".join(held)
            held = []
    yield from held


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
