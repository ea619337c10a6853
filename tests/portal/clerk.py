"""A member of staff before a browser, who types answers, papers and lists into the console."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.axe import violations
from tests.driven import driven, opened
from tests.portal.reader import Reader
from tests.web.serving import serve


class Clerk(Reader):
    """Somebody of the company at the console: as a customer, but for the size of buttons, which a desk may have smaller."""

    def look(self, name: str) -> None:
        """Nothing is wider than the screen, one heading, nothing that axe-core or the browser complains of."""
        self.faults += [
            one["message"] for one in self.driver.get_log("browser") if one["level"] in {"SEVERE", "WARNING"}
        ]
        wide, width = self.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= width, f"{name}: {wide} px wide"
        assert len(self.driver.find_elements(By.TAG_NAME, "h1")) == 1, name
        self.faults += [f"{name}: {one}" for one in violations(self.driver)]


@pytest.fixture(scope="module")
def where(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company where nobody was told yet."""
    made = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("telling") / "demo"))
    with sqlite3.connect(made / "seller" / "core.db") as store:
        store.execute("DELETE FROM evidence WHERE type LIKE 'notice.%'")
    return made


@pytest.fixture(scope="module")
def clerk(where: Path) -> Iterator[Clerk]:
    secret = where / "seller" / "keys" / "principals" / "zhouning.pass"
    with serve(where / "seller") as served, driven() as driver:
        one = Clerk(driver, served.base)
        one.sized(1280, 900)
        opened(driver, f"{served.base}/account/login/")
        one.write("[name=login]", "zhouning")
        one.write("[name=password]", secret.read_text(encoding="utf-8").strip())
        one.press("form button[type=submit]")
        yield one


def spoken(clerk: Clerk, path: str, width: int, lang: str) -> None:
    """A page in that language and width."""
    opened(clerk.driver, f"{clerk.base}/lang/{lang}")
    clerk.open(path, width)
