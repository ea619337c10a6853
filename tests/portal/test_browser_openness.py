"""B5 in Chromium: the openness page on a phone and on a desk, in both languages, by keyboard; a receipt is checked on it, an altered one refused."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from custody.base.canonical import unb64
from custody.cli.pages.openness_page import openness_page
from custody.services.openness import openness
from tests.axe import violations
from tests.driven import WAIT, driven
from tests.portal.answering import answer
from tests.portal.conftest import at, somebody
from tests.portal.lives import lived
from tests.portal.reader import _SMALL, VIEWS, Reader
from tests.portal.tokens import token

pytestmark = pytest.mark.part("browser")


class Anybody(Reader):
    """A reader of the page for the public: it begins in a language, so a radio button is chosen."""

    def look(self, name: str) -> None:
        self.faults += [one["message"] for one in self.driver.get_log("browser")]
        wide, width = self.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= width, f"{name}: {wide} px wide"
        self.faults += [f"{name}: {one}" for one in violations(self.driver)]
        assert self.driver.execute_script(_SMALL) == [], name
        assert len([one for one in self.driver.find_elements(By.TAG_NAME, "h1") if one.is_displayed()]) == 1


@pytest.fixture(scope="module")
def where(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(shipped, tmp_path_factory.mktemp("openness") / "demo"))


@pytest.fixture(scope="module")
def receipt(where: Path) -> bytes:
    """What somebody kept when they objected."""
    who = somebody(where, "notice.delivered", lacks=("objection",))
    return bytes(unb64(answer(where, token(where, who), "objection", "objected")["receipt"]))


@pytest.fixture(scope="module")
def page(where: Path, receipt: bytes) -> Path:  # noqa: ARG001 - the page is made after the receipt was signed
    made = where.parent / "openness.html"
    made.write_text(openness_page(lived(where), "zh"), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def anybody() -> Iterator[Anybody]:
    with driven() as driver:
        yield Anybody(driver, "file://")


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b5_the_openness_page_by_keyboard(
    page: Path, anybody: Anybody, receipt: bytes, tmp_path: Path, width: int, lang: str
):
    """The language, the figures as a table and the way to check are reached by Tab; a receipt is known, an altered one and rubbish are not."""
    anybody.open(str(page), width)
    if lang == "en":
        anybody.reach("#lang-zh")
        ActionChains(anybody.driver).send_keys(Keys.ARROW_RIGHT).perform()
        anybody.look("en")
    words = ("我们怎样对待您的信息", "Transfers") if lang == "zh" else ("How we treat", "移交给了谁")
    assert words[0] in anybody.text()
    assert words[1] not in anybody.text()
    here = f"div.{lang}"
    for opened in (f"{here} details summary", f"{here} section[aria-labelledby=ledger-{lang}] summary"):
        anybody.reach(opened)
        ActionChains(anybody.driver).send_keys(Keys.ENTER).perform()
    assert anybody.driver.find_element(By.CSS_SELECTOR, f"{here} table.figures").is_displayed()
    checked(anybody, receipt, tmp_path, lang)
    anybody.look("checked")
    anybody.shot(f"openness-{width}-{lang}")
    assert anybody.faults == []


def checked(anybody: Anybody, receipt: bytes, folder: Path, lang: str) -> None:
    """Files chosen one after another, and what the page says of each; the words of a right one are shown, of a wrong one none."""
    envelope = json.loads(receipt)
    swapped = json.dumps({**envelope, "payloadType": envelope["payloadType"] + "x"}).encode()
    files = {
        "good": receipt, "cut": receipt[:-40], "other": swapped, "altered": receipt.replace(b'"payload":"', b'"payload":"A'), "again": receipt,
    }  # fmt: skip
    said = {"good": "note-ok", "again": "note-ok"}
    anybody.reach(f"#file-{lang}", 120)
    for name, data in files.items():
        file = folder / f"{name}.dsse.json"
        file.write_bytes(data)
        anybody.driver.find_element(By.ID, f"file-{lang}").send_keys(str(file))
        status = anybody.driver.find_element(By.CSS_SELECTOR, f"div.{lang} .ask [role=status]")
        wanted = said.get(name, "note-stop")
        WebDriverWait(anybody.driver, WAIT).until(lambda _, w=wanted, s=status: w in (s.get_attribute("class") or ""))
        shown = anybody.driver.find_element(By.CSS_SELECTOR, f"div.{lang} .ask [data-shown]")
        assert shown.is_displayed() == (name in said)


def test_b5_another_companys_receipt_is_not_ours(where: Path, anybody: Anybody, receipt: bytes, tmp_path: Path):
    """Whole and rightly signed, but by another identity than the page's: refused."""
    other = lived_elsewhere(where)
    made = tmp_path / "openness.html"
    made.write_text(other, encoding="utf-8")
    file = tmp_path / "receipt.dsse.json"
    file.write_bytes(receipt)
    anybody.open(str(made), 390)
    anybody.driver.find_element(By.ID, "file-zh").send_keys(str(file))
    status = anybody.driver.find_element(By.CSS_SELECTOR, "div.zh .ask [role=status]")
    WebDriverWait(anybody.driver, WAIT).until(lambda _: "note" in (status.get_attribute("class") or ""))
    assert "note-stop" in str(status.get_attribute("class"))


def lived_elsewhere(where: Path) -> str:
    """The buyer's page."""
    with at(where, "fanyuan", "buyer") as desk:
        return openness_page(openness(desk), "zh")


def test_b5_without_scripts_the_page_says_how_to_check_by_hand(page: Path):
    """Everything but the check is there, and the tool for it is named."""
    with driven(**{"profile.managed_default_content_settings.javascript": 2}) as driver:
        driver.get(f"file://{page}")
        text = driver.find_element(By.TAG_NAME, "main").text
    assert "custody-verify" in text
    assert "有什么，为什么，留多久" in text
