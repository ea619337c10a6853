"""From import to the certificate of destruction by browser alone: two companies, two homes, two servers, four people."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from custody.cli.rehearsal.play import FACTS
from tests.consented import consented
from tests.web.actor import Actor
from tests.web.conftest import chromium
from tests.web.people import PAPERS, PEOPLE, members
from tests.web.serving import serve
from tests.web.sheets_tried import for_what_came, tried

pytestmark = pytest.mark.part("browser")


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A browser, two consoles, and the people of both."""
    where = tmp_path_factory.mktemp("handover")
    downloads = where / "downloads"
    downloads.mkdir()
    with ExitStack() as stack:
        seller, buyer = (stack.enter_context(serve(where / name)) for name in ("seller", "buyer"))
        browser = stack.enter_context(chromium(seller.base, downloads))
        people = {
            handle: Actor(browser, served.base, handle, f"{handle} 的一句自己的话")
            for handle, served in (("suhe", seller), ("zhouning", seller), ("fanyuan", buyer), ("yeqing", buyer))
        }
        yield SimpleNamespace(browser=browser, seller=seller, buyer=buyer, where=where, **people)


def test_from_import_to_the_certificate(cast):
    """Seller and buyer go the whole way without a command line; figures agree on both sides, and no policy is violated."""
    two_companies(cast)
    cards(cast)
    bring_in(cast, members(cast.where / "members.csv"))
    ref = open_deal(cast)
    ship(cast, ref, invitation(cast, ref))
    released = release(cast, ref)
    receipt = receive(cast, released)
    destroy(cast, ref, receipt)
    assert not cast.browser.faults, "\n".join(cast.browser.faults)


def two_companies(cast) -> None:
    cast.suhe.found(cast.seller.first, "青禾书屋（杭州）有限公司", "苏禾")
    cast.suhe.second_factor()
    cast.zhouning.let_in(cast.suhe, "周宁", "privacy")
    cast.zhouning.second_factor()
    cast.fanyuan.found(cast.buyer.first, "远帆文化（上海）有限公司", "范远")
    cast.fanyuan.second_factor()
    cast.yeqing.let_in(cast.fanyuan, "叶青", "privacy")
    cast.yeqing.second_factor()


def cards(cast) -> None:
    """Cards go over by file, fingerprints by telephone; two people of each side compare."""
    held = {}
    for side, who in (("seller", cast.suhe), ("buyer", cast.fanyuan)):
        browser = who.turn()
        browser.go("/people/parties")
        held[side] = browser.download("下载本公司名片"), browser.find("td.mono").text
    for other, people in (("buyer", (cast.suhe, cast.zhouning)), ("seller", (cast.fanyuan, cast.yeqing))):
        for who in people:
            browser = who.turn()
            browser.go("/people/parties")
            browser.type("card", str(held[other][0]))
            browser.type("fingerprint", held[other][1])
            browser.press("核对无误")
    assert "已由两人核对" in cast.browser.text()


def bring_in(cast, file: Path) -> None:
    browser = cast.suhe.turn()
    browser.go("/data")
    browser.type("files", str(file))
    browser.press("开始扫描")
    browser.says("数据地图")
    browser.press("这张表全部确认")
    browser.press("签署数据地图")
    browser.press("封存")
    tried(browser)
    browser.press("封存")
    browser.says("已经封存")


def open_deal(cast) -> str:
    """Facts, papers, answers, verdicts."""
    browser = cast.suhe.turn()
    browser.go("/deals/new")
    Select(browser.find("[name=counterparty]")).select_by_visible_text("远帆文化（上海）有限公司")
    answer(browser)
    browser.press("新建")
    browser.press("事实")
    browser.press("在一张表里填")
    while answer(browser):
        browser.press("保存，接着问")
    browser.go("/")
    browser.follow(browser.find("td a.lead"))
    browser.find(".stages")
    ref = browser.driver.current_url.rsplit("/", 1)[1]
    cast.suhe.brings(f"/deals/{ref}/together", "zhouning")
    browser.shot("members")
    browser.go(f"/deals/{ref}")
    browser.press("裁定每位客户")
    browser.find(".vsum")
    for kind in PAPERS:
        file_paper(cast, browser, kind)
    return taken_answers(cast, ref)


def answer(browser) -> bool:
    """Answer whatever of the facts is asked here; whether anything was."""
    for one in browser.driver.find_elements(By.CSS_SELECTOR, "main form details.card:not([open]) summary"):
        one.click()
    found = False
    for group, leaves in FACTS.items():
        for leaf, value in leaves.items():
            boxes = browser.driver.find_elements(By.CSS_SELECTOR, f"main [name='{group}.{leaf}']")
            if boxes and boxes[0].get_attribute("value") == "":
                found = True
                fill(boxes[0], value)
    return found


def fill(box, value) -> None:
    if box.tag_name == "select":
        Select(box).select_by_value(
            {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value)
        )
    elif box.get_attribute("type") == "date":
        box.parent.execute_script("arguments[0].value = arguments[1]", box, str(value))
    else:
        box.send_keys(str(value))


def file_paper(cast, browser, kind: str) -> None:
    paper = cast.where / f"{kind}.pdf"
    paper.write_bytes(kind.encode())
    form = browser.find(f"form.evidence:has(input[value='{kind}'])")
    form.find_element(By.CSS_SELECTOR, "[name=paper]").send_keys(str(paper))
    browser.submit(form)


def taken_answers(cast, ref: str) -> str:
    """The privacy officer takes in what customers said, by their own numbers; one in ten said nothing."""
    lines = ["客户,答复"]
    lines += [f"QH{n:05d},告知已送达" for n in range(PEOPLE)]
    lines.append("QH00001,同意移交")
    path = cast.where / "answers.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))  # as a Chinese spreadsheet saves it
    for person, told in ((cast.zhouning, f"有 {PEOPLE + 1} 行没有录入"), (cast.suhe, f"录入了 {PEOPLE} 条")):
        browser = person.turn()  # that somebody was told is the word of two
        browser.go(f"/deals/{ref}/answers")
        browser.type("answers", str(path))
        browser.press("录入")
        assert told in browser.text()
    assert "有 1 行没有录入" in browser.text()
    browser.shot("answers")
    records = cast.where / "consents.csv"
    people = [f"QH{n:05d}" for n in range(PEOPLE) if n % 10]
    records.write_text(
        consented(people, ["consent.separate"], "远帆文化（上海）有限公司", by="customer"), encoding="utf-8"
    )
    for person, done in ((cast.suhe, 0), (cast.zhouning, len(people))):  # and so is that they agreed
        browser = person.turn()
        browser.go(f"/deals/{ref}/answers")
        browser.type("consents", str(records))
        browser.submit(browser.find("#before"), "#before button")
        assert f"录入 {done}" in browser.text()
    browser.shot("answers-records")
    browser.go(f"/deals/{ref}")
    browser.press("重新裁定")
    browser.find(".vsum")
    browser.shot("02-deal-answered")
    assert browser.find(".vsum b").text == str(PEOPLE * 9 // 10)
    return ref


def invitation(cast, ref: str) -> Path:
    browser = cast.fanyuan.turn()
    browser.go("/arrivals")
    browser.shot("arrivals-empty")
    browser.type("ref", ref)
    browser.press("生成邀请文件")
    browser.says("青禾书屋")
    cast.fanyuan.brings(browser.here(), "yeqing")
    browser.shot("arrival-invited")
    return browser.download("下载邀请文件")


def ship(cast, ref: str, invite: Path) -> None:
    browser = cast.suhe.turn()
    browser.go(f"/deals/{ref}")
    browser.type("invite", str(invite))
    browser.press("放入")
    ceremony(cast, ref, "ship")
    package = browser.download("下载移交包（密文）")
    put_in(cast, package)
    browser.shot("arrival-shipped")
    assert "核验过了" in browser.text()


def put_in(cast, file: Path) -> None:
    browser = cast.fanyuan.turn()
    browser.go("/arrivals")
    browser.follow(browser.find("td a.lead"))
    browser.type("file", str(file))
    browser.press("放入")
    browser.says("青禾书屋")


def ceremony(cast, ref: str, act: str) -> None:
    """The owner asks, the privacy officer confirms with six digits, the owner does it."""
    browser = cast.suhe.turn()
    browser.go(f"/deals/{ref}/{act}")
    browser.press("请第二个人确认")
    browser = cast.zhouning.turn()
    browser.go(f"/deals/{ref}/{act}")
    browser.shot(f"06-{act}-second")
    browser.type("code", cast.zhouning.code())
    browser.press("我确认")
    browser = cast.suhe.turn()
    browser.go(f"/deals/{ref}/{act}")
    browser.shot(f"06-{act}")
    browser.type("ref", ref)
    browser.type("code", cast.suhe.code())
    browser.submit(browser.find("#act"), "button.btn[value=do]")
    browser.find(".stages")


def own_copies(browser, ref: str) -> None:
    """Two papers are asked about on the page: nobody can be asked to confirm until one is gone and the other stays for a reason, which the page then says."""
    for name in ("旧登记簿", "发票存根"):
        browser.go("/copies")
        browser.find("input[name=name][maxlength]").send_keys(name)
        Select(browser.find("[name=kind]")).select_by_value("paper")
        browser.press("申报")
    for name, said in (("旧登记簿", "destroyed"), ("发票存根", "stays law")):
        browser.go(f"/deals/{ref}/destroy")
        browser.accessible("destroy-copies")
        assert not browser.driver.find_elements(By.CSS_SELECTOR, "#act")
        row = browser.driver.find_element(By.XPATH, f"//*[@id='own-copies']//tr[contains(., '{name}')]")
        Select(row.find_element(By.CSS_SELECTOR, "[name=state]")).select_by_value(said)
        browser.submit(row.find_element(By.CSS_SELECTOR, "form"))
    browser.go(f"/deals/{ref}/destroy")
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "#own-copies")
    assert "发票存根: 法律要求保存" in browser.text()


def release(cast, ref: str) -> Path:
    ceremony(cast, ref, "release")
    return cast.browser.download("下载放行（密钥）")


def receive(cast, released: Path) -> Path:
    """Everything the buyer does; the figures are the seller's."""
    put_in(cast, released)
    browser = cast.browser
    browser.press("接收并签发回执")
    browser.says("青禾书屋")
    browser.shot("arrival-received")
    assert browser.find(".figs b").text == str(PEOPLE * 9 // 10)
    receipt = browser.download("下载回执")
    let_out(cast)
    browser.press("核对")
    browser.says("青禾书屋")
    here = browser.driver.current_url.removeprefix(browser.base)
    browser.press("换密钥并删除未放行的密文")
    browser.patience(60, lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[data-slug='reseal.untried']"))
    for_what_came(browser)
    browser.go(here)
    browser.press("换密钥并删除未放行的密文")
    browser.says("青禾书屋")
    browser.shot("arrival-over")
    assert [one.text for one in browser.driver.find_elements(By.CSS_SELECTOR, ".figs b")][:3] == [
        str(PEOPLE * 9 // 10)
    ] * 2 + ["0"]
    assert browser.download("customers.sqlite").read_bytes().startswith(b"SQLite format 3")
    return receipt


def let_out(cast) -> None:
    """One person asks for everything in clear, another confirms it, the first exports and may fetch it; the confirmation is theirs alone."""
    browser = cast.browser
    here = browser.driver.current_url.removeprefix(browser.base)
    browser.press("导出")
    browser.press("请第二个人确认")
    browser.shot("arrival-out")
    cast.yeqing.turn().go("/inbox")
    browser.follow(browser.find(f"main a[href^='{here}/exports/']"))
    browser.shot("arrival-out-second")
    browser.type("code", cast.yeqing.code())
    browser.press("我确认")
    cast.fanyuan.turn().go(f"{here}/exports/sqlite/out")
    browser.type("ref", browser.find("label:has([name=ref]) .mono").text)
    browser.type("code", cast.fanyuan.code())
    browser.submit(browser.find("#act"), "button.btn[value=do]")
    browser.says("青禾书屋")


def destroy(cast, ref: str, receipt: Path) -> None:
    browser = cast.suhe.turn()
    browser.go(f"/deals/{ref}/account")
    browser.type("receipt", str(receipt))
    browser.press("放入并对账")
    browser.says("差异 0")
    browser.shot("account")
    own_copies(browser, ref)
    ceremony(cast, ref, "destroy")
    browser.shot("02-deal-over")
    assert browser.download("销毁证明（PDF）").read_bytes().startswith(b"%PDF")
    browser.go("/lang/en?next=/")
    browser.says("Deals")
    browser.shot("01-deals-over")
