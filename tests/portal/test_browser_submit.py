"""B1, B2 in Chromium: the console's forms are sent by keyboard alone, and what comes of them is there: letters, a campaign, a paper told, consents of before."""

import re
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from custody.services.consent_record import consent_record
from tests.driven import WAIT
from tests.line.documents import VALUES
from tests.portal.campaigns import PLACES, planned
from tests.portal.clerk import Clerk, clerk, spoken, where
from tests.portal.conftest import DEAL, at, everybody
from tests.portal.consent_lists import ASKED, listed, vouched
from tests.portal.printing import printed
from tests.portal.reader import VIEWS

__all__ = ["clerk", "where"]
pytestmark = pytest.mark.part("browser")
BACK = "1 Lakeside Road, Hangzhou"
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def typed(clerk: Clerk, css: str, text: str) -> None:
    """Whatever stands in the field is written over."""
    clerk.reach(css, 200)
    clerk.driver.execute_script("document.activeElement.select()")
    ActionChains(clerk.driver).send_keys(text).perform()


@pytest.mark.parametrize(("width", "lang"), VIEWS[1:3])
def test_b1_the_letters_pdf_is_fetched_by_keyboard(where: Path, clerk: Clerk, width: int, lang: str, tmp_path: Path):
    """One press fetches the letters: whole PDFs with a page at least for each letter, in whose window stands whom the letter goes to."""
    ref = planned(where, text=f"Qinghe Books {width} {lang}")["campaign"]
    told, shown = printed(where, ref)
    clerk.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    spoken(clerk, f"/campaigns/{ref}", width, lang)
    typed(clerk, "form[action$='/pages'] [name=back]", BACK)
    clerk.reach("form[action$='/pages'] button")
    ActionChains(clerk.driver).send_keys(Keys.ENTER).perform()
    made = [pdf for file in [fetched(clerk, tmp_path)] for pdf in pdfs(file, tmp_path / "pages")]
    assert len(made) == len(told["files"])
    assert sum(pages(file.read_bytes()) for file in made) >= told["letters"] == len(shown) > 0
    assert clerk.faults == []
    if shutil.which("pdftotext"):
        text = spelt(
            "".join(subprocess.check_output(["pdftotext", "-raw", str(file), "-"], text=True) for file in made)
        )
        for one in shown:
            assert all(spelt(line) in text for line in one["to"])
        assert spelt(BACK) in text


def fetched(clerk: Clerk, folder: Path) -> Path:
    """The file that came, once it is whole."""

    def come(_: object) -> list[Path]:
        return [file for file in folder.iterdir() if file.suffix in {".pdf", ".zip"}]

    (file,) = WebDriverWait(clerk.driver, WAIT).until(come, "nothing was fetched")
    return Path(file)


def pdfs(file: Path, folder: Path) -> list[Path]:
    """One file as it is, several from their archive."""
    if file.suffix == ".pdf":
        return [file]
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return sorted(folder.iterdir())


def pages(pdf: bytes) -> int:
    """How many pages a PDF has, in the open and in its packed objects."""
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    inside = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            inside.append(zlib.decompress(packed))
        except zlib.error:  # a font or a picture that is packed otherwise holds no page
            continue
    return sum(len(_PAGE.findall(one)) for one in inside)


def spelt(text: str) -> str:
    """Without blanks: where a line breaks is the reader's own."""
    return "".join(text.split())


@pytest.mark.parametrize(("width", "lang"), VIEWS[1:3])
def test_b1_a_campaign_is_planned_by_keyboard(clerk: Clerk, width: int, lang: str):
    """Sender, subject, words and where the pages are; one press, and the campaign waits for a second person."""
    spoken(clerk, "/campaigns", width, lang)
    for css, text in (
        ("[name=sender]", "privacy@qinghe.example"), ("[name=subject]", f"Move {width}"), ("[name=text]", f"Your data moves. 您的信息将移交。{PLACES}"),
        ("[name=pages]", "https://you.qinghe.example"),
    ):  # fmt: skip
        typed(clerk, css, text)
    clerk.press("main form.ceremony button[type=submit]")
    assert re.search(r"/campaigns/[A-Z]-\d{4}-\d{4}$", clerk.driver.current_url)
    assert f"Move {width}" in clerk.text()
    assert clerk.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS[1:3])
def test_b1_a_paper_is_told_by_keyboard(clerk: Clerk, width: int, lang: str):
    """What the paper lacks is written in both languages, then it is planned as a campaign in the words of the rules."""
    spoken(clerk, f"/deals/{DEAL}/papers/cn-notice", width, lang)
    for area in clerk.driver.find_elements(By.CSS_SELECTOR, "#paper textarea"):
        name = str(area.get_attribute("name"))
        item, _, one = name.rpartition(":")
        value = VALUES.get(item, "—")
        typed(clerk, f"[name='{name}']", value[one] if isinstance(value, dict) else value)
    typed(clerk, "[name=sender]", "privacy@qinghe.example")
    typed(clerk, "[name=pages]", "https://you.qinghe.example")
    clerk.press("button[value=tell]", 200)
    assert re.search(r"/campaigns/[A-Z]-\d{4}-\d{4}$", clerk.driver.current_url)
    assert clerk.faults == []


@pytest.mark.parametrize(("place", "width", "lang"), [(0, *VIEWS[1]), (1, *VIEWS[2])])
def test_b2_consents_of_before_are_sent_by_keyboard(
    where: Path, clerk: Clerk, place: int, width: int, lang: str, tmp_path: Path
):
    """A list as Chinese spreadsheets save it: the page says how many were taken and why another was not; the record has the words."""
    who = list(everybody(where, lacks=("consent.marketing", "consent.refused", "withdrawal")))[place]
    data = listed({"subject": who, "version": f"m{place}"}, {"subject": who, "act": "默认"}).decode().encode("gb18030")
    file = tmp_path / "consents.csv"
    file.write_bytes(vouched(where, data, zone="Asia/Shanghai"))
    spoken(clerk, f"/deals/{DEAL}/answers", width, lang)
    clerk.reach("#before [name=consents]", 200)
    clerk.driver.find_element(By.CSS_SELECTOR, "#before [name=consents]").send_keys(str(file))
    typed(clerk, "#before [name=zone]", "Asia/Shanghai")
    clerk.press("#before button", 200)
    assert clerk.driver.find_elements(By.CSS_SELECTOR, "[data-slug]") == []
    with at(where, "zhouning") as desk:
        (record,) = [
            one
            for one in consent_record(desk, DEAL, who)["records"]
            if one["processing"]["question"] == ASKED["question"]
        ]
    assert record["events"][-1]["notice"] == ASKED["text"]
    assert clerk.faults == []
