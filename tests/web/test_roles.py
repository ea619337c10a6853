"""The lawyer, a department's clerk and the auditor do their part by browser, each from the first page to the last (A3, C2, D4, E5)."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from custody.cli.rehearsal.play import FACTS
from custody.model.party import PartyCard
from custody.services.verify import verify
from tests.web.company import DEAL, Company
from tests.web.roles import SOON, join, known

pytestmark = pytest.mark.part("browser")
PIPL = "《中华人民共和国个人信息保护法》第"
FASTER = "const real = window.setInterval; window.setInterval = (what, ms) => real(what, ms / 60);"
LOOK_ONLY = ("/ledger", "/copies", "/data", "/people", "/access", f"/deals/{DEAL}/overrides")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def waits(seller: Company, deal: str) -> Mapping[str, Any]:
    """A customer whom rules of Chinese law alone keep waiting."""
    for one in seller.told("suhe", "deal", "customers", deal, "--rule", "CN-PROVIDE-23", "--most", "60")["customers"]:
        found = seller.told("suhe", "verdict", deal, one["subject"])
        why = [reason for part in found["compartments"] for reason in part["reasons"]]
        if {reason["verdict"] for reason in why} == {"wait"} and all(
            reason["rule"].startswith("CN-") for reason in why
        ):
            return found
    raise AssertionError("nobody of the sample waits by Chinese law alone")


def test_the_lawyer_reads_sets_aside_and_is_the_second_person(seller, browser):
    """Open questions and verdicts with law and article are read; a rule is set aside for one customer; the owner's act is confirmed."""
    changed = {**FACTS, "event": {**FACTS["event"], "dd_data_disclosed": False}}
    deal = seller.deal(**changed)
    seller.told("suhe", "gate", deal)
    who = waits(seller, deal)["subject"]
    at = seller.as_("songwen", browser, factor=True)
    at.go(f"/deals/{deal}")
    at.press("事实")
    at.says("题没有答案")
    at.go(f"/deals/{deal}")
    at.follow(at.find("main td a[href$='rule=CN-PROVIDE-23']"))
    assert PIPL in at.find(".ph-t").text
    at.type("q", who)
    at.press("查找")
    at.follow(at.find("#verdicts a.mono"))
    reads(at)
    at.press("推翻一条规则")
    assert at.find("[name=subject]").get_attribute("value") == who
    sets_aside(seller, at, deal, who)
    confirms(seller, browser, deal)


def reads(at) -> None:
    """The verdict says by which article, what is missing in words, and how many are in the same case."""
    at.shot("03-verdict-lawyer")
    cites = [one.text for one in at.driver.find_elements(By.CSS_SELECTOR, ".quote cite")]
    assert cites
    assert all(one.startswith("《") and "》第" in one for one in cites), cites
    missing = [one.text for one in at.driver.find_elements(By.CSS_SELECTOR, ".fact b")]
    assert missing
    assert not [one for one in missing if one.isascii()], "a code stands where words should"
    assert at.find("main aside .dl a").text.endswith("位")


def sets_aside(seller: Company, at, deal: str, who: str) -> None:
    at.type("rule", "CN-PROVIDE-23")
    at.type("reason", "律师意见：第二十二条另有规定，见备忘录。")
    at.driver.execute_script(f"document.querySelector('[name=until]').value = '{SOON}'")
    at.press("先试运行")
    at.press("请第二个人确认")
    other = seller.as_("zhouning", at, factor=True)
    other.go(f"/deals/{deal}/overrides")
    other.type("code", seller.people["zhouning"].code())
    other.press("我确认")
    at = seller.as_("songwen", at)
    at.go(f"/deals/{deal}/overrides")
    at.type("code", seller.people["songwen"].code())
    at.type("ref", deal)
    at.press("推翻这条规则")
    at.says("推翻过的规则：1")
    at.shot("overrides-live")
    (one,) = seller.told("suhe", "override", "list", deal)["overrides"]
    assert (one["state"], one["by"], one["approved_by"], one["subject"]) == ("live", "songwen", "zhouning", who)


def confirms(seller: Company, browser, deal: str) -> None:
    """The owner breaks the deal off, and the lawyer is the second person."""
    at = seller.as_("suhe", browser, factor=True)
    at.go(f"/deals/{deal}/ends/deal-abort")
    at.find("input[value=financing]").click()
    at.press("先试运行")
    at.press("请第二个人确认")
    at = seller.as_("songwen", browser)
    at.go("/inbox")
    at.shot("lawyer-inbox")
    assert deal in at.text()
    at.go(f"/deals/{deal}/ends/deal-abort")
    at.shot("06-abort-lawyer")
    at.type("code", seller.people["songwen"].code())
    at.press("我确认")
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{deal}/ends/deal-abort")
    at.type("code", seller.people["suhe"].code())
    at.type("ref", deal)
    at.press("终止这笔交易")
    at.says("这笔交易已终止")
    assert not at.faults, "\n".join(at.faults)


def test_a_clerk_finds_asks_is_given_and_looks(seller, browser):
    """By a telephone number written oddly; what is refused leads to asking; the privacy officer gives it; it covers itself; a task is done."""
    phone, who = known(seller)
    join(seller, "hejing", "department")
    seller.told("zhouning", "department", "join", "hejing", "service", "--until", SOON)
    seller.told("zhouning", "training", "record", "hejing", "privacy", "--until", SOON)
    at = seller.as_("hejing", browser)
    at.go("/customers")
    at.shot("find")
    at.find("main [name=value]").send_keys(
        f"＋８６ {phone[:3]}-{phone[3:7]} {''.join(chr(ord(one) + 0xFEE0) for one in phone[7:])}"
    )
    at.submit(at.find("main form.card"))
    assert at.driver.current_url.endswith(who)
    at.shot("05-customer-covered")
    refused(at)
    assert row_of(at, "身份证号") is None
    at.press("申请授权")
    asks(at, who)
    given(seller, browser)
    covers(seller, browser, who)
    does(seller, browser)
    assert not at.faults, "\n".join(at.faults)


def look(at, purpose: str, reason: str) -> None:
    Select(at.find("[name=purpose]")).select_by_value(purpose)
    at.type("reason", reason)
    at.press("全部查看")


def refused(at) -> None:
    """For a purpose of another department nothing opens; for the own one, what is general."""
    look(at, "marketing", "想推荐新书")
    assert at.find("[data-slug]").get_attribute("data-slug") == "reveal.denied"
    at.complaints()  # the browser complains of the refusal itself
    look(at, "service", "快递退回，需核对地址")
    at.says("明文，一分钟后遮盖")
    assert row_of(at, "手机号")
    at.shot("05-customer-general")


def row_of(at, name: str) -> str | None:
    """What stands beside this name on the open card."""
    found = at.driver.find_elements(By.XPATH, f"//li[span[@class='n'][.='{name}']]/span[@class='value']")
    return found[0].text if found else None


def asks(at, who: str) -> None:
    assert at.find("#ask [name=subject]").get_attribute("value") == who
    assert at.find("#ask [name=purpose]").get_attribute("value") == "service"
    at.driver.execute_script(f"document.querySelector('#ask [name=until]').value = '{SOON}'")
    at.find("#ask [name=reason]").send_keys("核对退货人的证件")
    at.press("申请")
    assert "待批准" in at.text()
    at.shot("access-asked")


def given(seller: Company, browser) -> None:
    other = seller.as_("zhouning", browser, factor=True)
    other.go("/access")
    other.follow(other.driver.find_element(By.XPATH, "//tr[contains(., '核对退货人的证件')]//button[@value='give']"))
    assert "核对退货人的证件" in other.text()
    other.shot("access-given")


def covers(seller: Company, browser, who: str) -> None:
    """The sensitive part shows, counts down from 60 and is covered again without a press; the clock of the page alone runs faster."""
    at = seller.as_("hejing", browser)
    script = at.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FASTER})
    try:
        at.go(f"/customers/{who}")
        look(at, "service", "核对退货人的证件")
        assert row_of(at, "身份证号")
        assert at.find(".countdown").get_attribute("data-seconds") == "60"
        at.patience(30, lambda: at.driver.find_elements(By.CSS_SELECTOR, "form [name=reason]"))
    finally:
        at.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    at.says("内容都遮着")
    assert row_of(at, "身份证号") is None


def does(seller: Company, browser) -> None:
    """A task of hers is done, and is gone from her list."""
    owner = seller.as_("suhe", browser, factor=True)
    owner.go(f"/deals/{DEAL}/together")
    owner.type("title", "给退货的客户回电话")
    Select(owner.find("[name=whose]")).select_by_value("hejing")
    owner.press("添加任务")
    at = seller.as_("hejing", browser)
    at.go("/inbox")
    at.shot("clerk-inbox")
    form = at.driver.find_element(By.XPATH, "//li[contains(., '给退货的客户回电话')]//form")
    at.follow(form.find_element(By.CSS_SELECTOR, "button"))
    at.go("/inbox")
    at.find("#main")
    assert not at.driver.find_elements(By.XPATH, "//ul[@class='acts']/li[contains(., '给退货的客户回电话')]//form")


def test_the_auditor_reads_everything_and_changes_nothing(seller, browser, tmp_path):
    """Who saw a customer, what one person saw, why, copies, signed statements that verify, tables to take along; no form, no entry."""
    _, who = known(seller)
    seller.told("zhouning", "reveal", who, "--purpose", "contract", "--reason", "核对退货地址")
    join(seller, "gaoyu", "auditor")
    at = seller.as_("gaoyu", browser, factor=True)
    before = seller.told("suhe", "ledger", "list", "--most", "1")["size"]
    at.go(f"/customers/{who}")
    at.shot("05-customer-auditor")
    assert "核对退货地址" in at.find("main aside").text
    assert "您的角色看得到有哪些信息" in at.text()
    shown = table(at.download("导出"))
    assert [one for one in shown if "zhouning" in one and "核对退货地址" in one]
    at.follow(at.driver.find_element(By.XPATH, "//li[contains(., '核对退货地址')]//a[contains(@href, '/access/why/')]"))
    at.shot("why")
    assert "结果与记录相同" in at.text()
    at.go("/access/by/zhouning")
    at.shot("seen-by")
    assert at.driver.find_elements(By.XPATH, f"//tr[contains(., '核对退货地址')]//a[contains(@href, '{who}')]")
    assert [one for one in table(at.download("CSV")) if who in one and "核对退货地址" in one]
    searches(at)
    proves(at, tmp_path)
    for path in LOOK_ONLY:
        at.go(path)
        at.shot(f"auditor{path.replace('/', '-')}")
        forms = [
            one.get_attribute("outerHTML")[:200]
            for one in at.driver.find_elements(By.CSS_SELECTOR, "main form[method=post]")
        ]
        assert not forms, (path, forms)
    assert seller.told("suhe", "ledger", "list", "--most", "1")["size"] == before
    assert not at.faults, "\n".join(at.faults)


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def searches(at) -> None:
    """The ledger is searched by words, and its table holds more than a page."""
    at.go("/ledger")
    at.type("q", "添加操作人")
    at.press("查找")
    told = [one.text for one in at.driver.find_elements(By.CSS_SELECTOR, "#ledger tbody tr")]
    assert told
    assert all("添加操作人" in one for one in told)
    assert [one for one in table(at.download("CSV")) if "gaoyu" in one]


def proves(at, folder: Path) -> None:
    """A signed statement and the company's card, taken from the pages, verify without the console; a changed letter does not."""
    at.go("/people/parties")
    card = at.download("下载本公司名片")
    at.go(f"/deals/{DEAL}")
    statement = at.download("裁定")
    trusted = [PartyCard.from_json(json.loads(card.read_text(encoding="utf-8")))]
    result = verify([statement], trusted)
    assert not result.faults, result.faults
    envelope = json.loads(statement.read_text(encoding="utf-8"))
    envelope["payload"] = ("B" if envelope["payload"][0] != "B" else "C") + envelope["payload"][1:]
    forged = folder / "forged.dsse.json"
    forged.write_text(json.dumps(envelope), encoding="utf-8")
    assert verify([forged], trusted).faults
