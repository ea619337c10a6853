"""C7, B3 in Chromium: the page of whoever was called back, before the buyer confirmed it and after, on a phone and on a desk, in both languages."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody import wiring
from custody.services.recall import recall
from custody.services.reconcile import reconcile
from custody.services.release import release
from tests.driven import driven
from tests.portal.answering import AGREED, answer
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.reader import VIEWS, Reader
from tests.portal.serving import portal
from tests.portal.test_called_back import by_two, taken
from tests.portal.tokens import token

pytestmark = pytest.mark.part("browser")


@pytest.fixture(scope="module")
def back(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Somebody who went over, objected and was called back: their link, and their receipt's number."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("back") / "demo"))
    text = token(where, somebody(where, *AGREED, lacks=("objection", "consent.refused", "withdrawal")))
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    taken(where)
    number = str(answer(where, text, "objection", "objected")["record"])
    by_two(where, recall)
    return where, text, number


@pytest.fixture(scope="module")
def reader(back: tuple[Path, str, str]) -> Iterator[Reader]:
    with portal(back[0]) as base, driven() as driver:
        yield Reader(driver, base)


@pytest.fixture(scope="module")
def confirmed(back: tuple[Path, str, str]) -> None:
    """The buyer carried it out and said so."""
    where = back[0]
    taken(where)
    with at(where, "limo") as desk:
        assert reconcile(desk, DEAL, wiring.folder(where / "handover"))["ok"]


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_c7_the_page_of_whoever_was_called_back(back: tuple[Path, str, str], reader: Reader, width: int, lang: str):
    """The buyer owes its answer: the headline, the step that waits, and the same by the receipt's number, by keyboard."""
    _, text, number = back
    looks(reader, text, width, lang)
    assert ("它还没有确认" if lang == "zh" else "has not confirmed it yet") in reader.text()
    reader.shot(f"called-back-{width}-{lang}")
    checks(reader, number, width, lang)
    assert ("销毁收到的内容" if lang == "zh" else "destroys what it had received") not in reader.text()
    assert reader.faults == []


@pytest.mark.usefixtures("confirmed")
@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_c7_the_page_once_the_buyer_confirmed_it(back: tuple[Path, str, str], reader: Reader, width: int, lang: str):
    """The day stands on the page and by the number."""
    _, text, number = back
    looks(reader, text, width, lang)
    assert ("已确认：" if lang == "zh" else "Confirmed on") in reader.text()
    reader.shot(f"called-back-confirmed-{width}-{lang}")
    checks(reader, number, width, lang)
    assert ("销毁收到的内容" if lang == "zh" else "destroys what it had received") in reader.text()
    assert reader.faults == []


def looks(reader: Reader, text: str, width: int, lang: str) -> None:
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    head = reader.driver.find_element(By.TAG_NAME, "h1").text
    assert ("收回您的信息" if lang == "zh" else "called back from") in head


def checks(reader: Reader, number: str, width: int, lang: str) -> None:
    reader.open(f"/{lang}/check", width)
    reader.write("#number", number)
    reader.press("form:has(#number) button")
    assert ("收回" if lang == "zh" else "called back from") in reader.driver.find_element(By.ID, "found").text
