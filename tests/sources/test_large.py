"""A million rows from a server, two hundred thousand from a workbook: streamed, in bounded memory, every row once."""

import resource
import sys
from pathlib import Path

import pytest
import xlsxwriter

from custody.adapters.sources.database import open_database
from custody.adapters.sources.workbook import WorkbookSource
from custody.ports.source import Source

MILLION = 1_000_000
UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10  # one megabyte in what the system counts


def counted(source: Source, table: str) -> tuple[int, float]:
    """(rows of a table, megabytes that reading it took beyond what was there)."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = sum(batch.data.num_rows for batch in source.read(table, lambda _: None))
    return rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / UNIT


@pytest.mark.soak
@pytest.mark.part("postgresql")
def test_a_million_rows_of_postgres_are_streamed(postgres):
    """A table of a million rows comes row by row and needs no memory of its size."""
    url, secret, run = postgres
    run("CREATE TABLE public.big AS SELECT n AS id, '客户' || n AS name, '1380000' || n AS phone FROM generate_series(1, 1000000) n")  # fmt: skip
    source = open_database(url, secret)
    rows, grown = counted(source, "public.big")
    assert rows == MILLION
    assert grown < 200
    source.close()


@pytest.mark.soak
@pytest.mark.part("mariadb")
def test_a_million_rows_of_mariadb_are_streamed(mariadb):
    """A table of a million rows comes row by row and needs no memory of its size."""
    url, secret, run = mariadb
    run("CREATE TABLE big AS SELECT seq AS id, CONCAT('客户', seq) AS name, CONCAT('1380000', seq) AS phone FROM seq_1_to_1000000", database="shop")  # fmt: skip
    source = open_database(url, secret)
    rows, grown = counted(source, "shop.big")
    assert rows == MILLION
    assert grown < 200
    source.close()


@pytest.mark.soak
def test_a_workbook_of_two_hundred_thousand_rows(tmp_path: Path):
    """A large sheet is read whole, in order."""
    path = tmp_path / "big.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("s")
        for row in range(200_001):
            sheet.write_row(row, 0, ["id", "name"] if not row else [f"{row:06d}", f"客户{row}"])
    source = WorkbookSource(path, "big.xlsx", "big")
    rows, _ = counted(source, "big.s")
    assert rows == 200_000
