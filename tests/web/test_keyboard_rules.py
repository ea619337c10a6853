"""Policies of access and retention, and the roles of people, by keys alone in a real browser: what a change would move is told before it is signed; axe-core reads each page at both widths (A1, A3, A8)."""

import re
import time
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.access.staff import founded, passphrase
from tests.web.actor import Actor
from tests.web.company import Company
from tests.web.hands import Hands
from tests.web.serving import Served, serve

pytestmark = pytest.mark.part("browser")
PEOPLE = {"zhouning": "privacy", "limo": "data", "dingxia": "department"}
ROLES, RESET = "/people/limo/roles", "/people/dingxia/reset"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company of its own: here nobody else's roles change."""
    with serve(founded(tmp_path_factory.mktemp("rules") / "home", PEOPLE)) as running:
        yield running


@pytest.fixture
def hands(seller: Company, chrome) -> Iterator[Hands]:
    """The privacy officer's, who may write policies."""
    browser = chrome.anew()
    seller.as_("zhouning", browser)
    yield Hands(browser)
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def told(hands: Hands, words: str) -> str:
    """What the page says of the change, once it says so and has come to rest: what was typed a moment ago is told a moment later."""
    said = [""]

    def rests() -> bool:
        before = said[0]
        time.sleep(1.5)
        said[0] = str(hands.browser.find("#moves").text)
        return words in said[0] and before == said[0]

    hands.browser.patience(40, rests)
    return said[0]


def test_a3_a_policy_by_keys_tells_what_it_would_move(hands: Hands):
    """A role more is told by name before anything is sent; taken back, nothing moves; the rehearsal says the same; nothing is saved."""
    browser = hands.browser
    browser.go("/access/policy")
    hands.walk("policy", "#fields button[value=look]")
    told(hands, "谁能看什么，都不变")
    hands.skip()
    hands.to("#fields input[name='grant_days']")
    hands.back("#fields input[name='1.roles'][value=privacy], #fields input[name='1.roles'][value=lawyer]")
    hands.press(Keys.SPACE)
    moved = told(hands, "处会变")
    assert re.search(r"→", moved), moved
    hands.press(Keys.SPACE)
    told(hands, "谁能看什么，都不变")
    hands.press(Keys.SPACE)
    told(hands, "处会变")
    hands.fresh()
    hands.to("#fields button[value=look]")
    hands.enter()
    rehearsed = browser.find("#act .moves").text
    assert all(line in rehearsed for line in moved.splitlines()[1:])
    browser.accessible("policy rehearsed")
    browser.go("/access/policy")
    told(hands, "谁能看什么，都不变")
    assert not browser.faults, "\n".join(browser.faults)


def test_a8_terms_by_keys_tell_whom_they_would_let_go(hands: Hands):
    """Shorter than the law has it is told at once; one kind of data more, kept for no time, is told by customers; the rehearsal says the same, nothing is saved."""
    browser = hands.browser
    browser.go("/retention/terms")
    stands = browser.find(".ph").text
    hands.walk("terms", "#fields button[value=look]")
    told(hands, "到期的不变")
    hands.skip()
    hands.to("#fields input[name='1.years']")
    hands.press("0")  # what stands in a field that is stepped to is selected
    hands.to("#fields input[name='1.months']")
    told(hands, "法律")
    hands.back("#fields input[name='1.years']")
    hands.press("3")
    hands.fresh()
    hands.give("#fields input[name='2.retention']", "relation")
    hands.choose("#fields select[name='2.start']", "sealed")
    hands.give("#fields input[name='2.law']", "CN-DEL-47")
    hands.to("#fields input[name='notice_days']")
    count = re.search(r"新到期 ([\d,]+) 人", told(hands, "新到期"))
    assert count is not None
    assert int(count[1].replace(",", "")) > 0
    hands.fresh()
    hands.to("#fields button[value=look]")
    hands.enter()
    assert count[0] in browser.find("#act").text
    browser.go("/retention/terms")
    assert browser.find(".ph").text == stands
    assert not browser.faults, "\n".join(browser.faults)


@pytest.fixture
def owner(office: Served, chrome) -> Iterator[Hands]:
    """The owner of the other company, with a second factor."""
    made = Actor(chrome.anew(), office.base, "suhe", passphrase("suhe"))
    made.sign_in()
    yield Hands(made.turn())
    chrome.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a1_roles_and_a_new_way_in_by_keys_alone(owner: Hands):
    """A role is looked at, asked for and taken back; a way in is given anew and shown once: no click, every stop seen, read by axe-core."""
    browser = owner.browser
    browser.go(ROLES)
    owner.walk("person-roles", "main input[value=lawyer]")
    owner.skip()
    owner.to("main input[name=role][value=lawyer]")
    owner.press(Keys.SPACE)
    owner.to("main button[value=look]")
    owner.enter()
    assert "律师" in browser.find("#gained").text
    browser.accessible("person-roles rehearsed")
    owner.fresh()
    owner.to("main button[value=ask]")
    owner.enter()
    owner.fresh()
    owner.to("main button[value=drop]")
    owner.enter()
    assert not browser.driver.find_elements("css selector", "main button[value=drop]")
    browser.go(RESET)
    owner.walk("person-reset", "main button[value=do]")
    owner.skip()
    owner.to("main button[value=do]")
    owner.enter()
    assert re.fullmatch(r"[0-9a-f-]+", browser.find("#once").text)
    assert not browser.faults, "\n".join(browser.faults)
