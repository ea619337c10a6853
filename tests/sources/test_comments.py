"""Comments: what a source itself says of its tables and columns reaches whoever classifies them."""

import sqlite3

import pyarrow as pa
import pytest
from pyarrow import parquet

from custody.adapters.sources.database import open_database
from custody.adapters.sources.parquet import ParquetSource
from custody.adapters.sources.sqlite import SqliteSource


@pytest.mark.part("postgresql")
def test_postgres_tells_its_comments(postgres):
    """COMMENT ON TABLE and ON COLUMN are told; a column without one is not named."""
    url, secret, run = postgres
    run(
        "CREATE SCHEMA IF NOT EXISTS noted", "CREATE TABLE noted.t (a int, b text)", "COMMENT ON TABLE noted.t IS '患者'",
        "COMMENT ON COLUMN noted.t.b IS '过敏史'",
    )  # fmt: skip
    source = open_database(url, secret)
    head = next(one for one in source.heads() if one.name == "noted.t")
    source.close()
    run("DROP SCHEMA noted CASCADE")
    assert (head.comments, head.comment) == ({"b": "过敏史"}, "患者")


@pytest.mark.part("mariadb")
def test_mariadb_tells_its_comments(mariadb):
    """COMMENT on a table and on its columns is told."""
    url, secret, run = mariadb
    run("CREATE TABLE noted (a int, b text COMMENT '过敏史') COMMENT = '患者'", database="shop")
    source = open_database(url, secret)
    head = next(one for one in source.heads() if one.name.endswith(".noted"))
    source.close()
    run("DROP TABLE noted", database="shop")
    assert (head.comments, head.comment) == ({"b": "过敏史"}, "患者")


def test_a_sqlite_statement_tells_what_stands_behind_its_columns(tmp_path):
    """SQLite keeps the statement that made a table, remarks and all."""
    path = tmp_path / "a.db"
    base = sqlite3.connect(path)
    base.execute('CREATE TABLE t ( -- 患者\n  id INTEGER, -- 主键\n  "gms x" TEXT, /* 过敏史 */\n  plain TEXT\n)')
    base.close()
    (head,) = SqliteSource(path, "a.db").heads()
    assert head.comments == {"id": "主键", "gms x": "过敏史"}


def test_a_parquet_field_tells_its_comment(tmp_path):
    """The note of a field in the file's own metadata is told."""
    fields = [pa.field("a", pa.string(), metadata={b"comment": "过敏史".encode()}), pa.field("b", pa.int64())]
    parquet.write_table(pa.table([["x"], [1]], schema=pa.schema(fields)), tmp_path / "a.parquet")
    (head,) = ParquetSource(tmp_path / "a.parquet", "a.parquet", "a").heads()
    assert {name: said for name, said in head.comments.items() if said} == {"a": "过敏史"}
