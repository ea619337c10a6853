"""A Chromium that a test drives, with everything that its pages complain of kept to be read."""

from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.support.ui import WebDriverWait

TRIES = 3  # on a busy host the driver may give up before the browser has begun
WAIT = 60  # a busy host is not a fault
_MARK = "window.custodyMark = true"
_SOURCE = "return document.body && document.body.childElementCount ? document.documentElement.outerHTML : ''"
_TURNED = "return !window.custodyMark && document.readyState === 'complete'"


@contextmanager
def driven(*words: str, **prefs: object) -> Iterator[webdriver.Chrome]:
    """Headless, with these words and preferences."""
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", *words):
        options.add_argument(word)
    options.add_experimental_option("prefs", prefs)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = _begun(options)
    driver.set_script_timeout(WAIT)
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def page_turned(driver: webdriver.Chrome) -> Iterator[None]:
    """What is done here leads to another page: go on when that one is whole, and never by what the driver says of the old one."""
    driver.execute_script(_MARK)
    yield
    # Between two pages the driver may fail in many ways: none of them says that the next one has come.
    waiting = WebDriverWait(driver, WAIT, ignored_exceptions=[WebDriverException])
    waiting.until(lambda now: now.execute_script(_TURNED), "the next page did not come")


def opened(driver: webdriver.Chrome, url: str) -> None:
    """Go to an address and wait for its page: on a busy host the driver may say it is there while the old one still goes."""
    with page_turned(driver):
        driver.get(url)


def source(driver: webdriver.Chrome) -> str:
    """What the page is written in; never the nothing between two pages, which would lack whatever is looked for."""
    waiting = WebDriverWait(driver, WAIT, ignored_exceptions=[WebDriverException])
    return str(waiting.until(lambda now: now.execute_script(_SOURCE), "the page has no body"))


def _begun(options: webdriver.ChromeOptions, left: int = TRIES) -> webdriver.Chrome:
    try:
        return webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    except WebDriverException:
        if left == 1:
            raise
        return _begun(options, left - 1)
