"""A folder as a small company has it, and the command run over it."""

import json
import sqlite3
from pathlib import Path

import pytest

from custody.cli.main import main

CUSTOMERS = (
    "编号,姓名,手机,邮箱,备注\n"
    "K001,王芳,13800138001,wangfang@example.com,对花生过敏\n"
    "K002,李雷,13800138002,lilei@example.com,老客户\n"
    "K003,韩梅梅,13800138003,hanmeimei@example.com,\n"
    "K004,坏行\n"
)
ORDERS = "订单号,客户编号,收货地址,金额\n" + "".join(
    f"DD2024{number:04d},K00{number % 3 + 1},上海市浦东新区世纪大道{number}号,{number}.50\n" for number in range(1, 30)
)


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Customers in GB18030 with a broken line, orders in UTF-8, a database with a view, a picture."""
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "customers.csv").write_bytes(CUSTOMERS.encode("gb18030"))
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    base = sqlite3.connect(folder / "stock.db")
    base.execute("CREATE TABLE product (sku TEXT, title TEXT)")
    base.executemany("INSERT INTO product VALUES (?, ?)", [(f"SKU{number}", f"书 {number}") for number in range(9)])
    base.execute("CREATE VIEW cheap AS SELECT * FROM product")
    base.commit()
    base.close()
    return folder


@pytest.fixture
def custody(capsys):
    """Run a command; give (exit code, its JSON)."""

    def run(*words: object):
        code = main([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run
