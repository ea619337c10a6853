"""A console of its own for each test module: a fresh home, a real server, a real browser that keeps what its console said."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.axe import axe, violations
from tests.driven import WAIT, driven, opened, page_turned, source
from tests.servers import postgres  # noqa: F401 - a fixture of the tests beside it
from tests.web.company import Company, company
from tests.web.serving import Served, serve

SHOTS = os.environ.get("CUSTODY_TEST_SHOTS", "")


@dataclass
class Browser:
    """Chromium, driven; `faults` is every policy violation and script error it met."""

    driver: webdriver.Chrome
    base: str
    downloads: Path
    faults: list[str] = field(default_factory=list)

    def anew(self) -> "Browser":
        """Forget what an earlier test was told, also what it did not live to read: a failure is not its neighbours'."""
        self.complaints()
        self.faults.clear()
        return self

    def complaints(self) -> list[str]:
        """What the browser complained of since it was last asked."""
        return [one["message"] for one in self.driver.get_log("browser") if one["level"] in {"SEVERE", "WARNING"}]

    def go(self, path: str) -> None:
        opened(self.driver, self.base + path)

    def here(self) -> str:
        """The page that is open, as another page's address may name it."""
        return quote(self.driver.current_url.removeprefix(self.base).split("#")[0], safe="/")

    def find(self, css: str) -> WebElement:
        return WebDriverWait(self.driver, WAIT).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))

    def type(self, name: str, text: str) -> None:
        box = self.find(f"[name='{name}']")
        if box.get_attribute("type") != "file":
            box.clear()
        box.send_keys(text)

    def press(self, words: str) -> None:
        """Press the button or link that says so, and wait for the page that follows."""
        path = f"//*[self::button or self::a][normalize-space(.)='{words}']"
        self.follow(WebDriverWait(self.driver, WAIT).until(lambda driver: driver.find_element(By.XPATH, path)))

    def submit(self, form: WebElement, button: str = "button") -> None:
        """Press a button of a form, and wait for the page that follows."""
        outside = form.get_attribute("id")
        scope = self.driver if outside else form
        self.follow(scope.find_element(By.CSS_SELECTOR, button))

    def follow(self, element: WebElement) -> None:
        """Click what leads to another page, and wait for that."""
        with page_turned(self.driver):
            element.click()

    def download(self, words: str) -> Path:
        """Click the link that says so, and wait for its file."""
        path = f"//a[contains(normalize-space(.), '{words}')]"
        link = WebDriverWait(self.driver, WAIT).until(lambda driver: driver.find_element(By.XPATH, path))
        return self.fetched(link.click)

    def fetched(self, press: Callable[[], object]) -> Path:
        """The file that comes of this."""
        before = set(self.downloads.iterdir())
        press()
        found = WebDriverWait(self.driver, WAIT).until(lambda _: _whole(set(self.downloads.iterdir()) - before))
        assert isinstance(found, Path)
        return found

    def patience(self, seconds: float, what: Callable[[], object]) -> None:
        """Wait longer than a page takes."""
        WebDriverWait(self.driver, seconds).until(lambda _: what())

    def says(self, words: str) -> None:
        """Wait until the page's heading says so; one that goes as it is read is no heading yet."""
        WebDriverWait(self.driver, WAIT).until(lambda _: words in self._heading(), words)

    def _heading(self) -> str:
        try:
            return str(self.driver.find_element(By.TAG_NAME, "h1").text)
        except (NoSuchElementException, StaleElementReferenceException):
            return ""
        except WebDriverException as error:  # the same, where the page goes between the search and the look
            if "does not belong to the document" not in str(error):
                raise
            return ""

    def source(self) -> str:
        """What the page is written in, its hidden parts too."""
        return source(self.driver)

    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def accessible(self, name: str) -> None:
        """Note what axe-core finds against WCAG 2.2 AA, at both widths, where it is here."""
        for width in (1280, 390) if axe() else ():
            self.driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
            )
            self.faults += [f"{name} at {width}: {one}" for one in violations(self.driver)]
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def shot(self, name: str) -> None:
        """Note what the browser complained of; with CUSTODY_TEST_SHOTS, keep pictures of both widths and both themes."""
        self.faults += self.complaints()
        self.accessible(name)
        if not SHOTS:
            return
        for width in (1280, 390):
            for theme in ("light", "dark"):
                self.driver.execute_cdp_cmd(
                    "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
                )
                self.driver.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
                )
                height = min(2600, self.driver.execute_script("return document.documentElement.scrollHeight"))
                wide = self.driver.execute_script("return document.documentElement.scrollWidth")
                assert wide <= width, f"{name} at {width}: {wide} px wide"
                self.driver.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
                )
                self.driver.save_screenshot(str(Path(SHOTS) / f"{name}-{width}-{theme}.png"))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.fixture(scope="session")
def seller(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[Company]:
    """A company up to the gate of its deal, for every test of pages that opens a deal of its own in it."""
    with company(tmp_path_factory.mktemp("seller") / "demo", 60, draw, CUSTODY_CONSOLE_PRIVATE="127.0.0.0/8") as made:
        yield made


@pytest.fixture(scope="session")
def chrome(seller: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium in which that company's people take turns: their sessions last as long as it does."""
    with chromium(seller.served.base, tmp_path_factory.mktemp("downloads")) as made:
        yield made


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The console of a fresh home."""
    with serve(tmp_path_factory.mktemp("console") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium in Chinese."""
    with chromium(served.base, tmp_path_factory.mktemp("downloads")) as made:
        yield made


@contextmanager
def chromium(base: str, downloads: Path) -> Iterator[Browser]:
    """The same, for whoever needs more than one console."""
    prefs = {
        "intl.accept_languages": "zh-CN,zh", "download.default_directory": str(downloads), "plugins.always_open_pdf_externally": True,
    }  # fmt: skip
    with driven("--lang=zh-CN", "--window-size=1280,900", **prefs) as driver:
        yield Browser(driver, base, downloads)
        if SHOTS:
            driver.save_screenshot(str(Path(SHOTS) / "last.png"))


def _whole(files: set[Path]) -> Path | None:
    """The one new file, when it is no longer being written."""
    done = [one for one in files if one.suffix != ".crdownload" and not one.name.startswith(".")]
    return done[0] if len(done) == 1 and len(files) == 1 else None
