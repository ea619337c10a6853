"""B1 in Chromium: letters to many are asked for and confirmed on a page, by keyboard, on a phone and on a desk, in Chinese and English."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.portal.campaigns import planned
from tests.portal.clerk import Clerk, clerk, spoken, where
from tests.portal.printing import BACK, signed_in, unreached
from tests.portal.reader import VIEWS
from tests.web.visitor import Visitor

__all__ = ["clerk", "where"]

pytestmark = pytest.mark.part("browser")


@pytest.fixture(scope="module")
def both(where: Path, clerk: Clerk) -> tuple[Visitor, Visitor]:
    """The owner, and the clerk's own second factor."""
    return signed_in(where, clerk.base, "suhe"), signed_in(where, clerk.base, "zhouning")


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b1_letters_are_asked_for_and_confirmed_by_keyboard(where: Path, clerk: Clerk, both: tuple[Visitor, Visitor], width: int, lang: str):  # fmt: skip
    """From the campaign to the page and asked; what a colleague asks is found in the inbox, looked at and confirmed, the file comes for whoever asked."""
    other, mine = both
    ref = planned(where, text=f"Qinghe Books\nby post {width} {lang}")["campaign"]
    unreached(where, ref)
    spoken(clerk, f"/campaigns/{ref}", width, lang)
    clerk.press("form[action$='/letters'] button", 150)
    assert clerk.driver.current_url.endswith(f"/campaigns/{ref}/out/list")
    clerk.shot(f"letters-ask-{width}-{lang}")
    clerk.press("button[value=ask]")
    assert clerk.driver.find_elements(By.CSS_SELECTOR, "button[value=drop]")
    path = f"/campaigns/{ref}/out/pages"
    other.get(path)
    other.post(path, step="ask", content=other.field("content"), back=BACK, side="left")
    spoken(clerk, "/inbox", width, lang)
    clerk.press(f"main a[href='{path}']")
    assert BACK in clerk.text()
    assert "by post" in clerk.text()
    clerk.write("[name=code]", mine.code())
    clerk.shot(f"letters-confirm-{width}-{lang}")
    clerk.press("button.btn[value=approve]")
    other.get(path)
    other.post(path, step="do", content=other.field("content"), code=other.code(), ref=ref)
    assert other.said["Content-Type"] == "application/pdf"
    assert clerk.faults == []
