"""A department's clerk and the auditor do their whole work by keys alone, from signing in; pages are read in English by axe-core on the way, at both widths (D4, E5)."""

import csv
import io
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.web.actor import Actor
from tests.web.company import DEAL, Company
from tests.web.hands import Hands
from tests.web.roles import SOON, join, known, members

pytestmark = pytest.mark.part("browser")
NEAR = 14  # steps past the menus that a page's main thing may be away
WHY = "快递退回，需核对地址"


@pytest.fixture
def hands(chrome):
    """With nobody signed in."""
    made = Hands(chrome.anew())
    yield made
    chrome.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def enters(seller: Company, hands: Hands, handle: str, role: str, width: int):
    """Somebody new signs in by keys: the page has its first field ready."""
    join(seller, handle, role)
    browser = Actor(hands.browser, seller.served.base, handle, "").turn()
    hands.width(width)
    browser.go("/account/login/")
    hands.lands("[name=login]")
    hands.press(handle, Keys.TAB, f"a passphrase of {handle}")
    hands.enter()
    browser.says("交易")
    return browser


def menu(hands: Hands, group: str, page: str = "") -> None:
    """Through the menu, opened where it is folded, to a group and then to one of its pages."""
    for path in (group, page) if page else (group,):
        hands.fresh()
        hands.to(".brand")
        if hands.browser.find(".menu-btn").is_displayed():
            hands.to(".menu-btn")
            hands.press(Keys.SPACE)
        hands.follow(f"#nav a[href='{path}']")


def whole(hands: Hands) -> None:
    """Nothing was far, and neither the browser nor axe-core complained."""
    far = {name: steps for name, steps in hands.tabs.items() if steps > NEAR}
    assert not far, far
    assert not hands.browser.faults, "\n".join(hands.browser.faults)


def test_a3_a_clerk_works_by_keys_alone(seller, hands):
    """By telephone and by name to the covered card; a minute's look; a value corrected and taken back; a request taken in and found on the list."""
    phone, who = known(seller)
    name = next(row["姓名"] for row in members(seller) if row["手机号"] == phone)
    browser = enters(seller, hands, "linxi", "department", 390)
    seller.told("zhouning", "department", "join", "linxi", "service", "--until", SOON)
    seller.told("zhouning", "training", "record", "linxi", "privacy", "--until", SOON)
    finds(hands, phone, name, who)
    looks(hands)
    corrects(hands, who)
    registers(hands, seller, who)
    menu(hands, "/customers", "/freshness")
    hands.walk("work list", "main input[type=search], main a")
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "main [value=review]"), "offered to who may not"
    whole(hands)


def finds(hands: Hands, phone: str, name: str, who: str) -> None:
    browser = hands.browser
    menu(hands, "/customers")
    hands.walk("find", "main [name=value]")
    hands.skip()
    if not hands.on("main [name=value]"):
        hands.to("main [name=value]")
    hands.press(name)
    hands.enter()  # one of that name leads to the card, several are listed
    if not browser.driver.current_url.split("#")[0].endswith(who):
        hands.to(f"main a[href='/customers/{who}']")
        hands.enter()
    menu(hands, "/customers")
    hands.give("main [name=value]", f"+86 {phone[:3]}-{phone[3:7]} {phone[7:]}")
    hands.enter()
    assert browser.driver.current_url.split("#")[0].endswith(who)
    hands.walk("card", "main [name=reason]")


def looks(hands: Hands) -> None:
    """Purpose and reason, what shows, and covering it before its minute is over."""
    browser = hands.browser
    hands.skip()
    hands.to("main [name=purpose]")
    hands.pick("main [name=purpose]", "service")
    hands.give("main [name=reason]", WHY)
    hands.enter()
    assert browser.find("[data-slug]").get_attribute("data-slug") == "reveal.none"
    browser.complaints()  # of the refusal itself
    hands.to("main [name=field][value$='手机号']")
    hands.press(Keys.SPACE)
    hands.follow("#look .btn-1")
    assert browser.find(".countdown").get_attribute("data-seconds") == "60"
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".fields .value")
    hands.skip()
    if not hands.on("main .note a[href^='/customers/']"):
        hands.to("main .note a[href^='/customers/']")
    hands.enter()
    browser.says("内容都遮着")
    assert WHY in browser.find("main aside .tl .see").text


def corrects(hands: Hands, who: str) -> None:
    """A name at the customer's word, and back again."""
    browser = hands.browser
    hands.follow(f".ph-a a[href='/customers/{who}/correct']")
    hands.walk("correct", "main [name=place]")
    options = browser.driver.find_elements(By.CSS_SELECTOR, "[name=place] option")
    place = next(one.get_attribute("value") for one in options if ":会员:姓名" in (one.get_attribute("value") or ""))
    hands.choose("main [name=place]", place)
    hands.choose("main [name=channel]", "desk")
    hands.give("main [name=value]", "何静")
    hands.choose("main [name=proof]", "in-person")
    hands.follow("[name=step][value=new]")
    assert browser.driver.current_url.split("#")[0].endswith(who)
    assert "更正已办妥" in browser.find("main aside .tl").text
    hands.follow(f".ph-a a[href='/customers/{who}/correct']")
    hands.give("main [name=reason]", "不是本人打的电话")
    hands.enter()
    assert "更正已撤回" in browser.find("main aside .tl").text


def registers(hands: Hands, seller: Company, who: str) -> None:
    """The customer is filled in; what they said is kept sealed, and a clerk is offered no decision."""
    browser = hands.browser
    hands.follow(f".ph-a a[href^='/requests?subject={who}']")
    assert browser.find("#new [name=subject]").get_attribute("value") == who
    hands.choose("#new [name=deal]", DEAL)
    hands.choose("#new [name=kind]", "access")
    hands.choose("#new [name=channel]", "desk")
    hands.choose("#new [name=proof]", "in-person")
    hands.give("#new [name=note]", "想知道你们存了什么")
    hands.follow("#new button")
    ref = browser.driver.current_url.split("#")[0].rsplit("/", 1)[1]
    told = seller.told("suhe", "request", "list")["requests"]
    assert [one["kind"] for one in told if (one["ref"], one["subject"]) == (ref, who)] == ["access"]
    hands.walk("request", "main a[href^='/customers/']")
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "main [value=decide], main [value=read]")
    menu(hands, "/customers", "/requests")
    hands.to("main input[type=search]")
    hands.press(ref)
    hands.enter()
    assert browser.find("#requests").text.count(ref) == 1


def test_d4_the_auditor_works_by_keys_alone(seller, hands, tmp_path):
    """From the board to a customer; who saw them, as a file for a court; a look decided again; what that person saw; ledger and statement checked."""
    who = seller.told("suhe", "deal", "customers", DEAL, "--verdict", "hand_over", "--most", "1")["customers"][0][
        "subject"
    ]
    seller.told("zhouning", "reveal", who, "--purpose", "contract", "--reason", WHY)
    browser = enters(seller, hands, "moxun", "auditor", 1280)
    before = seller.told("suhe", "ledger", "list", "--most", "1")["size"]
    hands.to("main input[type=search]")
    hands.press(DEAL)
    hands.enter()
    hands.follow(f"a.lead[href='/deals/{DEAL}']")
    statement = fetched(hands, f"main a[href='/deals/{DEAL}/files/gate']")
    browser.go(f"/deals/{DEAL}")
    hands.follow(".vsum a[href$='verdict=hand_over']")
    hands.to("main input[type=search]")
    hands.press(who)
    hands.enter()
    hands.follow("#verdicts a.mono")
    hands.walk("verdict", f"main a[href='/customers/{who}']")
    hands.skip()
    if not hands.on(f"main a[href='/customers/{who}']"):
        hands.to(f"main a[href='/customers/{who}']")
    hands.enter()
    hands.walk("history", "main aside a")
    assert [row for row in table(fetched(hands, "main aside a[href$='as=csv']")) if "zhouning" in row and WHY in row]
    hands.follow("main .tl a[href^='/access/why/']")
    hands.walk("why", "main a[href='/access/by/zhouning']")
    assert "结果与记录相同" in browser.text()
    hands.follow("main a[href='/access/by/zhouning']")
    hands.walk("seen", "main a")
    assert [row for row in table(fetched(hands, "main a[href*='as=csv']")) if who in row and WHY in row]
    checks(hands, statement, tmp_path)
    assert seller.told("suhe", "ledger", "list", "--most", "1")["size"] == before
    whole(hands)


def fetched(hands: Hands, css: str) -> Path:
    return hands.browser.fetched(lambda: (hands.to(css), hands.press(Keys.ENTER)))


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def checks(hands: Hands, statement: Path, folder: Path) -> None:
    """The ledger from its first entry; a signed statement as it is, and with one letter changed."""
    browser = hands.browser
    menu(hands, "/ledger", "/check")
    hands.walk("check", "[name=files]")
    hands.follow("[name=step][value=ledger]")
    assert "一条没改" in browser.find("section[aria-labelledby=lg]:has(.strong)").text
    hands.file("[name=files]", statement)
    hands.follow("[name=step][value=files]")
    browser.says("没有发现问题")
    hands.walk("checked", "[name=files]")
    text = statement.read_text(encoding="utf-8")
    at = text.index('"payload"') + len('"payload":"') + 4
    forged = folder / "forged.json"
    forged.write_text(text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :], encoding="utf-8")
    hands.file("[name=files]", forged)
    hands.follow("[name=step][value=files]")
    browser.says("对不上")
