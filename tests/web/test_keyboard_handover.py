"""Seller and buyer go from an empty machine to the certificate of destruction by keys alone, at both widths; pages are read in English by axe-core on the way."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from selenium.webdriver.common.keys import Keys

from tests.consented import consented
from tests.web.actor import Actor
from tests.web.answers_by_keys import question, table
from tests.web.conftest import chromium
from tests.web.hands import Hands
from tests.web.people import PAPERS, PEOPLE, members
from tests.web.serving import serve
from tests.web.sheets_tried import for_what_came, tried_by_keys
from tests.web.visitor import Visitor

pytestmark = pytest.mark.part("browser")
ASKED_ALONE = 8  # questions answered one by one; the rest in one table
NEAR = 12  # steps past the menus that a page's main thing may be away
COMPANIES = {"seller": "青禾书屋（杭州）有限公司", "buyer": "远帆文化（上海）有限公司"}
SIDES = {"suhe": "seller", "zhouning": "seller", "fanyuan": "buyer", "yeqing": "buyer"}


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A browser without a mouse, two consoles, and the people of both."""
    where = tmp_path_factory.mktemp("by-keys")
    downloads = where / "downloads"
    downloads.mkdir()
    with ExitStack() as stack:
        served = {side: stack.enter_context(serve(where / side)) for side in COMPANIES}
        browser = stack.enter_context(chromium(served["seller"].base, downloads))
        people = {
            handle: Actor(browser, served[side].base, handle, f"{handle} 的一句自己的话")
            for handle, side in SIDES.items()
        }
        yield SimpleNamespace(browser=browser, hands=Hands(browser), served=served, where=where, **people)


def test_e5_seller_and_buyer_hand_over_by_keys_alone(cast):
    """Import, review, interview, gate, three ceremonies by two people, receipt, comparison, certificate: no click, no trap, the main thing of each page near."""
    hands = cast.hands
    hands.width(1280)
    found(cast)
    others(cast)
    second_factor(cast)
    bring_in(cast, members(cast.where / "members.csv"))
    ref = open_deal(cast)
    decide(cast, ref)
    hands.width(390)
    invitation = invite(cast, ref)
    ship(cast, ref, invitation)
    hands.width(1280)
    released = release(cast, ref)
    hands.width(390)
    receipt = receive(cast, released)
    destroy(cast, ref, receipt)
    far = {name: steps for name, steps in hands.tabs.items() if steps > NEAR}
    assert not far, far
    assert not cast.browser.faults, "\n".join(cast.browser.faults)


def found(cast) -> None:
    """The first page of an empty machine."""
    hands, browser, me = cast.hands, cast.suhe.turn(), cast.suhe
    browser.go(cast.served["seller"].first)
    hands.walk("welcome", "[name=name_zh]")
    given = {"name_zh": COMPANIES["seller"], "shown": "苏禾", "handle": "suhe", "passphrase": me.passphrase}
    for name, text in given.items():
        hands.give(f"[name={name}]", text)
    hands.give("[name=again]", "something else")
    hands.enter()
    hands.lands("[name=again], [name=passphrase]")  # what is wrong has the focus
    browser.complaints()
    for name in ("passphrase", "again"):
        if not hands.on(f"[name={name}]"):
            hands.to(f"[name={name}]")
        hands.press(me.passphrase)
    hands.enter()
    browser.says("从一笔交易开始")
    hands.walk("start", "main a[href='/data']")


def second_factor(cast) -> None:
    hands, browser, me = cast.hands, cast.browser, cast.suhe
    hands.skip()
    hands.follow("main a[href='/account/2fa/totp/activate/']")
    me.secret = browser.find("#authenticator_secret").get_attribute("value")
    hands.to("[name=code]")
    hands.press(me.code())
    hands.enter()


def others(cast) -> None:
    """Whoever else there is, and the cards of both companies, each looked at by two people: other tests do this by browser."""
    fanyuan, prints = Visitor(cast.served["buyer"].base), {}
    fanyuan.get(cast.served["buyer"].first)
    words = {"passphrase": cast.fanyuan.passphrase, "again": cast.fanyuan.passphrase}
    fanyuan.post("/welcome", name_zh=COMPANIES["buyer"], place="CN", shown="范远", handle="fanyuan", **words)
    suhe = Visitor(cast.served["seller"].base)
    suhe.sign_in("suhe", cast.suhe.passphrase)
    zhouning, yeqing = let_in(suhe, cast.zhouning, "周宁"), let_in(fanyuan, cast.yeqing, "叶青")
    for mine, visitor in ((cast.zhouning, zhouning), (cast.fanyuan, fanyuan), (cast.yeqing, yeqing)):
        visitor.second_factor()
        mine.secret, mine.used = visitor.secret, visitor.used
    for side, visitor in (("seller", suhe), ("buyer", fanyuan)):
        card = cast.where / f"{side}.json"
        card.write_text(visitor.get("/people/card"), encoding="utf-8")
        shown = re.search(r'class="mono tiny"[^>]*>([^<]+)<', visitor.get("/people/parties"))
        assert shown is not None
        prints[side] = card, shown[1]
    for other, people in (("buyer", (suhe, zhouning)), ("seller", (fanyuan, yeqing))):
        for visitor in people:
            visitor.get("/people/parties")
            visitor.upload("/people/parties", "card", prints[other][0], fingerprint=prints[other][1])
    assert 'class="pill is-ok"' in fanyuan.get("/people/parties"), "two people looked at the card"


def let_in(owner: Visitor, who: Actor, shown: str) -> Visitor:
    owner.get("/people")
    owner.post("/people", shown=shown, handle=who.handle, role="privacy")
    once = re.search(r'id="once">([^<]+)<', owner.page)
    assert once is not None, owner.page
    visitor = Visitor(owner.base)
    visitor.sign_in(who.handle, once[1])
    visitor.post("/passphrase", old=once[1], new=who.passphrase, again=who.passphrase)
    return visitor


def sign_in(cast, who: Actor):
    """The page to sign in has its first field ready; the six digits are asked for as well."""
    browser = who.turn()
    if not who.cookies:
        browser.go("/account/login/")
        cast.hands.lands("[name=login]")
        cast.hands.press(who.handle, Keys.TAB, who.passphrase)
        cast.hands.enter()
        if who.secret:
            cast.hands.lands("[name=code]")
            cast.hands.press(who.code())
            cast.hands.enter()
    return browser


def bring_in(cast, file: Path) -> None:
    """The file, its scan, each row of the review by its letter, signed, sealed."""
    hands, browser = cast.hands, cast.suhe.turn()
    browser.go("/")
    hands.skip()
    hands.back("a.skip")
    hands.follow("main a[href='/data']")
    hands.walk("data", "#files")
    hands.file("#files", file)
    hands.follow("main form.drop button")
    browser.says("数据地图")
    hands.follow("main a[href*='show=all']")
    hands.walk("review", "tr.col")
    review(hands)
    hands.back(".ph-a button")
    hands.enter()
    browser.says("数据地图已签署")
    hands.to("[name=vault]")
    hands.enter()  # Enter in the field does what its button does
    tried_by_keys(hands)
    hands.to("[name=vault]")
    hands.enter()
    browser.says("已经封存")
    hands.walk("sealed", "main a[href='/deals/new']")


def review(hands: Hands) -> None:
    """Letters act on the row that has the focus and nowhere else; after each change one stands where one stood."""
    browser = hands.browser
    before = browser.driver.current_url
    hands.press("j", "s")
    assert browser.driver.current_url == before
    hands.to("tr.col")
    hands.press("j")
    second = browser.driver.execute_script("return document.activeElement.dataset.column")
    row = f"tr.col[data-column='{second}']"
    hands.press("c")
    assert hands.on(f"{row} select")
    hands.press(Keys.DOWN)  # a list is walked through without the page being sent
    assert browser.find(f"{row} select + button").is_displayed()
    hands.press(Keys.UP, Keys.ESCAPE)
    assert hands.on(row)
    general = browser.find("tr.col:has(button[value=sensitive])").get_attribute("data-column")
    while not hands.on(f"tr.col[data-column='{general}']"):
        hands.press(Keys.ARROW_UP if general != second else Keys.ARROW_DOWN)
    hands.enter("s")
    hands.lands(f"tr.col[data-column='{general}']")
    hands.enter("u")
    hands.lands(f"tr.col[data-column='{general}']")
    if browser.find(f"tr.col[data-column='{general}'] button[value=confirm]").is_enabled():
        hands.enter()
        hands.lands(f"tr.col[data-column='{general}']")
    hands.follow("button[value=confirm-all]")


def open_deal(cast) -> str:
    """Three facts, the first questions one by one, the rest in a table."""
    hands, browser = cast.hands, cast.browser
    hands.follow("main a[href='/deals/new']")
    hands.walk("new", "[name=counterparty]")
    other = browser.find("[name=counterparty] option:nth-child(2)").get_attribute("value")
    hands.choose("[name=counterparty]", other)
    table(hands)
    hands.follow("main form button.btn-1")
    browser.find("[name=part]")
    hands.walk("question", "main form input:not([type=hidden])")
    for _ in range(ASKED_ALONE):
        question(hands)
    ref = str(re.search(r"D-\d+-\d+", browser.driver.current_url)[0])  # type: ignore[index]
    hands.follow(f".tabs a[href='/deals/{ref}/said']")
    hands.follow("main a[href$='/facts']")
    hands.walk("facts", "main select")
    while table(hands):
        hands.follow("main form button[name=more]")
    hands.follow(f"main a[href='/deals/{ref}']")
    hands.follow("main a[href$='/together#members']")
    brings(cast, "zhouning")
    browser.go(f"/deals/{ref}")
    return ref


def brings(cast, handle: str) -> None:
    """An owner makes the second person a member of the deal, on the page that is open."""
    hands, browser = cast.hands, cast.browser
    hands.walk("members", "#join select")
    hands.choose("#join select", handle)
    hands.give("#join [name=reason]", "helps")
    hands.follow("#join button")
    browser.find(f"[data-member={handle}]")


def decide(cast, ref: str) -> None:
    """Verdicts; papers one by one; what customers said, taken in by the privacy officer; verdicts anew."""
    hands, browser = cast.hands, cast.browser
    hands.walk("deal", "main form button.btn-1")
    hands.follow("main form button.btn-1")
    browser.find(".vsum")
    for kind in PAPERS:
        paper = cast.where / f"{kind}.pdf"
        paper.write_bytes(kind.encode())
        form = f"form.evidence:has(input[value='{kind}'])"
        hands.file(f"{form} [name=paper]", paper)
        hands.follow(f"{form} button")
    taken(cast, ref)
    hands.skip()
    hands.follow("main .card-f form button")
    browser.find(".vsum")
    assert browser.find(".vsum b").text == str(PEOPLE * 9 // 10)


def taken(cast, ref: str) -> None:
    lines = ["客户,答复"]
    lines += [f"QH{n:05d},告知已送达" for n in range(PEOPLE)]
    path = cast.where / "answers.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    hands, browser = cast.hands, cast.suhe.turn()  # that somebody was told is the word of two
    browser.go(f"/deals/{ref}/answers")
    hands.file("[name=answers]", path)
    hands.follow("main form button.btn-1")
    records = cast.where / "consents.csv"
    people = [f"QH{n:05d}" for n in range(PEOPLE) if n % 10]
    records.write_text(consented(people, ["consent.separate"], COMPANIES["buyer"], by="customer"), encoding="utf-8")
    hands.file("[name=consents]", records)
    hands.follow("#before button")
    browser = sign_in(cast, cast.zhouning)
    browser.go(f"/deals/{ref}")
    hands.follow("main a[href$='/answers']")
    hands.walk("answers", "[name=answers]")
    hands.file("[name=answers]", path)
    hands.follow("main form button.btn-1")
    hands.walk("consents", "[name=consents]")
    hands.file("[name=consents]", records)
    hands.follow("#before button")
    browser.go(f"/deals/{ref}")


def fetched(cast, css: str) -> Path:
    """Step to what is to be downloaded, and wait for its file."""
    return cast.browser.fetched(lambda: (cast.hands.to(css), cast.hands.press(Keys.ENTER)))


def invite(cast, ref: str) -> Path:
    hands, browser = cast.hands, sign_in(cast, cast.fanyuan)
    browser.go("/")
    hands.follow("main a[href='/arrivals']")
    hands.walk("arrivals", "[name=seller]")
    hands.give("[name=ref]", ref)
    hands.enter()
    browser.says("青禾书屋")
    hands.walk("arrival", "main a[download]")
    brings(cast, "yeqing")
    return fetched(cast, "main a.btn-1[download]")


def ship(cast, ref: str, invitation: Path) -> None:
    hands, browser = cast.hands, cast.suhe.turn()
    browser.go(f"/deals/{ref}")
    hands.file("[name=invite]", invitation)
    hands.follow("form:has([name=invite]) button")
    ceremony(cast, ref, "ship")
    put_in(cast, fetched(cast, "a.ev[href$='/package.zip']"))


def put_in(cast, file: Path) -> None:
    hands, browser = cast.hands, cast.fanyuan.turn()
    browser.go("/arrivals")
    hands.follow("td a.lead")
    hands.file("[name=file]", file)
    hands.follow("form:has([name=file]) button")
    browser.says("青禾书屋")


def ceremony(cast, ref: str, act: str) -> None:
    """The owner asks, the privacy officer finds it among their notices and confirms, the owner types what it is about and does it."""
    hands, browser = cast.hands, cast.suhe.turn()
    browser.go(f"/deals/{ref}")
    hands.follow(f"main a[href='/deals/{ref}/{act}']")
    hands.follow("[name=step][value=ask]")
    browser = cast.zhouning.turn()
    browser.go("/inbox")
    hands.follow(f"main a[href='/deals/{ref}/{act}']")
    if act == "release":
        hands.walk("release, second", "[name=code]")
        hands.give("[name=code]", "12345")  # never six digits
        hands.enter()
        hands.lands("[role=alert]")  # a wrong code is told where one is
        browser.complaints()  # the browser complains of the refusal itself
    hands.to("[name=code]")
    hands.press(cast.zhouning.code())
    hands.enter()
    browser = cast.suhe.turn()
    browser.go(f"/deals/{ref}/{act}")
    if act == "release":
        hands.walk("release", "[name=step][value=do]")
    hands.to("[name=code]")
    hands.press(cast.suhe.code())
    hands.give("[name=ref]", ref)
    hands.follow("[name=step][value=do]")
    browser.find(".stages")


def release(cast, ref: str) -> Path:
    ceremony(cast, ref, "release")
    return fetched(cast, "a.ev[href*='/handover/release']")


def receive(cast, released: Path) -> Path:
    """Everything the buyer does; the figures are the seller's."""
    put_in(cast, released)
    hands, browser = cast.hands, cast.browser
    hands.walk("receive", "main form button.btn-1")
    hands.follow("form[action$='/receive'] button")
    browser.says("青禾书屋")
    assert browser.find(".figs b").text == str(PEOPLE * 9 // 10)
    receipt = fetched(cast, "a.ev[href$='/received']")
    here = browser.driver.current_url.removeprefix(browser.base)
    for act in ("export", "compare", "reseal"):
        if act == "reseal":
            for_what_came(browser)
        browser.go(here)
        hands.follow(f"form[action$='/{act}'] button")
        if act == "export":
            let_out(cast, here)
        browser.says("青禾书屋")
    told = [one.text for one in browser.driver.find_elements("css selector", ".figs b")]
    assert told[:3] == [str(PEOPLE * 9 // 10)] * 2 + ["0"]
    return receipt


def let_out(cast, here: str) -> None:
    """In clear by two: whoever exports asks, a second person finds it among their notices and confirms, the first lets it out."""
    hands, browser = cast.hands, cast.browser
    hands.follow("[name=step][value=ask]")
    sign_in(cast, cast.yeqing).go("/inbox")
    hands.follow(f"main a[href^='{here}/exports/']")
    hands.walk("export, second", "[name=code]")
    hands.to("[name=code]")
    hands.press(cast.yeqing.code())
    hands.enter()
    cast.fanyuan.turn().go(f"{here}/exports/sqlite/out")
    hands.walk("export", "[name=step][value=do]")
    hands.to("[name=code]")
    hands.press(cast.fanyuan.code())
    hands.give("[name=ref]", browser.find("label:has([name=ref]) .mono").text)
    hands.follow("[name=step][value=do]")


def destroy(cast, ref: str, receipt: Path) -> None:
    """The account, the last ceremony, and its certificate."""
    hands, browser = cast.hands, cast.suhe.turn()
    browser.go(f"/deals/{ref}")
    hands.follow(f"main a[href='/deals/{ref}/account']")
    hands.walk("account", "[name=receipt]")
    hands.file("[name=receipt]", receipt)
    hands.follow("main form button")
    browser.says("差异 0")
    ceremony(cast, ref, "destroy")
    hands.walk("over", "main a[href$='/certificate.pdf']")
    assert fetched(cast, "main a[href$='/certificate.pdf']").read_bytes().startswith(b"%PDF")
