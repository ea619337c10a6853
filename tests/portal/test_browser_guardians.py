"""B2 in Chromium: staff see whose yes for a child waits, enter the paper that they saw, and doubt it, by keyboard, on a phone and on a desk."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody.acts.veil import covered
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.gate import gate
from custody.services.guardian_list import guardian_list
from custody.services.guardian_prove import guardian_prove
from custody.services.guardian_show import guardian_show
from tests.portal.clerk import Clerk, clerk, spoken
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.guarding import NAME, may_see, says, silent
from tests.portal.reader import VIEWS
from tests.portal.test_guardian_papers import png, send

__all__ = ["clerk"]

pytestmark = pytest.mark.part("browser")
WHY = "The register shows another guardian"
HELD = {"zh": ("等证件", "证件已看"), "en": ("Waits for a paper", "Paper seen")}


@pytest.fixture(scope="module")
def where(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company in which the guardian of one child said yes, and nobody saw a paper."""
    made = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("guardians") / "demo"))
    says(made, silent(made), "given")
    with at(made, "zhouning") as desk:
        gate(desk, laws(made), DEAL)
    return made


@pytest.fixture
def whose(where: Path) -> str:
    """That child, whose guardian's yes waits."""
    (one,) = listed(where)
    assert (one["state"], one["relation"], one["guardian"]) == ("waits", "parent", covered(NAME))
    return one["subject"]


def listed(where: Path, who: str = "zhouning") -> list[dict]:
    with at(where, who) as desk:
        return list(guardian_list(desk)["guardians"])


def slug(clerk: Clerk) -> str:
    return str(clerk.driver.find_element(By.CSS_SELECTOR, "[data-slug]").get_attribute("data-slug"))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def filled(clerk: Clerk, name: str, picture: Path) -> None:
    """Enter a paper in that name; how a choice is typed is the browser's own."""
    clerk.reach("#prove [name=document]")
    clerk.reach("#prove [name=relation]")
    clerk.driver.execute_script(
        "for (const [name, value] of arguments[0]) document.querySelector(`[name=${name}]`).value = value",
        [["document", "household-register"], ["relation", "parent"], ["name", ""]],
    )
    clerk.write("#prove [name=name]", name)
    clerk.driver.find_element(By.CSS_SELECTOR, "[name=paper]").send_keys(str(picture))
    clerk.press("button[value=prove]")


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_staff_enter_a_guardians_paper_and_doubt_it(
    where: Path, clerk: Clerk, whose: str, width: int, lang: str, tmp_path: Path
):
    """From the list to the child; another's name is refused in place and nothing typed is lost; the paper clears the yes; doubted, it waits again."""
    picture = tmp_path / "register.png"
    picture.write_bytes(png(f"the register {width} {lang}".encode()))
    waits, seen = HELD[lang]
    spoken(clerk, "/guardians", width, lang)
    assert waits in clerk.text()
    assert NAME not in clerk.driver.page_source
    clerk.shot(f"guardians-{width}-{lang}")
    clerk.press(f"a[href$='{whose}']")
    filled(clerk, "张三", picture)
    assert slug(clerk) == "guardian.other"
    assert clerk.driver.find_element(By.CSS_SELECTOR, "[name=name]").get_attribute("value") == "张三"
    clerk.shot(f"guardian-{width}-{lang}")
    filled(clerk, NAME, picture)
    assert slug(clerk) == "guardian.second"
    said = {"document": "household-register", "relation": "parent", "name": NAME}
    with at(where, "suhe") as desk:
        guardian_prove(desk, DEAL, whose, said, picture.read_bytes())
    spoken(clerk, f"/guardians/{DEAL}/{whose}", width, lang)
    assert seen in clerk.text()
    (one,) = listed(where)
    assert (one["state"], one["document"], one["seen_by"]) == ("seen", "household-register", "suhe")
    assert NAME not in clerk.driver.page_source
    clerk.write("[name=reason]", WHY)
    clerk.press("button[value=doubt]")
    assert waits in clerk.text()
    assert listed(where)[0]["state"] == "waits"
    assert [one for one in clerk.faults if "status of 40" not in one] == []
    clerk.faults.clear()


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_staff_look_at_a_paper_that_came_by_the_page(where: Path, clerk: Clerk, whose: str, width: int, lang: str):
    """It is listed and not shown; the look gives the picture itself; only then may it be named as the one that was seen."""
    picture = png(f"{width}{lang}".encode())
    digest = send(where, whose, picture)["sha256"]
    may_see(where, "zhouning")
    spoken(clerk, f"/guardians/{DEAL}/{whose}", width, lang)
    clerk.shot(f"guardian-papers-{width}-{lang}")
    assert clerk.driver.find_elements(By.CSS_SELECTOR, f"[name=sha256] option[value='{digest}']") == []
    told = clerk.driver.execute_async_script(
        "const [name, done] = arguments; const form = document.querySelector(`#papers form:has([value='${name}'])`);"
        "const body = new FormData(form); body.set('step', 'look'); body.set('purpose', 'legal'); body.set('look', 'is this the parent');"
        "fetch(form.action, {method: 'POST', body}).then(one => one.arrayBuffer()).then(one => done([...new Uint8Array(one)]))",
        digest,
    )
    assert bytes(told) == picture
    spoken(clerk, f"/guardians/{DEAL}/{whose}", width, lang)
    assert len(clerk.driver.find_elements(By.CSS_SELECTOR, f"[name=sha256] option[value='{digest}']")) == 1
    assert clerk.faults == []


@pytest.mark.parametrize(("width", "lang"), VIEWS)
def test_b2_the_verdict_leads_to_the_guardian(clerk: Clerk, whose: str, width: int, lang: str):
    """Where a child waits for a paper, the page that says so leads to where one is entered."""
    spoken(clerk, f"/deals/{DEAL}/customers/{whose}", width, lang)
    clerk.press("main a[href^='/guardians/']")
    assert clerk.driver.current_url.endswith(f"/guardians/{DEAL}/{whose}")
    assert HELD[lang][0] in clerk.text()
    assert clerk.faults == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_b2_the_list_is_a_sheet(clerk: Clerk, whose: str, form: str):
    """With whom it is about and the state, and the guardian's name covered."""
    spoken(clerk, "/guardians", 1280, "en")
    told = clerk.driver.execute_async_script(
        "const done = arguments[1]; fetch(arguments[0]).then(one => one.arrayBuffer()).then(one => done([...new Uint8Array(one)]))",
        f"/guardians?as={form}",
    )
    data = bytes(told)
    if form == "xlsx":
        assert data.startswith(b"PK")
        return
    heads, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (heads[:3], heads[-1]) == (["Child", "Deal", "Guardian"], "State")
    assert row[:3] == [whose, DEAL, covered(NAME)]
    assert row[-1] == "Waits for a paper"


def test_b2_whose_yes_waits_is_for_those_who_act_on_it(where: Path, whose: str):
    """The clerk of data reads no such list; a person without a yes is told apart; nobody unknown is shown."""
    assert refused(lambda: listed(where, "limo")) == "act.role"
    with at(where, "zhouning") as desk:
        assert guardian_show(desk, DEAL, somebody(where))["state"] == "silent"
        assert refused(lambda: guardian_show(desk, DEAL, ids.subject_text(bytes(16)))) == "subject.unknown"
    says(where, whose, "withdrawn")
    assert listed(where) == []
    says(where, whose, "given")
    assert [one["subject"] for one in listed(where)] == [whose]
