"""B3 in Chromium: the page of whoever was told after the first release, on a phone and on a desk, in both languages: it may still move, until when, and the objection by keyboard."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.driven import driven
from tests.portal.answering import answer, page
from tests.portal.reader import VIEWS, Reader
from tests.portal.serving import portal
from tests.portal.test_told_later import days_anew
from tests.portal.told_later import left_out, listed

pytestmark = pytest.mark.part("browser")


@pytest.fixture(scope="module")
def later(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Told after the release, with new days; and their link."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("later") / "demo"))
    who, text = left_out(where)
    listed(where, who, "notice.delivered")
    days_anew(where)
    return where, text


@pytest.fixture(scope="module")
def reader(later: tuple[Path, str]) -> Iterator[Reader]:
    with portal(later[0]) as base, driven() as driver:
        yield Reader(driver, base)


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b3_who_was_told_after_the_release_objects_by_keyboard(
    later: tuple[Path, str], reader: Reader, width: int, lang: str
):
    """It will move, days are left, one press objects, and the page then says that it did not move; it is taken back for the next view."""
    where, text = later
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    assert ("将转到" if lang == "zh" else "will move to") in reader.driver.find_element(By.TAG_NAME, "h1").text
    assert ("还有" if lang == "zh" else "days left") in reader.text()
    reader.shot(f"told-later-{width}-{lang}")
    reader.press("button[value=objected]")
    assert ("没有转走" if lang == "zh" else "has not moved") in reader.driver.find_element(By.TAG_NAME, "h1").text
    reader.shot(f"told-later-objected-{width}-{lang}")
    assert reader.faults == []
    assert page(where, text)["objected"]
    answer(where, text, "objection", "lifted")
