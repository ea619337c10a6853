"""A9, E5 in Chromium, at the company that received the data: silence that came along is taken back by its owner, and what customers had open is ended."""

import shutil
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody import wiring
from custody.base import canonical
from custody.services.link_new import link_new
from custody.services.release import release
from custody.services.suppress import suppress_add
from tests.driven import driven
from tests.driven import opened as shown
from tests.line.conftest import act
from tests.portal.arrivals import GOING, STAYED, opened
from tests.portal.clerk import Clerk, spoken
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.reader import Reader
from tests.portal.serving import portal
from tests.portal.somebody import NUMBER, values
from tests.web.serving import serve

pytestmark = pytest.mark.part("browser")
VIEWS = [(390, "zh"), (1280, "en")]


@pytest.fixture(scope="module")
def silent(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Two who asked the seller for silence, and went over all the same."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("silence") / "demo"))
    with at(where, "zhouning") as desk:
        going = (one for one in everybody(where, *GOING, lacks=STAYED) if len(values(desk, one).get(NUMBER, ())) == 1)
        people = list(islice(going, len(VIEWS)))
        for who in people:
            suppress_add(desk, [], who, "contact", "asked.1", None)
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    for verb in ("receive", "reseal"):
        code, told = act(where, "buyer", "fanyuan", verb, DEAL, "--at", where / "handover")
        assert code == 0, told
    return where, people


@pytest.fixture(scope="module")
def reader(silent: tuple[Path, list[str]]) -> Iterator[Reader]:
    with portal(silent[0], "buyer") as base, driven() as driver:
        yield Reader(driver, base)


@pytest.mark.parametrize(("place", "view"), list(enumerate(VIEWS)))
def test_a9_silence_that_came_along_is_taken_back_by_keyboard(
    silent: tuple[Path, list[str]], reader: Reader, place: int, view: tuple[int, str]
):
    """The page says who was told so; the button asks for the second factor first, and then the mark is gone."""
    (where, people), (width, lang) = silent, view
    text, who = opened(where, people[place]), people[place]
    with at(where, "yeqing", "buyer") as desk:
        (number,) = values(desk, who)[NUMBER]
    reader.driver.delete_all_cookies()
    reader.open(f"/{lang}/t/{text}", width)
    assert ("青禾书屋" if lang == "zh" else "Qinghe") in reader.driver.find_element(By.ID, "silent").text
    reader.shot(f"silence-{width}-{lang}")
    button = "form[action$='/contact'] button"
    reader.press(button)
    reader.write("#v-customer-number", number)
    reader.press("form:has(#v-customer-number) button")
    reader.press(button)
    assert ("可以重新联系您" if lang == "zh" else "may contact you again") in reader.driver.find_element(
        By.ID, "said"
    ).text
    assert reader.driver.find_elements(By.ID, "silent") == []
    reader.shot(f"silence-lifted-{width}-{lang}")
    assert reader.faults == []


def test_a9_the_page_at_the_seller_names_whom_to_tell_too(silent: tuple[Path, list[str]]):
    """Whoever went, and is silent here: with whom their information is, and how that company is reached, in both languages."""
    where, people = silent
    with at(where, "zhouning") as desk:
        token = str(link_new(desk, DEAL, people[0], "email", 30)["path"])
    with portal(where) as base, driven() as driver:
        one = Reader(driver, base)
        for width, lang, said in ((390, "zh", "请也告诉那家公司"), (1280, "en", "tell that company, too")):
            one.open(f"/{lang}{token}", width)
            assert said in driver.find_element(By.ID, "silent").text
            one.shot(f"silence-later-{width}-{lang}")
        assert one.faults == []


@pytest.fixture(scope="module")
def clerk(silent: tuple[Path, list[str]]) -> Iterator[Clerk]:
    home = silent[0] / "buyer"
    secret = home / "keys" / "principals" / "fanyuan.pass"
    with serve(home) as served, driven() as driver:
        one = Clerk(driver, served.base)
        one.sized(1280, 900)
        shown(driver, f"{served.base}/account/login/")
        one.write("[name=login]", "fanyuan")
        one.write("[name=password]", secret.read_text(encoding="utf-8").strip())
        one.press("form button[type=submit]")
        yield one


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b4_the_list_of_work_names_tables_that_list_nothing(
    silent: tuple[Path, list[str]], clerk: Clerk, width: int, lang: str
):
    """As `receive` noted them: deal, table, why and by which column, above the list, in the reader's language."""
    over = [
        {"table": "付款", "why": "column", "columns": ["支付状态"]},
        {"table": "售后单", "why": "none", "columns": []},
    ]
    with sqlite3.connect(silent[0] / "buyer" / "core.db") as store:
        key, told = store.execute("SELECT key, result FROM job WHERE kind = 'receive' AND state = 'done'").fetchone()
        noted = canonical.encode({**canonical.decode(told), "unlisted": over})
        store.execute("UPDATE job SET result = ? WHERE key = ?", (noted, key))
    spoken(clerk, "/open-work", width, lang)
    clerk.shot(f"unlisted-{width}-{lang}")
    note = next(one.text for one in clerk.driver.find_elements(By.CSS_SELECTOR, ".note-warn") if "付款" in one.text)
    assert all(part in note for part in (DEAL, "支付状态", "售后单"))
    assert ("不在已知的状态列里" if lang == "zh" else "no list knows this column") in note
    assert clerk.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b4_what_customers_had_open_is_ended_by_keyboard(clerk: Clerk, width: int, lang: str):
    """Ticked and ended, it is gone from the list, and the number above it is one less."""
    spoken(clerk, "/open-work", width, lang)
    clerk.shot(f"open-work-{width}-{lang}")
    box = clerk.driver.find_element(By.CSS_SELECTOR, "input[name=work]")
    work, before = str(box.get_attribute("value")), clerk.driver.find_element(By.TAG_NAME, "h1").text
    clerk.reach("input[name=work]", 120)
    clerk.driver.execute_script("arguments[0].click()", box)
    clerk.press("button[value=close]", 200)
    assert clerk.driver.find_elements(By.CSS_SELECTOR, f"input[value='{work}']") == []
    after = clerk.driver.find_element(By.TAG_NAME, "h1").text
    assert int("".join(filter(str.isdigit, before))) - int("".join(filter(str.isdigit, after))) == 1
    assert clerk.faults == []
