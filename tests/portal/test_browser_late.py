"""B2 in Chromium: by a link past its time a yes is taken back in one press, by keyboard, on a phone and on a desk, in both languages."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody.services.deal_tell import deal_tell
from tests.driven import driven
from tests.portal.answering import AGREED, evidence
from tests.portal.conftest import DEAL, at, everybody
from tests.portal.reader import VIEWS, Reader
from tests.portal.serving import portal
from tests.portal.tokens import token

pytestmark = pytest.mark.part("browser")
OVER = timedelta(days=61)
CONTACT = "privacy@seller.example"


@pytest.fixture(scope="module")
def late(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str]]]:
    """One person for each view who agreed by a link whose time is over since."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("late") / "demo"))
    people = list(islice(everybody(where, *AGREED, lacks=("withdrawal",)), len(VIEWS)))
    links = [(who, token(where, who)) for who in people]
    with at(where, "zhouning") as desk:
        desk.clock.advance(OVER)
        deal_tell(desk, DEAL, {"seller_contact": CONTACT})  # the rehearsal's clock goes on from what was entered last
    return where, links


@pytest.fixture(scope="module")
def reader(late: tuple[Path, list[tuple[str, str]]]) -> Iterator[Reader]:
    with portal(late[0]) as base, driven() as driver:
        yield Reader(driver, base)


@pytest.mark.parametrize(("place", "view"), list(enumerate(VIEWS)))
def test_b2_a_yes_is_taken_back_by_a_late_link_by_keyboard(
    late: tuple[Path, list[tuple[str, str]]], reader: Reader, place: int, view: tuple[int, str]
):
    """It says what can still be done, shows no value and asks nothing; one press takes a yes back, the receipt is there, and how to reach the company."""
    (where, links), (width, lang) = late, view
    who, text = links[place]
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    assert ("一直能撤回" if lang == "zh" else "One press withdraws it") in reader.text()
    assert CONTACT in reader.text()
    assert reader.driver.find_elements(By.CSS_SELECTOR, "main input:not([type=hidden])") == []
    reader.shot(f"late-{width}-{lang}")
    reader.press("form:has(input[value='consent.separate']) button[value=withdrawn]")
    assert ("已撤回" if lang == "zh" else "Withdrawn") in reader.driver.find_element(By.ID, "said").text
    assert reader.driver.find_elements(By.CSS_SELECTOR, "form:has(input[value='consent.separate'])") == []
    assert len(reader.driver.find_elements(By.CSS_SELECTOR, "a[href*='/receipt/']")) > 0
    reader.shot(f"late-withdrawn-{width}-{lang}")
    assert "withdrawal" in {kind for _, kind in evidence(where, who)}
    assert reader.faults == []
