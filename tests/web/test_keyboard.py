"""A whole journey by keys alone, at both widths: every stop is seen, comes in the order of the page, and is left again (WCAG 2.2, 2.1.1 to 2.4.11)."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.web.company import DEAL, Company
from tests.web.hands import WIDTHS, Hands

pytestmark = pytest.mark.part("browser")


@pytest.fixture(params=WIDTHS)
def hands(request, seller: Company, chrome):
    """At this width, with nobody signed in."""
    browser = chrome.anew()
    seller.as_("songwen", browser)  # whoever had the browser before keeps their session
    made = Hands(browser)
    made.width(request.param)
    yield made
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_e5_a_lawyers_journey_by_keys_alone(hands):
    """From the board, searched, to a reason, a customer, their card, a look at it and back: no click, no trap, every stop seen."""
    browser = hands.browser
    browser.go("/")
    hands.round()
    hands.skip()
    hands.to("main input[type=search]")
    hands.press(DEAL)
    hands.enter()  # the answer keeps the place that the skip link led to, so what follows is the list
    hands.to(f"a.lead[href='/deals/{DEAL}']")
    hands.enter()
    hands.round()
    hands.skip()
    hands.to("main td a")
    hands.enter()
    hands.skip()
    hands.to("#verdicts a")
    hands.enter()
    browser.find(".ph-a")
    hands.skip()
    hands.to("main a[href^='/customers/']")
    hands.enter()
    hands.round()
    hands.skip()
    hands.to("main select[name=purpose]")
    hands.press(Keys.DOWN)
    chosen = browser.find("main select[name=purpose]").get_attribute("value")
    assert chosen != "contract"
    hands.to("main input[name=reason]")
    hands.press("核对裁定")
    hands.to("main form button")
    hands.enter()
    assert browser.find(".countdown, [data-slug]")
    covered(hands)
    menu(hands)
    assert not [one for one in browser.complaints() if "violat" in one.lower()]


def covered(hands: Hands) -> None:
    """What is open is covered by keys too, before its minute is over; what the law only keeps did not open."""
    browser = hands.browser
    if browser.driver.find_elements("css selector", ".countdown"):
        hands.skip()
        hands.to("main .note a[href^='/customers/']")
        hands.enter()
    assert browser.find("main form [name=reason]")


def menu(hands: Hands) -> None:
    """The menu opens by keys where it is folded, and leads on; the page of notices is reached and read through."""
    browser = hands.browser
    hands.fresh()
    hands.to(".brand")
    if browser.find(".menu-btn").is_displayed():
        hands.to(".menu-btn")
        hands.press(Keys.SPACE)
        assert browser.find(".menu-btn").get_attribute("aria-expanded") == "true"
    hands.to("#nav a[href='/ledger']")
    hands.enter()
    browser.says("发生过的事")
    hands.round()
    hands.skip()
    hands.to("main input[type=search]")
    hands.press("songwen")
    hands.enter()
    assert "songwen" in browser.find("#ledger").text
