"""Somebody without a mouse: what they meet on a page by keys, stop by stop (WCAG 2.2, 2.1.1 to 2.4.11)."""

from dataclasses import dataclass, field
from typing import Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.axe import axe, violations
from tests.driven import WAIT, page_turned

MOST = 200  # stops of the longest page
WIDTHS = (1280, 390)
# What the reader of a page can tell about where the focus is; None when it is on nothing: the page has ended.
STOP = """
const one = document.activeElement;
if (!one || one === document.body || one === document.documentElement) { window.custodyEnded = true; return null; }
const box = one.getBoundingClientRect(), look = getComputedStyle(one);
const at = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), box.top + box.height / 2);
if (window.custodyEnded || !window.custodyStops) { window.custodyStops = []; window.custodyEnded = false; }
const last = window.custodyStops[window.custodyStops.length - 1];
const inside = last === one; // a date has stops of its own
const before = last && last.isConnected ? last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING : true;
const again = !inside && window.custodyStops.includes(one);
window.custodyStops.push(one);
return {
  name: (one.getAttribute("aria-label") || one.innerText || one.name || one.id || one.tagName).trim().slice(0, 60),
  ring: one.matches(":focus-visible, input[type=date]:focus-within") && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
  seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  top: !!at && (at === one || one.contains(at) || at.contains(one)), onward: inside || !!before, again: again, there: !!arguments[0] && one.matches(arguments[0]),
};
"""
IS = "return !!document.activeElement && document.activeElement.matches(arguments[0])"
FRESH = "window.custodyStops = []; window.custodyEnded = false"
WHOLE = "return document.readyState === 'complete'"
NOWHERE = "return !document.activeElement || document.activeElement === document.body"
PAST = """
const stops = window.custodyStops, main = stops.findIndex((one) => one.matches(arguments[0]));
return main < 0 ? 0 : stops.slice(0, main + 1).filter((one) => one.closest("main")).length;
"""


@dataclass
class Hands:
    """A keyboard before a browser; `tabs` is how many steps the main thing of a page is away from its start."""

    browser: Any
    tabs: dict[str, int] = field(default_factory=dict)

    def width(self, pixels: int) -> None:
        size = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def press(self, *keys: str) -> None:
        chain = ActionChains(self.browser.driver, duration=0)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def on(self, css: str) -> bool:
        """Whether the focus is there."""
        return bool(self.browser.driver.execute_script(IS, css))

    def lands(self, css: str) -> None:
        """Wait until the page itself has put the focus there."""
        WebDriverWait(self.browser.driver, WAIT).until(lambda _: self.on(css), f"the focus is not on {css}")

    def ready(self) -> None:
        """The page is whole."""
        WebDriverWait(self.browser.driver, WAIT).until(lambda now: now.execute_script(WHOLE))

    def fresh(self) -> None:
        """Nothing of this page was met yet."""
        self.ready()
        self.browser.driver.execute_script(FRESH)

    def stop(self, css: str = "") -> dict[str, Any] | None:
        """One step on; what is met there is seen, has its ring, and comes after what came before; whether it is the one looked for."""
        self.press(Keys.TAB)
        return self.met(css)

    def met(self, css: str = "") -> dict[str, Any] | None:
        met = self.browser.driver.execute_script(STOP, css)
        assert met is None or (met["ring"] and met["seen"] and met["top"]), (met, self.browser.driver.current_url)
        return met

    def to(self, css: str) -> int:
        """Step on until there; how many steps it was."""
        self.ready()
        for steps in range(1, MOST):
            met = self.stop(css)
            assert met is None or met["again"] or met["onward"], (met, self.browser.driver.current_url)
            if met is not None and met["there"]:
                return steps
        raise AssertionError(f"no way by keys to {css} on {self.browser.driver.current_url}")

    def back(self, css: str) -> None:
        """Step back until there."""
        for _ in range(MOST):
            self.fresh()
            chain = ActionChains(self.browser.driver, duration=0)
            chain.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
            met = self.met(css)
            if met is not None and met["there"]:
                return
        raise AssertionError(f"no way back by keys to {css}")

    def enter(self, key: str = Keys.ENTER) -> None:
        """What the key does here leads to another page."""
        with page_turned(self.browser.driver):
            self.press(key)

    def follow(self, css: str) -> None:
        self.to(css)
        self.enter()

    def give(self, css: str, *text: str) -> None:
        """Step to a field, and type."""
        self.to(css)
        self.press(*text)

    def file(self, css: str, path: object) -> None:
        """Step to a file's field; which file it is one says to the system's own window."""
        self.to(css)
        self.browser.find(css).send_keys(str(path))

    def choose(self, css: str, value: str) -> None:
        """Step to a list, and down to what has this value."""
        self.to(css)
        self.pick(css, value)

    def pick(self, css: str, value: str) -> None:
        box = self.browser.find(css)
        values = [one.get_attribute("value") for one in box.find_elements("css selector", "option")]
        steps = values.index(value) - values.index(box.get_attribute("value"))
        self.press(*[Keys.DOWN if steps > 0 else Keys.UP] * abs(steps))
        assert box.get_attribute("value") == value

    def date(self, css: str, value: str) -> None:
        """Type a day, in whatever order this browser's language asks for it."""
        box = self.browser.find(css)
        year, month, day = value.split("-")
        for order in ((year, Keys.RIGHT, month, day), (month, day, year), (day, month, year)):
            self.press(*order)
            if box.get_attribute("value") == value:
                return
            self.press(*[Keys.LEFT] * 3)
        raise AssertionError(f"no way by keys to type {value} into {css}")

    def skip(self) -> None:
        """The first stop of a page leads past the menus, into the page."""
        self.fresh()
        met = self.stop()
        assert met is not None
        assert self.on("a.skip"), met
        self.press(Keys.ENTER)
        self.stop()
        assert self.on("main *"), "the skip link leads into the page"

    def round(self) -> int:
        """The whole page, once: nothing holds the focus, and nothing is met twice before the page has ended. How many stops it has."""
        self.fresh()
        for steps in range(MOST):
            met = self.stop()
            if met is None or met["again"]:
                assert steps > len(("skip", "brand", "find"))
                return steps
            assert met["onward"], (met, self.browser.driver.current_url)
        raise AssertionError(f"the page does not end: {self.browser.driver.current_url}")

    def walk(self, name: str, main: str) -> None:
        """A page of the journey before one acts on it: whole by keys at both widths, and in English as axe-core reads it."""
        driver = self.browser.driver
        now, here = driver.execute_script("return innerWidth"), self.browser.here()
        for width in WIDTHS:
            self.width(width)
            self.tabs[f"{name} {width}"] = self.from_the_start(main)
        self.browser.go(f"/lang/en?next={here}")
        for width in WIDTHS:
            self.width(width)
            self.browser.faults += [f"{name} at {width}: {one}" for one in (violations(driver) if axe() else [])]
        self.width(now)
        self.browser.go(f"/lang/zh?next={here}")
        self.browser.faults += self.browser.complaints()

    def from_the_start(self, main: str) -> int:
        """The whole page, once; how many steps past the menus its main thing is."""
        driver = self.browser.driver
        for _ in range(MOST):
            if driver.execute_script(NOWHERE):
                break
            self.stop()
        self.round()
        steps = int(driver.execute_script(PAST, main))
        assert steps, f"{main} is not met on {driver.current_url}"
        return steps
