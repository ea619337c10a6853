"""B2, B3 in Chromium: what is chosen apart: a guardian's no, two consents each by itself, the language in the middle of a journey; keyboard, both widths."""

import base64
import sqlite3
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody.base import ids
from custody.services.guardian_show import guardian_show
from tests.portal.answering import asked, child, page, portal_value
from tests.portal.conftest import DEAL, at, everybody, somebody
from tests.portal.guarding import silent
from tests.portal.reader import VIEWS, Reader, reader, unanswered, where
from tests.portal.tokens import token

__all__ = ["reader", "where"]
SEPARATE, SENSITIVE, GUARDIAN = "consent.separate", "consent.separate.sensitive", "consent.guardian"
pytestmark = pytest.mark.part("browser")


def form(question: str) -> str:
    """The question that is asked, as it stands on the page."""
    return f"form:has(input[value='{question}'])"


def asked_twice(where: Path) -> tuple[str, str]:
    """Somebody who is asked two consents and has answered neither, and their link."""
    for who in everybody(where, "notice.delivered", lacks=("objection", "consent.refused", "withdrawal")):
        unanswered(where, who)
        text = token(where, who)
        if {SEPARATE, SENSITIVE} <= set(asked(where, text)):
            return who, text
    raise AssertionError("nobody is asked twice")


def on_file(where: Path, who: str) -> set[str]:
    """The kinds of consent that the gate reads of this person."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        rows = store.execute("SELECT type FROM evidence WHERE subject = ?", (ids.subject_bytes(who),))
        return {kind for (kind,) in rows if kind.startswith("consent.")}


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_a_guardians_no_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """A no for a child takes one press and no proof, is said back, is not asked again, and the data does not move."""
    who = child(where)
    unanswered(where, who)
    text = token(where, who)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    sizes = [one.size for one in reader.driver.find_elements(By.CSS_SELECTOR, f"{form(GUARDIAN)} .duo .btn")]
    assert len(sizes) == 2
    assert sizes[0] == sizes[1]
    reader.press(f"{form(GUARDIAN)} .duo button[value=refused]")
    assert ("已记下：不同意" if lang == "zh" else "you do not agree") in reader.text()
    assert "/proof" not in reader.driver.current_url
    assert reader.driver.find_elements(By.CSS_SELECTOR, f"{form(GUARDIAN)} .duo") == []
    reader.shot(f"guardian-no-{width}-{lang}")
    told = page(where, text)
    assert [one["act"] for one in told["answers"] if one["question"] == GUARDIAN] == ["refused"]
    assert told["outlook"] not in {"moves", "moves-in-part"}
    assert GUARDIAN not in on_file(where, who)
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_two_consents_are_answered_apart_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """Each has its own words and its own two buttons; a no to one leaves the other open, a yes to the other takes nothing back."""
    who, text = asked_twice(where)
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    heads = [one.text for one in reader.driver.find_elements(By.CSS_SELECTOR, "section.ask:has(.duo) h2")]
    assert len(heads) == len(set(heads)) >= 2
    reader.shot(f"two-{width}-{lang}")
    reader.press(f"{form(SENSITIVE)} .duo button[value=refused]")
    assert reader.driver.find_elements(By.CSS_SELECTOR, f"{form(SENSITIVE)} .duo") == []
    assert reader.driver.find_elements(By.CSS_SELECTOR, f"{form(SEPARATE)} .duo") != []
    assert {SEPARATE, SENSITIVE} & on_file(where, who) == set()
    reader.press(f"{form(SEPARATE)} .duo button[value=given]")
    assert {SEPARATE, SENSITIVE} & on_file(where, who) == set()
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    assert {SEPARATE, SENSITIVE} & on_file(where, who) == {SEPARATE}
    answers = {one["question"]: one["act"] for one in page(where, text)["answers"]}
    assert (answers[SENSITIVE], answers[SEPARATE]) == ("refused", "given")
    reader.shot(f"two-answered-{width}-{lang}")
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b3_the_language_changes_in_the_middle_of_a_journey(where: Path, reader: Reader, width: int, lang: str):
    """At the second factor, at a question of one's own, on the page: the same step in the other language, and who proved who they are still has."""
    text, other = token(where, somebody(where, "consent.separate")), "en" if lang == "zh" else "zh"
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    reader.press("a[href$='/ask/copy']")
    assert f"/{lang}/t/{text}/proof" in reader.driver.current_url
    reader.press(f".langs a[lang={other}]")
    assert f"/{other}/t/{text}/proof" in reader.driver.current_url
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    assert reader.driver.current_url.endswith(f"/{other}/t/{text}/ask/copy")
    reader.press(f".langs a[lang={lang}]")
    assert reader.driver.current_url.endswith(f"/{lang}/t/{text}/ask/copy")
    reader.shot(f"switched-{width}-{lang}")
    reader.press("main form button")
    assert ("已收到您的请求" if lang == "zh" else "Your request is in") in reader.text()
    reader.press(f".langs a[lang={other}]")
    assert value in reader.text()
    assert ("已收到您的请求" if other == "zh" else "Your request is in") in reader.text()
    assert "R-2026-" in reader.text()
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_a_guardian_sends_the_paper_by_keyboard(where: Path, reader: Reader, width: int, lang: str, tmp_path: Path):
    """The second factor first; what is no picture is refused in place; a picture, or a PDF, as a browser makes them arrives, and the page says so."""
    who = silent(where)
    text = token(where, who)
    by, value = portal_value(where, text)
    kind = "jpeg" if width == VIEWS[0][0] else "png"  # a child's papers of one day are few
    picture, wrong = tmp_path / f"a.{kind}", tmp_path / "a.pdf"
    picture.write_bytes(
        base64.b64decode(reader.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": kind})["data"])
    )
    wrong.write_bytes(base64.b64decode(reader.driver.execute_cdp_cmd("Page.printToPDF", {})["data"]))
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}/paper", width)
    assert "/proof" in reader.driver.current_url
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    assert reader.driver.current_url.endswith("/paper")
    reader.shot(f"paper-{width}-{lang}")
    reader.driver.find_element(By.NAME, "paper").send_keys(str(wrong))
    reader.press("main form button")
    assert reader.driver.find_elements(By.CSS_SELECTOR, "[role=alert]")
    reader.driver.find_element(By.NAME, "paper").send_keys(str(picture))
    reader.press("main form button")
    assert ("已收到证件" if lang == "zh" else "The paper is in") in reader.text()
    with at(where, "zhouning") as desk:
        assert guardian_show(desk, DEAL, who)["papers"][0]["kind"] == kind
    assert [one for one in reader.faults if "status of 400" not in one] == []
    reader.faults.clear()
