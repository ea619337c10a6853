"""B2 in Chromium: the page of whoever went over and of whom nothing is left at the seller: what they agreed to stands there with its receipt and is taken back by keyboard."""

from pathlib import Path

import pytest

from tests.driven import driven
from tests.portal.answering import page
from tests.portal.destroyed import accounted, delivered, gone
from tests.portal.reader import Reader
from tests.portal.serving import portal
from tests.portal.test_withdrawn_after import SEVERAL, agreed

pytestmark = pytest.mark.part("browser")


def test_b2_who_is_gone_takes_back_what_they_agreed_to_by_keyboard(played: Path):
    """On a phone, in both languages; afterwards no yes is offered there."""
    some = agreed(played, SEVERAL)
    delivered(played)
    accounted(played)
    gone(played)
    text = next(one[1] for one in some if page(played, one[1])["outlook"] == "gone")
    with portal(played) as base, driven() as driver:
        reader = Reader(driver, base)
        for lang, said in (("zh", "撤回"), ("en", "Withdraw")):
            reader.open(f"/{lang}/t/{text}", 390)
            assert said in reader.text()
            reader.shot(f"gone-390-{lang}")
        reader.press("button[value=withdrawn]")
        assert "Withdrawn" in reader.text()
        assert "asked again" not in reader.text()
        assert "–" not in reader.text(), "what is not held any more is not told as kinds of data"
        reader.shot("gone-withdrawn-390-en")
        assert not driver.find_elements("css selector", "button[value=given]")
        assert reader.faults == []
