"""C1: a printed page holds what the page holds: rows that wait behind a line on the screen stand on the paper."""

import pytest

from tests.web.company import DEAL

pytestmark = pytest.mark.part("browser")
SEEN = "return [...document.querySelectorAll('details:has(table) tbody tr')].map(row => row.checkVisibility())"


def test_c1_rarer_reasons_are_on_the_paper(seller, chrome):
    """Shut on the screen, open in print: whoever files the page has every reason under the total."""
    at = seller.as_("suhe", chrome.anew())
    at.go(f"/deals/{DEAL}")
    shut = at.driver.execute_script(SEEN)
    assert shut, "there are rarer reasons"
    assert not any(shut)
    try:
        at.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert all(at.driver.execute_script(SEEN))
    finally:
        at.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert not any(at.driver.execute_script(SEEN))
