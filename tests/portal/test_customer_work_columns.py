"""B4, E5: what customers have open is found in several columns, told where it is not looked for, and opened again when more comes."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import customer_work
from custody.acts.customer_work import TABLE, passed_over, take, watch
from custody.acts.desk import Desk
from custody.acts.handing import DESCRIPTOR
from custody.base.clock import stamp
from custody.package.contents import ColumnInfo, Contents, SchemaInfo, TableInfo, decode
from custody.services.receive import receive
from custody.services.release import release
from custody.services.work_close import work_close
from custody.services.work_list import work_list
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws
from tests.portal.passed_on import buyer, released

COLUMNS = ("单号", "order_status", "delivery_status", "state")


def table(name: str, role: str, *columns: str) -> TableInfo:
    """A table of a package; `state` is the part of an address where one is."""
    classes = {"state": "contact.region"}
    told = tuple(ColumnInfo(one, classes.get(one, "trade.order"), "ordinary", "ordinary") for one in columns)
    return TableInfo(name, role, "customer", told)


@pytest.fixture(scope="module")
def received(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hand-over that the buyer received a moment ago."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("columns") / "demo"))
    released(where)
    return where


def contents(where: Path, tables: tuple[TableInfo, ...], schemas: tuple[SchemaInfo, ...]) -> Contents:
    """What was delivered, with these tables in its place."""
    return replace(decode((where / "handover" / DESCRIPTOR).read_bytes()), tables=tables, schemas=schemas)


def come(desk: Desk, told: Contents, rows: list[tuple[int, int, tuple[str, ...]]]) -> bytes:
    """These rows (layout, number, values) of one customer, as `receive` sees them; whose."""
    with desk.spills.open() as spill, desk.store.write() as tx:
        (matter,) = tx.find("matter", ref=DEAL)
        who = bytes(
            tx.find("subject", order=("id",), vault=str(matter["vault"]), state="live", kind="customer")[0]["id"]
        )
        seen = watch(told, spill)
        for layout, number, values in rows:
            seen.see(who, layout, number, values)
        seen.flush()
        take(tx, matter, spill, stamp(desk.clock.now()))
    return who


def piece(desk: Desk, who: bytes, name: str) -> tuple[int, int, bool]:
    """(rows, unclear, whether it is open)."""
    with desk.store.read() as tx:
        (row,) = tx.find(TABLE, subject=who, tbl=name)
    return int(row["rows"]), int(row["unclear"]), not row["closed_at"]


@pytest.mark.parametrize("apart", [False, True], ids=["one-layout", "two-layouts"])
def test_b4_of_two_columns_a_row_is_open_while_either_is(received: Path, apart: bool):
    """Paid for and not delivered, delivered and not closed, both ended, one ended beside a word nobody knows; also where the columns are kept apart. The state of an address is no status."""
    name = f"两列_{apart}"
    both = [("shipped", "待发货"), ("processing", "已签收"), ("completed", "已签收"), ("completed", "七"), ("completed", "failed")]  # fmt: skip
    if apart:
        schemas = (SchemaInfo(1, name, 1, COLUMNS[:2], True), SchemaInfo(2, name, 2, COLUMNS[2:], False))
        rows = [part for at, (one, two) in enumerate(both) for part in ((1, at, ("", one)), (2, at, (two, "Zhejiang")))]
    else:
        schemas = (SchemaInfo(1, name, 1, COLUMNS, True),)
        rows = [(1, at, ("", one, two, "Zhejiang")) for at, (one, two) in enumerate(both)]
    with buyer(received) as desk:
        who = come(desk, contents(received, (table(name, "about", *COLUMNS),), schemas), rows)
        assert piece(desk, who, name) == (4, 1, True)


def test_b4_what_comes_later_opens_what_was_ended_again(received: Path):
    """A piece that is open grows; one that was ended is open with what came since alone; a later release with nothing open changes nothing."""
    told = contents(received, (table("后来", "about", "状态"),), (SchemaInfo(1, "后来", 1, ("状态",), True),))
    with buyer(received) as desk:
        who = come(desk, told, [(1, 1, ("待处理",)), (1, 2, ("七",))])
        come(desk, told, [(1, 3, ("待处理",))])
        assert piece(desk, who, "后来") == (3, 1, True)
        assert work_close(desk, "后来", "done")["closed"] == 1
        come(desk, told, [(1, 4, ("已完成",))])
        assert piece(desk, who, "后来") == (3, 1, False)
        come(desk, told, [(1, 5, ("待发货",))])
        assert piece(desk, who, "后来") == (1, 0, True)
        assert work_close(desk, "后来", "done")["closed"] == 1


def test_b4_a_table_that_may_say_how_a_matter_stands_and_is_not_read_is_named():
    """An unknown column, an order without any, a table that is not about people; what is read, how a person stands, and the state of an address are not named."""
    tables = (
        table("orders", "about", "order_status"), table("付款", "about", "支付状态"), table("售后单", "about", "单号"), table("字典", "reference", "状态"),
        table("会员", "subject", "状态"), table("地址", "about", "state"), table("浏览", "about", "页面"),
    )  # fmt: skip
    assert passed_over(tables) == [
        {"table": "付款", "why": "column", "columns": ["支付状态"]},
        {"table": "售后单", "why": "none", "columns": []},
        {"table": "字典", "why": "role", "columns": ["状态"]},
    ]


def test_b4_receive_and_the_list_of_work_name_what_was_passed_over(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With a list of columns that lacks the word of two tables, the lead reads both where the work stands, by deal; who is not of the deal reads neither."""
    where = Path(shutil.copytree(shipped, tmp_path / "demo"))
    known = customer_work._words()
    monkeypatch.setattr(customer_work, "_words", lambda: replace(known, columns=known.columns - {"状态"}))
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    over = [
        {"table": name, "why": "column", "columns": ["状态"]} for name in ("customer_care.工单", "customer_care.订阅")
    ]
    with buyer(where) as desk:
        told = receive(desk, DEAL, wiring.folder(where / "handover"))["unlisted"]
        assert sorted(told, key=str) == over
        assert work_list(desk, "")["unlisted"] == [{"deal": DEAL, **one} for one in told]
        assert "unlisted" not in work_list(desk, "", ("orders",))
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        store.execute(
            "UPDATE deal_member SET ended_at = '2026-01-01T00:00:00.000000Z' WHERE principal = (SELECT id FROM principal WHERE handle = 'yeqing')"
        )
    with at(where, "yeqing", "buyer") as desk:
        assert "unlisted" not in work_list(desk, "")
