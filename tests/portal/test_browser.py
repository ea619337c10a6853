"""B2, B3 in Chromium: every journey by keyboard, on a phone and on a desk, in Chinese and English; no script error, no overflow."""

import sqlite3
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from custody.acts import links
from custody.base import ids
from custody.base.canonical import unb64
from tests.driven import WAIT, opened
from tests.portal.answering import ANSWERED, ONE_OPEN, answer, child, portal_value
from tests.portal.conftest import DEAL, at, somebody
from tests.portal.reader import VIEWS, Reader, choose, reader, unanswered, where
from tests.portal.somebody import NUMBER, values
from tests.portal.somebody import somebody as with_values
from tests.portal.tokens import token

__all__ = ["reader", "where"]

pytestmark = pytest.mark.part("browser")
ONE_LINE = """
const one = document.querySelector(".plist li:nth-child(2) .n");
return one.getBoundingClientRect().height < 1.9 * parseFloat(getComputedStyle(one).lineHeight);
"""


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_yes_withdraw_object_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """A yes takes a press and the second factor, taking it back one press, objecting one; to stop objecting takes the second factor; the receipt is checked in the browser."""
    who = somebody(where, *ONE_OPEN, lacks=ANSWERED)
    text = token(where, who)
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    reader.shot(f"open-{width}-{lang}")
    sizes = [one.size for one in reader.driver.find_elements(By.CSS_SELECTOR, ".duo .btn")]
    looks = {one.get_attribute("class") for one in reader.driver.find_elements(By.CSS_SELECTOR, ".duo .btn")}
    assert sizes[0] == sizes[1]
    assert looks == {"btn"}
    reader.press(".duo button[value=given]")
    assert ("就记下您的同意" if lang == "zh" else "records that you agree") in reader.text()
    reader.shot(f"agree-{width}-{lang}")
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    assert ("已记下：同意" if lang == "zh" else "you agree") in reader.text()
    reader.press("a[href*='/receipt/']")
    reader.reach("#try")
    ActionChains(reader.driver).send_keys(Keys.ENTER).perform()
    WebDriverWait(reader.driver, WAIT).until(
        lambda driver: "note" in driver.find_element(By.ID, "verdict").get_attribute("class")
    )
    reader.shot(f"receipt-{width}-{lang}")
    assert reader.driver.execute_script(ONE_LINE), "what says that it is a time is broken in two"
    assert ("签名正确" if lang == "zh" else "The signature is right") in reader.text()
    assert ("不会移交" if lang == "zh" else "not handed over") in reader.driver.find_element(By.ID, "shown").text
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    reader.press("form:has(input[value='consent.separate']) button[value=withdrawn]")
    assert ("已撤回" if lang == "zh" else "Withdrawn") in reader.text()
    reader.press("button[value=objected]")
    assert ("留在" if lang == "zh" else "stays with") in reader.driver.find_element(By.TAG_NAME, "h1").text
    reader.press("button[value=lifted]")
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    assert ("不再拒绝" if lang == "zh" else "no longer object") in reader.text()
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b3_see_in_full_and_ask_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """The second factor by typing, then the values, then a copy is asked for and stands on the page."""
    text = token(where, somebody(where, "consent.separate"))
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    assert value not in reader.text()
    reader.press("a[href$='/proof']")
    reader.write(f"#v-{by}", value)
    reader.shot(f"proof-{width}-{lang}")
    reader.press(f"form:has(#v-{by}) button")
    assert value in reader.text()
    reader.shot(f"whole-{width}-{lang}")
    reader.press("a[href$='/ask/copy']")
    reader.press("main form button")
    assert "R-2026-" in reader.text()
    reader.press("a[href$='/ask/correct']")
    reader.write("#note", "地址 -> 新地址")
    reader.press("main form button")
    assert ("更正请求" if lang == "zh" else "Your correction is in") in reader.text()
    reader.press("a[href$='/ask/explain']")
    reader.press("main form button")
    reader.press("a[href$='/ask/portability']")
    reader.write("#controller", "南山书城")
    reader.shot(f"move-{width}-{lang}")
    reader.press("main form button")
    listed = reader.text()
    assert all(
        said in listed for said in (("解释", "转给别家") if lang == "zh" else ("An explanation", "Move it elsewhere"))
    )
    assert "南山书城" not in listed
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b4_everything_held_and_the_end_of_an_account_are_asked_by_keyboard(
    where: Path, reader: Reader, width: int, lang: str
):
    """Each says what follows before it is asked, takes the second factor once, and stands on the page with its progress."""
    text = token(where, somebody(where, "consent.separate"))
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    reader.press("a[href$='/ask/access']")
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    for kind in ("access", "deregister"):
        if kind not in reader.driver.current_url:
            reader.press(f"a[href$='/ask/{kind}']")
        reader.shot(f"{kind}-{width}-{lang}")
        reader.press("main form button")
    listed = reader.text()
    said = (
        ("查阅", "注销账户", "注销请求")
        if lang == "zh"
        else ("See what is held", "Close the account", "close the account is in")
    )
    assert [words for words in said if words not in listed] == []
    reader.shot(f"asked-{width}-{lang}")
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_decline_and_delete_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """A no takes one press and no proof, and is not asked again; the mind may be changed with the second factor, after which a deletion is asked for."""
    who = somebody(where, "notice.delivered", "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
    unanswered(where, who)
    text = token(where, who)
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    asked = "form:has(input[value='consent.separate'])"
    reader.press(f"{asked} .duo button[value=refused]")
    assert ("已记下：不同意" if lang == "zh" else "you do not agree") in reader.text()
    assert reader.driver.find_elements(By.CSS_SELECTOR, f"{asked} .duo") == []
    reader.press(f"{asked} button[value=given]")
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    assert ("已记下：同意" if lang == "zh" else "you agree") in reader.text()
    reader.press("a[href$='/ask/delete']")
    reader.shot(f"delete-{width}-{lang}")
    reader.press("main form button")
    assert ("删除请求" if lang == "zh" else "request to delete") in reader.text()
    assert "R-2026-" in reader.text()
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_a7_correct_take_back_confirm_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """A value is chosen and corrected, taken back with one press, and all of it confirmed; a value that cannot be right is told so on the page."""
    who = with_values(where, "contact.email", "contact.phone")
    text, value = token(where, who, "phone"), number(where, who)
    unconfirmed(where)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}/ask/correct", width)
    reader.write("#v-customer-number", value)
    reader.press("form:has(#v-customer-number) button")
    for typed in ("123", "13987654321"):
        choose(reader, "contact.phone/0")
        reader.write("#value", typed)
        reader.shot(f"correct-{width}-{lang}")
        assert ("电话号码" if lang == "zh" else "Telephone number") in reader.text()
        reader.press("form[action$='/correct'] button")
        if typed == "123":
            assert reader.driver.find_element(By.CSS_SELECTOR, "[role=alert]").text
    assert "13987654321" in reader.text()
    reader.press("form[action$='/undo'] button", 120)
    assert "13987654321" not in reader.text()
    reader.press("form[action$='/confirm'] button", 120)
    assert reader.driver.find_elements(By.CSS_SELECTOR, "form[action$='/confirm']") == []
    reader.shot(f"confirmed-{width}-{lang}")
    assert [one for one in reader.faults if "status of 40" not in one] == []
    reader.faults.clear()


def unconfirmed(where: Path) -> None:
    """Nobody has confirmed yet, and nothing was corrected: each view begins so."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        for table in ("confirmed", "correction", "correction_to"):
            store.execute(f"DELETE FROM {table}")


def number(where: Path, who: str) -> str:
    """Their number, as the vault holds it."""
    with at(where, "zhouning") as desk:
        return values(desk, who)[NUMBER][0]


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_a_guardian_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """A yes for a child leads to proof, relation and name; nothing is chosen beforehand; a no takes one press."""
    text = token(where, child(where), "email")
    by, value = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    if not reader.driver.find_elements(By.CSS_SELECTOR, ".duo"):
        reader.press("form:has(input[value='consent.guardian']) button[value=withdrawn]")
        reader.press("form:has(input[value='consent.guardian']) button[value=given]")
    else:
        reader.press(".duo button[value=given]")
    reader.write(f"#v-{by}", value)
    reader.press(f"form:has(#v-{by}) button")
    reader.shot(f"guardian-{width}-{lang}")
    reader.reach("input[name=relation]")
    ActionChains(reader.driver).send_keys(Keys.SPACE).perform()
    reader.write("#guardian", "欧阳监护")
    reader.press("main form button[value=given]")
    assert ("已记下：同意" if lang == "zh" else "you agree") in reader.text()
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b5_check_my_receipt_by_keyboard(where: Path, reader: Reader, tmp_path: Path, width: int, lang: str):
    """Without a link: the number says where the data stands, a file is checked in the browser, a changed file is not believed."""
    text = token(where, somebody(where, "notice.delivered", lacks=("objection",)))
    kept = answer(where, text, "objection", "objected")
    answer(where, text, "objection", "lifted")
    reader.open(f"/{lang}/check", width)
    reader.write("#number", kept["record"].lower())
    reader.press("main form button")
    assert ("不再拒绝" if lang == "zh" else "No longer objecting") in reader.text()
    good, bad = tmp_path / "good.dsse.json", tmp_path / "bad.dsse.json"
    good.write_bytes(unb64(kept["receipt"]))
    bad.write_bytes(unb64(kept["receipt"]).replace(b'"payload":"', b'"payload":"A'))
    for file, word in ((good, "note-ok"), (bad, "note-stop"), (good, "note-ok")):
        reader.driver.find_element(By.ID, "file").send_keys(str(file))
        WebDriverWait(reader.driver, WAIT).until(
            lambda driver, word=word: word in (driver.find_element(By.ID, "verdict").get_attribute("class") or "")
        )
    reader.shot(f"check-{width}-{lang}")
    assert reader.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b3_the_code_of_a_letter_by_keyboard(where: Path, reader: Reader, width: int, lang: str):
    """Typed as it stands on the letter it opens the page; a wrong one is said in words and opens nothing."""
    who = somebody(where, "consent.separate")
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        (matter,) = tx.find("matter", ref=DEAL)
        made = links.make(desk, tx, str(matter["id"]), ids.subject_bytes(who), "letter")
        links.keep_typed(desk, tx, [made])
        code = links.typed(desk, made)
    reader.open(f"/{lang}/code", width)
    reader.write("#code", "0000-0000-0000-0000")
    reader.shot(f"code-{width}-{lang}")
    reader.press("main form button")
    assert reader.driver.find_element(By.CSS_SELECTOR, "[role=alert]").is_displayed()
    reader.write("#code", code.lower())
    reader.press("main form button")
    assert f"/{lang}/t/" in reader.driver.current_url
    assert [one for one in reader.faults if "status of 40" not in one] == []
    reader.faults.clear()


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b3_what_goes_wrong_is_said_accessibly(where: Path, reader: Reader, width: int, lang: str):
    """A wrong second factor, an unknown number and a dead link: told in words, by pages that pass every check."""
    text = token(where, somebody(where, "consent.separate"))
    by, _ = portal_value(where, text)
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}/proof", width)
    reader.write(f"#v-{by}", "0000")
    reader.press(f"form:has(#v-{by}) button")
    assert reader.driver.find_element(By.CSS_SELECTOR, "[role=alert]").is_displayed()
    reader.shot(f"wrong-{width}-{lang}")
    reader.open(f"/{lang}/check", width)
    reader.write("#number", "cns_0")
    reader.press("main form button")
    assert reader.driver.find_element(By.CSS_SELECTOR, "[role=alert]").is_displayed()
    reader.open(f"/{lang}/t/nothing", width)
    assert [one for one in reader.faults if "status of 40" not in one] == []
    reader.faults.clear()


def test_b3_a_shut_link_says_what_to_do(reader: Reader):
    """Without a home to look into: one heading, one way forward, in the reader's language."""
    for lang, words in (("zh", "要一个新的"), ("en", "for a new one")):
        opened(reader.driver, f"{reader.base}/{lang}/t/nothing")
        assert words in reader.text()
    reader.driver.get_log("browser")  # a 404 is what it should be
