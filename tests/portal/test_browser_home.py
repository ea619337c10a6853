"""B3 in Chromium: the buyer's page after a hand-over, by keyboard, on a phone and on a desk, in Chinese and English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.driven import driven
from tests.portal.arrivals import came, opened, people
from tests.portal.conftest import at
from tests.portal.reader import VIEWS, Reader, choose
from tests.portal.serving import portal
from tests.portal.somebody import NUMBER, values

__all__ = ["came", "people"]
pytestmark = pytest.mark.part("browser")


def _own_to_change(told: dict[str, list[str]]) -> str:
    """Something on file that the person alone may change: where they live."""
    return next(
        cls for cls in ("contact.address", "contact.city", "contact.region", "contact.country") if told.get(cls)
    )


@pytest.fixture(scope="module")
def reader(came: Path) -> Iterator[Reader]:
    with portal(came, "buyer") as base, driven() as driver:
        yield Reader(driver, base)


@pytest.mark.parametrize(("place", "view"), list(enumerate(VIEWS)))
def test_b3_the_buyers_page_by_keyboard(
    came: Path, people: list[str], reader: Reader, place: int, view: tuple[int, str]
):
    """Object and withdraw by one press each; the first that is taken back takes the second factor, within whose time the next is one press; then a copy asked for."""
    (width, lang), who = view, people[-1 - place]
    text = opened(came, who)
    with at(came, "yeqing", "buyer") as desk:
        (number,), cls = values(desk, who)[NUMBER], _own_to_change(values(desk, who))
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    assert number not in reader.text()
    assert ("现在由" if lang == "zh" else "now holds") in reader.driver.find_element(By.TAG_NAME, "h1").text
    reader.shot(f"home-{width}-{lang}")
    for first, (act, question) in ((True, ("objected", "objection.use")), (False, ("withdrawn", "consent.carried"))):
        reader.press(f"button[value={act}]")
        assert ("负责的人已经收到" if lang == "zh" else "Whoever is responsible has it") in reader.text()
        assert reader.driver.find_elements(By.CSS_SELECTOR, f"button[value={act}]") == []
        reader.press(f"form:has(input[value='{question}']) button[value=lifted]")
        if first:
            assert ("收回" if lang == "zh" else "takes it back") in reader.text()
            reader.write("#v-customer-number", number)
            reader.press("form:has(#v-customer-number) button")
        assert reader.driver.find_elements(By.CSS_SELECTOR, f"button[value={act}]") != []
    assert number in reader.text()
    reader.press("a[href$='/ask/copy']")
    reader.press("main form button")
    assert "R-2026-" in reader.text()
    reader.shot(f"home-asked-{width}-{lang}")
    reader.press("a[href$='/ask/correct']")
    choose(reader, f"{cls}/0")
    reader.write("#value", f"解放路 {place + 1} 号")
    reader.press("form[action$='/correct'] button")
    assert ("已经改好了" if lang == "zh" else "It is corrected") in reader.text()
    assert f"解放路 {place + 1} 号" in reader.text()
    reader.shot(f"home-corrected-{width}-{lang}")
    assert reader.faults == []
