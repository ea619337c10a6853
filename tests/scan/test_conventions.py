"""Exports of well-known shops and customer systems are read as what they are, and the reason says so."""

from pathlib import Path

import pytest

from custody.classify.conventions import conventions, recognise
from custody.classify.taxonomy import classes

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Subtotal,Total,Lineitem name,Lineitem sku,"
    "Billing Name,Billing Address1,Billing Zip,Shipping Name,Shipping Address1,Shipping Phone,Notes\n"
    + "".join(
        f"#10{number:02d},buyer{number}@example.com,paid,2024-05-{number % 28 + 1:02d} 10:00:00 +0800,fulfilled,yes,{number}.00,{number}.50,Mug,M-1,"
        f"Ann Lee,{number} High Street,W1A 1AA,Ann Lee,{number} High Street,+4477009001{number:02d},\n"
        for number in range(30)
    )
)
TAOBAO = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,总金额,订单状态,买家留言,收货人姓名,收货地址,联系手机,订单创建时间,宝贝标题,物流单号\n"
    + "".join(
        f"8{number:017d},tb{number},1380013{number:04d},10.00,10.00,交易成功,,王芳,浙江省 杭州市 西湖区 文三路{number}号,'1380013{number:04d},2024-05-01 10:00:00,书,YT{number:013d}\n"
        for number in range(40)
    )
)


def test_a_shopify_order_name_is_no_name(tmp_path: Path, custody):
    """`Name` in a Shopify order export is the order's number; the reason names the convention."""
    (tmp_path / "orders_export.csv").write_text(SHOPIFY, encoding="utf-8")
    code, found = custody("scan", tmp_path / "orders_export.csv", "-o", tmp_path / "map.yaml")
    assert code == 0
    told = {one["name"]: one["class"] for one in found["tables"][0]["columns"]}
    assert told["Name"] == "trade.order_id"
    assert told["Billing Name"] == told["Shipping Name"] == "name.full"
    assert told["Accepts Marketing"] == "taste.marketing"
    assert found["tables"][0]["role"] != "reference"
    assert "Shopify order export: Name" in (tmp_path / "map.yaml").read_text(encoding="utf-8")


def test_taobao_orders_in_gb18030(tmp_path: Path, custody):
    """A Taobao order export in GB18030 under the name .xls is read, and its columns are known."""
    (tmp_path / "ExportOrderList.xls").write_bytes(TAOBAO.encode("gb18030"))
    code, found = custody("scan", tmp_path / "ExportOrderList.xls")
    assert code == 0
    told = {one["name"]: one["class"] for one in found["tables"][0]["columns"]}
    assert (told["买家会员名"], told["联系手机"], told["收货人姓名"], told["物流单号"]) == (
        "account.username", "contact.phone", "name.full", "trade.tracking",
    )  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        ["Name", "Email", "Phone", "Total", "Notes"],
        ["id", "name", "email", "city", "status", "date"],
        ["订单编号", "收货人姓名", "联系手机", "收货地址", "订单状态"],
        ["Financial Status", "Fulfillment Status", *[f"x{number}" for number in range(40)]],
        [],
    ],
)
def test_common_columns_make_no_convention(names: list[str]):
    """Columns that anybody might have, or a few telling ones among many others, follow no convention."""
    assert recognise(names) is None


def test_every_convention_recognises_itself():
    """Each convention's own columns are recognised as its own, and every class it names exists."""
    for one in conventions():
        assert recognise(list(one.columns)) is one
        assert set(one.columns.values()) <= set(classes())
