"""A Chromium that a test drives, with everything that its pages complain of kept to be read."""

from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.common.exceptions import WebDriverException

TRIES = 3  # on a busy host the driver may give up before the browser has begun


@contextmanager
def driven(*words: str, **prefs: object) -> Iterator[webdriver.Chrome]:
    """Headless, with these words and preferences."""
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", *words):
        options.add_argument(word)
    options.add_experimental_option("prefs", prefs)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = _begun(options)
    try:
        yield driver
    finally:
        driver.quit()


def _begun(options: webdriver.ChromeOptions, left: int = TRIES) -> webdriver.Chrome:
    try:
        return webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    except WebDriverException:
        if left == 1:
            raise
        return _begun(options, left - 1)
