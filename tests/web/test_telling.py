"""Telling customers and answering them, in a browser: planned, looked at, approved, sent; taken in, read, decided (B1, B4)."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from custody.web.console.answers import nested
from tests.package.aged import opened
from tests.portal.campaigns import PLACES
from tests.running import port
from tests.web.company import DEAL, Company

pytestmark = pytest.mark.part("browser")
RELAY = Path(__file__).parents[1] / "portal" / "relay.py"


@pytest.fixture
def browser(chrome):
    return chrome.anew()


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """(HOST:PORT, folder) of a running relay."""
    folder = tmp_path / "relay"
    folder.mkdir()
    number = port()
    words = [sys.executable, str(RELAY), str(number), str(folder), "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield f"127.0.0.1:{number}", folder
        finally:
            process.kill()


@pytest.mark.part("smtp")
def test_b1_a_campaign_goes_out_after_a_second_person(seller, browser, relay):
    """Planning sends nothing, what is looked at is veiled, and after the approval each message is with the relay once; figures add up."""
    address, folder = relay
    facts = nested({**seller.told("suhe", "deal", "show", DEAL)["facts"], "seller.subjects_total": 10_000})
    deal = seller.deal(**facts)
    seller.told("zhouning", "gate", deal)
    at = seller.as_("zhouning", browser, factor=True)
    at.go("/campaigns")
    assert "{contents}" in at.find("[name=text]").get_attribute(
        "value"
    )  # the place where what the law asks for is listed
    Select(at.find("[name=deal]")).select_by_value(deal)
    for name, text in {
        "sender": "privacy@shop.example",
        "subject": "书屋转让告知",
        "text": "我们要转让书屋，请您看一看。{contents}",
        "pages": "https://you.shop.example",
    }.items():
        at.type(name, text)
    at.press("计划，不发送")
    assert "{necessity: }" in at.find("[name=text]").get_attribute("value")  # a place for what the words lack
    at.complaints()  # the browser complains of the refusal itself
    at.type("text", f"我们要转让书屋，请您看一看。{PLACES}")
    at.press("计划，不发送")
    ref = at.driver.current_url.rsplit("/", 1)[1]
    assert not list(folder.glob("*.eml"))
    assert "书屋转让告知" in at.text(), at.find("main").text[:1500]
    names_relay(at, address)
    at.press("请第二个人确认")
    content = at.find("[name=content]").get_attribute("value")
    seller.told("suhe", "approve", "campaign", content)
    at.go(f"/campaigns/{ref}")
    at.shot("campaign")
    stops(at, seller, folder, ref)
    at.press("请第二个人确认")
    begins(at, seller, ref, "0")
    at.patience(120, lambda: at.driver.current_url.endswith(ref))
    told = seller.told("suhe", "campaign", "show", ref)
    assert told["counts"]["sent"] == len(list(folder.glob("*.eml"))) > 0
    assert told["counts"]["planned"] == 0
    figures = [one.text for one in at.driver.find_elements(By.CSS_SELECTOR, ".diff td.num")]
    *parts, total = [int(one.replace(",", "")) for one in figures]
    assert sum(parts) == total == told["people"]
    at.go("/campaigns")
    at.shot("campaigns")
    assert not at.faults, "\n".join(at.faults)


def names_relay(at, address: str) -> None:
    """Nothing is to be confirmed before it has a relay; what was typed wrongly comes back."""
    assert not at.driver.find_elements(By.CSS_SELECTOR, "button[value=ask]")
    at.type("relay", "no relay")
    at.press("记下，待确认")
    assert at.find("[name=relay]").get_attribute("value") == "no relay"
    at.complaints()  # the browser complains of the refusal itself
    Select(at.find("[name=security]")).select_by_value("none")
    at.type("relay", address)
    at.press("记下，待确认")
    assert address in at.text()
    at.shot("campaign-relay")


def begins(at, seller: Company, ref: str, per_minute: str) -> None:
    for name, text in {"ref": ref, "code": seller.people["zhouning"].code(), "per_minute": per_minute}.items():
        at.type(name, text)
    at.press("开始发送")


def stops(at, seller: Company, folder: Path, ref: str) -> None:
    """One message a second, stopped after some: what had gone is entered, nothing is in doubt, and the page says so."""
    begins(at, seller, ref, "60")
    at.patience(60, lambda: len(list(folder.glob("*.eml"))) > 1)
    at.shot("campaign-sending")
    at.press("停下")
    at.patience(60, lambda: "已停下" in at.text())
    went = len(list(folder.glob("*.eml")))
    at.press("继续")
    assert "有人按了停下" in at.text()
    at.shot("campaign-stopped")
    stood = seller.told("suhe", "campaign", "show", ref)["counts"]
    assert (stood["sent"], stood["sending"]) == (went, 0)
    assert stood["planned"] > 0


def packed(at, ref: str) -> None:
    """The answer is packed on the request's own page; the file that is downloaded opens with the passphrase that stands there once, and nothing of it is kept."""
    at.go(f"/requests/{ref}")
    at.press("把答复打包")
    at.shot("request-pack")
    at.press("打包")
    at.shot("request-packed")
    at.complaints()
    secret = at.find("#passphrase").text
    sealed = at.download("下载加密文件").read_bytes()
    with zipfile.ZipFile(io.BytesIO(opened(sealed, secret))) as file:
        assert any(ref in file.read(name).decode() for name in file.namelist() if name.endswith(".json"))
    at.go(f"/requests/{ref}")
    assert secret not in at.source()
    assert "答复已打包" in at.find("#acts").text


def wiped(at, seller: Company, ref: str, subject: str) -> None:
    """A rehearsal changes nothing; the press after it erases, and the request says so."""
    at.go(f"/requests/{ref}")
    at.press("删除这位客户")
    at.press("先试运行")
    assert subject in at.text()
    at.shot("request-erase")
    at.complaints()
    assert seller.told("zhouning", "erase", subject, "--dry-run")["slots"] > 0
    at.submit(at.find("#act"), "button.btn[value=do]")
    assert "全部删除" in at.find("#acts").text
    assert seller.told("zhouning", "erase", subject, "--dry-run")["already"] == 1


def test_b4_a_request_is_taken_in_read_and_answered_with_its_law(seller, browser):
    """Its clock is shown, its words are entered before they show, a refusal names its rule, and ticked ones are answered together."""
    at = seller.as_("zhouning", browser)
    listed = seller.told("suhe", "deal", "customers", DEAL, "--verdict", "hand_over", "--most", "3")["customers"]
    refs = dict[str, str]()  # others of these customers may be open from other tests
    for one, kind in zip(listed, ("copy", "delete", "access"), strict=True):
        at.go("/requests")
        for name, value in (("kind", kind), ("channel", "desk"), ("proof", "in-person")):
            Select(at.find(f"[name={name}]")).select_by_value(value)
        at.type("subject", one["subject"])
        at.type("note", "我想看看你们存了什么")
        at.press("录入")
        refs[one["subject"]] = ref = at.driver.current_url.rsplit("/", 1)[1]
    assert "我想看看" not in at.text()
    at.press("读客户写了什么")
    assert "我想看看" in at.text()
    at.shot("request")
    Select(at.find("[name=told]")).select_by_value("phone")
    at.type("why", "请补充是哪一个账号")
    at.press("调整期限")
    assert (
        at.find("[data-slug]").get_attribute("data-slug") == "request.pause"
    )  # no law that binds here has a clock that stops
    Select(at.find("[name=state]")).select_by_value("refused")
    at.press("答复")
    assert at.find("[data-slug]").get_attribute("data-slug") == "request.rule"
    at.complaints()
    at.go("/requests?show=open")
    for box in at.driver.find_elements(By.CSS_SELECTOR, "[name=ref]"):
        box.click()
    at.shot("requests")
    shown = at.text()
    assert "依法及时办理" in shown
    assert "推荐性标准（不是法律）" in shown
    at.press("答复")
    assert at.find("[data-slug]").get_attribute("data-slug") == "request.undone"
    at.complaints()
    told = {
        one["subject"]: one for one in seller.told("suhe", "request", "list")["requests"] if one["ref"] in refs.values()
    }
    assert told[listed[1]["subject"]]["state"] == "open"
    at.go(f"/requests/{told[listed[1]['subject']]['ref']}")
    assert "还没有办" in at.find("#acts").text
    at.shot("request-undone")
    for one in (listed[0], listed[2]):
        packed(at, told[one["subject"]]["ref"])
    wiped(at, seller, told[listed[1]["subject"]]["ref"], listed[1]["subject"])
    at.go("/requests?show=open")
    for one in listed:  # and nothing that other tests left open
        at.find(f"[name=ref][value='{told[one['subject']]['ref']}']").click()
    at.press("答复")
    told = seller.told("suhe", "request", "list")["requests"]
    assert {one["state"] for one in told if one["ref"] in refs.values()} == {"granted"}
    assert ref in {one["ref"] for one in told}
    assert not at.faults, "\n".join(at.faults)


def test_b2_consents_of_before_are_taken_in_and_silence_is_quarantined(seller, browser, tmp_path: Path):
    """A list by file: what is whole is taken in, the line of silence is shown by number and reason; the same list again changes nothing."""
    listed = seller.told("suhe", "deal", "customers", DEAL, "--most", "2")["customers"]
    facts = nested({**seller.told("suhe", "deal", "show", DEAL)["facts"], "seller.subjects_total": 20_000})
    deal = seller.deal(**facts)
    file, line = tmp_path / "consents.csv", "{},consent.marketing,{},2024-05-01 10:00,m1,我们可以给您发推广吗？,zh,web"
    rows = [line.format(one["subject"], act) for one, act in zip(listed, ("refused", "默认"), strict=True)]
    file.write_text(
        "subject,question,act,at,version,text,language,channel\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    at = seller.as_("zhouning", browser)
    for taken, known in ((1, 0), (0, 1)):
        at.go(f"/deals/{deal}/answers")
        at.type("consents", str(file))
        at.follow(at.find("#before button[type=submit]"))
        assert f"录入 {taken}，早已在案 {known}，隔离 1" in at.text()
        assert "沉默、默认或推定，不是同意" in at.text()
    at.shot("consents")
    told = seller.told("zhouning", "consent-record", deal, listed[0]["subject"])
    assert "refused" in {event["event_state"] for one in told["records"] for event in one["events"]}
    assert not at.faults, "\n".join(at.faults)
