"""B1, B4, A7 in Chromium: the console's forms of telling and answering people, by keyboard, on a phone and on a desk, in Chinese and English."""

import sqlite3
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_post import campaign_post
from custody.services.request_new import request_new
from tests.portal.campaigns import planned
from tests.portal.clerk import Clerk, clerk, spoken, where
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.printing import printed
from tests.portal.publishing import WORDS, korean, listed
from tests.portal.reader import VIEWS

__all__ = ["clerk", "where"]

pytestmark = pytest.mark.part("browser")
ASKED = {"kind": "copy", "channel": "desk", "proof": "in-person"}


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b4_work_is_given_by_keyboard(where: Path, clerk: Clerk, width: int, lang: str):
    """On the page of a request: to whom, by when, one press; the page then names the person."""
    with at(where, "zhouning") as desk:
        ref = request_new(desk, laws(where), DEAL, next(everybody(where)), ASKED)["ref"]
    spoken(clerk, f"/requests/{ref}", width, lang)
    clerk.reach("[name=to]")
    clerk.driver.execute_script("document.activeElement.select()")
    clerk.write("[name=to]", "suhe")
    clerk.shot(f"assign-{width}-{lang}")
    clerk.press("button[value=assign]")
    assert "suhe" in clerk.text()
    assert clerk.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b1_letters_are_printed_and_posted_by_keyboard(
    where: Path, clerk: Clerk, width: int, lang: str, tmp_path: Path
):
    """The form of the pages is reached and filled in; then the day and the post's receipt, one press, and the figures say posted."""
    ref = planned(where, text=f"Qinghe Books {width} {lang}")["campaign"]
    printed(where, ref)
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(b"the post's receipt")
    with at(where, "zhouning") as desk:
        day = desk.clock.now().date()
    spoken(clerk, f"/campaigns/{ref}", width, lang)
    clerk.write("form[action$='/pages'] [name=back]", "1 Lakeside Road, Hangzhou")
    clerk.reach("form[action$='/pages'] select")
    clerk.reach("form[action$='/pages'] button")
    clerk.reach("form[action$='/post'] [name=on]")
    clerk.driver.execute_script(
        "document.activeElement.value = arguments[0]", str(day)
    )  # how a date is typed is the browser's own
    clerk.driver.find_element(By.CSS_SELECTOR, "form[action$='/post'] [name=file]").send_keys(str(receipt))
    clerk.shot(f"post-{width}-{lang}")
    clerk.press("form[action$='/post'] button")
    assert ("已寄出" if lang == "zh" else "osted") in clerk.text()
    assert clerk.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b1_a_public_notice_is_planned_by_keyboard(where: Path, clerk: Clerk, width: int, lang: str):
    """Where nobody may be told so, it says who is reached otherwise; where somebody may, the page says until when it must stand."""
    with at(where, "zhouning") as desk:
        day = str(desk.clock.now().date())
    for may in (False, True):
        if may:
            returned(where)
        spoken(clerk, "/publications", width, lang)
        clerk.write("[name=where]", WORDS["where"])
        clerk.reach("[name=from]")
        clerk.driver.execute_script("document.activeElement.value = arguments[0]", day)
        clerk.write("[name=text]", WORDS["text"])
        clerk.press("main form button.btn-1[type=submit]")
        if not may and "/P-" not in clerk.driver.current_url:
            assert (
                clerk.driver.find_element(By.CSS_SELECTOR, "[data-slug]").get_attribute("data-slug")
                == "publication.nobody"
            )
    assert "/publications/P-2026-" in clerk.driver.current_url
    clerk.reach("[name=until]")
    clerk.reach("[name=file]")
    clerk.reach("button[value=look]")
    clerk.shot(f"publication-{width}-{lang}")
    assert [one for one in clerk.faults if "status of 40" not in one] == []
    clerk.faults.clear()


def returned(where: Path) -> None:
    """Two letters of people in Korea came back, and nothing else is on its way to anybody."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM sending")
    ref = planned(where)["campaign"]
    _, shown = printed(where, ref)
    with at(where, "zhouning") as desk:
        campaign_post(desk, ref, str(desk.clock.now().date()), b"receipt")
        campaign_bounces(desk, ref, ["\n".join(sorted(one["number"] for one in shown)[:2]).encode()])
    korean(where, listed(where, "bounced", 1_000))


@pytest.mark.parametrize(("width", "lang"), VIEWS)
@pytest.mark.parametrize(
    ("path", "controls"),
    [
        (
            f"/deals/{DEAL}/papers/cn-notice",
            ("[name=sender]", "[name=pages]", "[name=page_line]", "button[value=tell]"),
        ),
        (f"/deals/{DEAL}/answers", ("[name=consents]", "[name=texts]", "[name=zone]", "#before button")),
        ("/campaigns", ("[name=sender]", "[name=subject]", "[name=text]", "[name=pages]")),
    ],
)
def test_b1_further_forms_are_reached_by_keyboard(
    clerk: Clerk, path: str, controls: tuple[str, ...], width: int, lang: str
):
    """Every control of the forms by which people are told and consents taken in, in the order of the page; the page passes every check."""
    spoken(clerk, path, width, lang)
    for one in controls:
        clerk.reach(one, 150)
    assert clerk.faults == []
