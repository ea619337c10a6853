"""A shop owner with a browser and a GB18030 file, and nothing else."""

import json
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.web.sheets_tried import tried

pytestmark = pytest.mark.part("browser")

PASSPHRASE = "书屋门前有一棵老树"
HEAD = "会员号,姓名,手机,邮箱,出生日期,备注"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋"


def members(path: Path) -> Path:
    """Two hundred members in GB18030; one line lacks cells, one has a byte that is not of the encoding."""
    lines = [HEAD]
    lines += [
        f"QH{number:05d},{SURNAMES[number % 10]}{GIVEN[number // 10 % 10]},1380013{number:04d},m{number}@example.com,"
        f"{1960 + number % 40}-0{1 + number % 9}-1{number % 9},{'对花生过敏' if number % 5 == 0 else ''}"
        for number in range(200)
    ]
    lines[50] = "QH09999,只有两格"
    data = [line.encode("gb18030") for line in lines]
    data[80] = data[80] + b"\xff\xff"
    path.write_bytes(b"\r\n".join(data) + b"\r\n")
    return path


def test_from_an_empty_machine_to_the_gate_of_a_deal(served, browser, tmp_path):
    """First page, GB18030 file with broken lines, review, seal, deal, verdicts, one customer: no command line, no policy violation."""
    found_home(served, browser)
    bring_in(browser, members(tmp_path / "members.csv"))
    open_deal(browser)
    look_round(browser)
    assert not browser.faults, "\n".join(browser.faults)


def found_home(served, browser) -> None:
    """The first page."""
    browser.go(served.first)
    browser.says("开始使用")
    browser.shot("12-welcome")
    given = {
        "name_zh": "青禾书屋（杭州）有限公司",
        "shown": "苏禾",
        "handle": "suhe",
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
    }
    for name, text in given.items():
        browser.type(name, text)
    browser.press("建立")
    browser.says("从一笔交易开始")
    browser.shot("12-first-run")


def bring_in(browser, file: Path) -> None:
    """Upload, scan, review, sign, seal; figures add up."""
    browser.press("拖入文件")
    browser.says("数据从这里进来")
    browser.shot("data")
    browser.type("files", str(file))
    browser.press("开始扫描")
    browser.says("数据地图")
    assert "GB18030" in browser.text()
    assert "隔离 2 行" in browser.text()
    browser.go(browser.driver.current_url.removeprefix(browser.base) + "?show=all")
    browser.press("标为敏感")
    browser.shot("04-datamap")
    browser.press("撤销")
    browser.press("这张表全部确认")
    browser.press("签署数据地图")
    browser.says("数据地图已签署")
    browser.shot("signed")
    browser.press("封存")
    tried(browser)
    browser.press("封存")
    browser.says("已经封存")
    browser.shot("sealed")
    assert [one.text for one in browser.driver.find_elements(By.CSS_SELECTOR, ".figs b")] == ["200", "198", "2"]


def open_deal(browser) -> None:
    """Three facts, one question, verdicts whose totals are everybody, one customer's reasons."""
    browser.press("新建交易")
    browser.says("这是一笔什么交易")
    for leaf, value in {
        "deal.structure": "share_transfer",
        "seller.jurisdiction": "CN",
        "buyer.jurisdiction": "CN",
    }.items():
        Select(browser.find(f"[name='{leaf}']")).select_by_value(value)
    browser.shot("new")
    browser.press("新建")
    browser.find("[name=part]")
    browser.press("事实")
    browser.press("在一张表里填")
    browser.says("还有几个问题")
    browser.shot("facts")
    Select(browser.find(".q select:has(option[value=no])")).select_by_value("no")
    browser.press("保存")
    browser.find(".stages")
    browser.shot("02-deal-undecided")
    browser.press("裁定每位客户")
    browser.find(".vsum")
    browser.shot("02-deal")
    assert sum(int(one.text) for one in browser.driver.find_elements(By.CSS_SELECTOR, ".vsum b")) == 198
    browser.follow(browser.find(".tbl td a"))
    browser.follow(browser.find("a.mono"))
    browser.find(".dl")
    browser.shot("03-verdict")


def look_round(browser) -> None:
    """The board, and the other pages in English."""
    browser.go("/")
    browser.says("交易")
    browser.shot("01-deals")
    browser.go("/lang/en?next=/people")
    pages = {"/people": "Who may act here", "/copies": "Every copy of the data", "/people/parties": "Cards of the companies",
             "/ledger": "What happened", "/account/2fa/": "Two steps"}  # fmt: skip
    for path, words in pages.items():
        browser.go(path)
        browser.says(words)
        browser.shot(words.replace(" ", "-"))


def test_nothing_secret_is_in_the_consoles_database(served):
    """Neither passphrase nor key nor a customer's value is in console.db or its log."""
    data = b"".join(path.read_bytes() for path in served.home.glob("console.db*"))
    assert data
    for secret in (PASSPHRASE.encode(), "对花生过敏".encode(), "对花生过敏".encode("gb18030"), b"13800130"):
        assert secret not in data
    key = json.dumps((served.home / "keys" / "principals" / "suhe.key").read_bytes().hex())[1:65]
    assert bytes.fromhex(key) not in data
