"""What stands between a signed map and a vault: recovery sheets, printed and typed back, with a mouse or with keys alone."""

import re
from typing import Any

from tests.web.hands import Hands

HOLDERS = "su he\nzhou ning\nli mo"
_LINE = re.compile(r"^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$", re.MULTILINE)


def paper(browser: Any, count: int = 2) -> str:
    """The lines that holders would type from the first `count` sheets on the page."""
    sheets = browser.driver.find_elements("css selector", "section.sheet pre")
    assert len(sheets) == 3
    return "\n".join(line for one in sheets[:count] for line in _LINE.findall(one.text))


def for_what_came(browser: Any, vault: str = "received") -> None:
    """The sheets of a vault that a hand-over made: printed and typed back before it is sealed anew."""
    browser.go(f"/recovery?vault={vault}")
    _print_and_try(browser)


def tried(browser: Any) -> None:
    """From the page of the sheets back to the map, which may be sealed now."""
    _print_and_try(browser)
    browser.press("去封存")
    browser.says("数据地图已签署")


def _print_and_try(browser: Any) -> None:
    browser.says("恢复单")
    browser.type("holders", HOLDERS)
    browser.press("生成恢复单")
    browser.says("请打印")
    browser.type("typed", paper(browser))
    browser.press("试")
    browser.says("打得开")


def tried_by_keys(hands: Hands) -> None:
    """The same without a mouse."""
    browser = hands.browser
    browser.says("恢复单")
    hands.to("[name=holders]")
    hands.press(HOLDERS)
    hands.follow("main form:has([name=holders]) button")
    browser.says("请打印")
    lines = paper(browser)
    hands.to("[name=typed]")
    hands.press(lines)
    hands.follow("main form:has([name=typed]) button")
    browser.says("打得开")
    hands.follow("main a[href^='/data/']")
    browser.says("数据地图已签署")
