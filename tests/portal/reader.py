"""A customer before a browser: sizes and languages of the pages, and how one reads and presses there."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from custody.base import ids
from tests.axe import violations
from tests.driven import driven, opened, page_turned
from tests.portal.serving import portal

SHOTS = os.environ.get("CUSTODY_TEST_SHOTS", "")
VIEWS = [(390, "zh"), (390, "en"), (1280, "zh"), (1280, "en")]


@dataclass
class Reader:
    """Somebody with a keyboard and no mouse; `faults` is every policy violation and script error met."""

    driver: webdriver.Chrome
    base: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str, width: int) -> None:
        self.sized(width, 900)
        opened(self.driver, self.base + path)
        self.look(path.split("/")[1])

    def sized(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def press(self, css: str, most: int = 90) -> None:
        """Tab to the element, press Enter, and wait for the page that follows."""
        self.reach(css, most)
        with page_turned(self.driver):
            ActionChains(self.driver).send_keys(Keys.ENTER).perform()
        self.look("after")

    def reach(self, css: str, most: int = 90) -> None:
        """Move the focus there by Tab alone."""
        for _ in range(most):
            if self.driver.execute_script("return document.activeElement.matches(arguments[0])", css):
                return
            ActionChains(self.driver).send_keys(Keys.TAB).perform()
        raise AssertionError(f"no way to {css} by keyboard")

    def write(self, css: str, text: str) -> None:
        self.reach(css)
        ActionChains(self.driver).send_keys(text).perform()

    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "main").text

    def look(self, name: str) -> None:
        """Nothing is wider than the screen, nothing was complained of, no control is too small for a thumb, none is chosen beforehand."""
        self.faults += [
            one["message"] for one in self.driver.get_log("browser") if one["level"] in {"SEVERE", "WARNING"}
        ]
        wide, width = self.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= width, f"{name}: {wide} px wide"
        assert (
            self.driver.execute_script("return document.querySelectorAll(':checked:not(option), [autofocus]').length")
            == 0
        )
        self.faults += [f"{name}: {one}" for one in violations(self.driver)]
        small = self.driver.execute_script(_SMALL)
        assert small == [], name
        assert len(self.driver.find_elements(By.TAG_NAME, "h1")) == 1

    def shot(self, name: str) -> None:
        """With CUSTODY_TEST_SHOTS, keep a picture of the whole page."""
        if SHOTS:
            wide, height = self.driver.execute_script("return [innerWidth, document.documentElement.scrollHeight]")
            self.sized(wide, min(height, 3000))
            self.driver.save_screenshot(str(Path(SHOTS) / f"portal-{name}.png"))


_SMALL = """
return [...document.querySelectorAll('main button, main a.go, main input:not([type=hidden]):not([type=radio]), .langs a')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 80))
"""


@pytest.fixture(scope="module")
def where(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(shipped, tmp_path_factory.mktemp("browser") / "demo"))


@pytest.fixture(scope="module")
def reader(where: Path) -> Iterator[Reader]:
    with portal(where) as base, driven() as driver:
        yield Reader(driver, base)


def choose(reader: Reader, value: str) -> None:
    """Go to the choices by Tab, to this one, whatever its mark, by the arrow key."""
    reader.reach("input[name='which']")
    ActionChains(reader.driver).send_keys(Keys.SPACE).perform()
    for _ in range(60):
        if reader.driver.execute_script("return document.activeElement.value").partition("-")[0] == value:
            return
        ActionChains(reader.driver).send_keys(Keys.ARROW_DOWN).perform()
    raise AssertionError(f"no way to {value} by keyboard")


def unanswered(where: Path, who: str) -> None:
    """They have not said anything yet."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        for kept in ("answer WHERE", "evidence WHERE type LIKE 'consent.%' AND"):
            store.execute(f"DELETE FROM {kept} subject = ?", (ids.subject_bytes(who),))
