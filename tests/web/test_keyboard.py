"""A whole journey by keys alone, at both widths: every stop is seen, comes in the order of the page, and is left again (WCAG 2.2, 2.1.1 to 2.4.11)."""

from dataclasses import dataclass
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.driven import page_turned
from tests.web.company import DEAL, Company

pytestmark = pytest.mark.part("browser")
MOST = 160  # stops of the longest page
WIDTHS = (1280, 390)
# What the reader of a page can tell about where the focus is; None when it is on nothing.
STOP = """
const one = document.activeElement;
if (!one || one === document.body || one === document.documentElement) return null;
const box = one.getBoundingClientRect(), look = getComputedStyle(one);
const at = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), box.top + box.height / 2);
window.custodyStops = window.custodyStops || [];
const last = window.custodyStops[window.custodyStops.length - 1];
const before = last && last.isConnected ? last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING : true;
const again = window.custodyStops.includes(one);
window.custodyStops.push(one);
return {
  name: (one.getAttribute("aria-label") || one.innerText || one.name || one.id || one.tagName).trim().slice(0, 60),
  ring: one.matches(":focus-visible") && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
  seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  top: !!at && (at === one || one.contains(at) || at.contains(one)), onward: !!before, again: again,
};
"""
IS = "return !!document.activeElement && document.activeElement.matches(arguments[0])"


@dataclass
class Hands:
    """Somebody without a mouse."""

    browser: Any

    def press(self, *keys: str) -> None:
        chain = ActionChains(self.browser.driver)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def fresh(self) -> None:
        """Nothing of this page was met yet."""
        self.browser.driver.execute_script("window.custodyStops = []")

    def stop(self) -> dict[str, Any] | None:
        """One step on; what is met there is seen, has its ring, and comes after what came before."""
        self.press(Keys.TAB)
        met = self.browser.driver.execute_script(STOP)
        assert met is None or (met["ring"] and met["seen"] and met["top"]), met
        return met

    def to(self, css: str) -> None:
        """Step on until there."""
        for _ in range(MOST):
            met = self.stop()
            assert met is None or met["again"] or met["onward"], met
            if self.browser.driver.execute_script(IS, css):
                return
        raise AssertionError(f"no way by keys to {css}")

    def enter(self) -> None:
        with page_turned(self.browser.driver):
            self.press(Keys.ENTER)

    def skip(self) -> None:
        """The first stop of a page leads past the menu."""
        self.fresh()
        met = self.stop()
        assert met is not None
        assert self.browser.driver.execute_script(IS, "a.skip"), met
        self.press(Keys.ENTER)
        self.stop()
        assert self.browser.driver.execute_script(IS, "main *"), "the skip link leads into the page"

    def round(self) -> None:
        """The whole page, once: nothing holds the focus, and nothing is met twice before the page has ended."""
        self.fresh()
        for _ in range(MOST):
            met = self.stop()
            if met is None or met["again"]:
                break
            assert met["onward"], met
        else:
            raise AssertionError("the page does not end")
        whole = self.browser.driver.execute_script("return window.custodyStops.length")
        assert whole > len(("skip", "brand", "find"))


@pytest.fixture(params=WIDTHS)
def hands(request, seller: Company, chrome):
    """At this width, with nobody signed in."""
    browser = chrome.anew()
    seller.as_("songwen", browser)  # whoever had the browser before keeps their session
    size = {"width": request.param, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield Hands(browser)
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
