"""B1 in Chromium: what came back in no form that is known is taken in, held on the list of work, and decided by whoever has read it, by keyboard."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from custody.acts.contacts import contacts
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned
from tests.portal.clerk import Clerk, clerk, spoken, where
from tests.portal.conftest import at
from tests.portal.test_returned_unclear import PROSE

__all__ = ["clerk", "where"]

pytestmark = pytest.mark.part("browser")
FORM = "form[action$='/bounces']"


def gone(where: Path, ref: str) -> str:
    """Our name of a message of this campaign that the relay took."""
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        (row,) = tx.find("campaign", ref=ref)
        first = tx.find("sending", order=("place",), campaign=str(row["id"]), state="planned")[0]
        tx.change("sending", {"state": "sent"}, campaign=str(row["id"]), subject=first["subject"])
    return str(first["message_id"])


@pytest.mark.parametrize(("width", "lang", "held"), [(390, "zh", "有回信看不懂"), (1280, "en", "somebody has to read")])
def test_b1_what_nobody_understands_is_read_and_decided(
    where: Path, clerk: Clerk, width: int, lang: str, held: str, tmp_path: Path
):
    """Taken in without a word it is held and stands among the work; taken in again as not arrived it came back."""
    ref = str(planned(where, text=f"Qinghe Books unclear {width}")["campaign"])
    name = gone(where, ref)
    file = tmp_path / "read.eml"
    file.write_text(PROSE.format(by="noreply@mx.example", name=name), encoding="utf-8")
    for say, count in (("", 0), ("failed", 1)):
        spoken(clerk, f"/campaigns/{ref}", width, lang)
        clerk.driver.find_element(By.CSS_SELECTOR, f"{FORM} [name=file]").send_keys(str(file))
        clerk.reach(f"{FORM} select")
        Select(clerk.driver.find_element(By.CSS_SELECTOR, f"{FORM} select")).select_by_value(say)
        clerk.press(f"{FORM} button")
        assert (held in clerk.text()) is not bool(say)
        clerk.shot(f"unclear-{say or 'held'}-{width}-{lang}")
        with at(where, "zhouning") as desk:
            assert campaign_show(desk, ref, 0)["counts"]["bounced"] == count
    assert clerk.faults == []


@pytest.mark.parametrize(("width", "lang", "shown"), [(390, "zh", "客户的回信"), (1280, "en", "Written back")])
def test_b1_what_a_customer_wrote_back_is_read_and_noted(where: Path, clerk: Clerk, width: int, lang: str, shown: str):
    """It stands on the campaign's page and among open work with its day, until somebody says there what it was."""
    ref = str(planned(where, text=f"Qinghe Books reply {width}")["campaign"])
    name = gone(where, ref)
    with at(where, "zhouning") as desk:
        with desk.store.read() as tx:
            (row,), (matter,) = tx.find("sending", message_id=name), tx.find("matter")
            address = contacts(desk, tx, str(matter["vault"]), [row["subject"]])[row["subject"]].email
        campaign_bounces(
            desk, ref, [f"From: {address}\nIn-Reply-To: {name}\nMessage-ID: <r@b>\n\nThank you.\n".encode()]
        )
    spoken(clerk, "/open-work", width, lang)
    assert shown in clerk.text()
    spoken(clerk, f"/campaigns/{ref}", width, lang)
    assert shown in clerk.text()
    clerk.shot(f"written-back-{width}-{lang}")
    form = "form[action$='/reply']"
    clerk.reach(f"{form} select")
    Select(clerk.driver.find_element(By.CSS_SELECTOR, f"{form} select")).select_by_value("nothing")
    clerk.press(f"{form} button")
    assert shown not in clerk.text()
    with at(where, "zhouning") as desk:
        assert campaign_show(desk, ref, 0)["replies_total"] == 0
    assert clerk.faults == []
