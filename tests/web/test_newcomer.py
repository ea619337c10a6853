"""What stood in the way of somebody who had never seen the console, one fact each."""

import html
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custody.web.settings")

from custody import wiring
from custody.services.rekey import rekey
from custody.web.console.catalogue import entries
from custody.web.console.templatetags.words import act_at
from tests.web.serving import Served, found, serve
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
LINES = ("会员号,姓名,手机,邮箱", *(f"XK{n:04d},王{n % 9}芳,1390013{n:04d},x{n}@example.com" for n in range(20)))


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    """Who founded the home, and brought in a file that waits for their look."""
    visitor = found(Visitor(served.base), served.first, SECRET)
    file = served.home.parent / "newcomers.csv"
    file.write_bytes("\r\n".join(LINES).encode("gb18030"))
    visitor.get("/data")
    visitor.upload("/data", "files", file)
    return visitor


def test_files_of_which_none_could_be_read_say_so(owner: Visitor, tmp_path: Path):
    """The page says that nothing was read and why, and asks for no look at a table that is not there."""
    file = tmp_path / "broken.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook")
    page = _brought(owner, file)
    assert "None of the files could be read" in owner.page
    assert "broken.xlsx" in owner.page
    assert "one row per person" not in owner.page
    assert "Sign the data map" not in owner.page
    _discarded(owner, page)


def test_the_map_opens_on_a_table_that_waits_for_a_look(owner: Visitor, tmp_path: Path):
    """Of several tables the first of which a column is unsure is shown, not the first of all; what is asked for is shown anyway."""
    file = tmp_path / "two.xlsx"
    people, words = [line.split(",") for line in LINES], ["河", "山", "a1", "7"]
    with xlsxwriter.Workbook(str(file)) as book:
        for name, rows in (
            ("a", people),
            ("b", [["会员号", "zq"], *([row[0], words[n % 4]] for n, row in enumerate(people[1:]))]),
        ):
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    page = _brought(owner, file)
    shown = re.search(r'aria-current="true"><b>([^<]+)</b>.*?class="t-wait"', owner.page, re.DOTALL)
    assert shown is not None
    assert shown[1] == "two.b"
    assert 'aria-current="true"><b>two.a</b>' in owner.get(f"{page}?table=two.a")
    _discarded(owner, page)


def _brought(owner: Visitor, file: Path) -> str:
    """The path of its map, whose page the owner has before them."""
    owner.get("/data")
    owner.upload("/data", "files", file)
    _settled(owner)
    return owner.at.removeprefix(owner.base).partition("?")[0]


def _discarded(owner: Visitor, page: str) -> None:
    owner.get(page)
    owner.post(f"{page}/discard")
    owner.get(page)
    assert owner.status == 404


@pytest.fixture(scope="module")
def sealed(owner: Visitor) -> Iterator[Visitor]:
    """The owner, whose file is in the vault."""
    _settled(owner)
    owner.post(f"{owner.at.removeprefix(owner.base)}/sign", shown=owner.field("shown"))
    page = owner.at.removeprefix(owner.base)
    owner.post(f"{page}/seal", vault=owner.field("vault"))
    _sheets_tried(owner, page)
    owner.post(f"{page}/seal", vault="main")
    _settled(owner)
    return owner


def _sheets_tried(owner: Visitor, page: str) -> None:
    """Nothing goes in before the sheets were printed and typed back; one alone is not enough."""
    intake = page.rpartition("/")[2]
    assert f"/recovery?vault=main&intake={intake}" in owner.at
    assert "Before anything is sealed" in owner.page
    owner.post("/recovery", do="print", vault="main", intake=intake, threshold="2", holders="甲\n乙\n丙")
    sheets = [html.unescape(one) for one in re.findall(r'<pre class="card-b mono">(.*?)</pre>', owner.page, re.DOTALL)]
    assert len(sheets) == 3
    owner.post("/recovery", do="test", vault="main", intake=intake, typed=sheets[2])
    assert 'data-slug="shares.few"' in owner.page
    owner.post("/recovery", do="test", vault="main", intake=intake, typed="\n".join(sheets[1:]))
    assert "The sheets open the vault" in owner.page
    assert f'href="/data/{intake}"' in owner.page
    owner.get("/")
    assert f'href="/data/{intake}"' in owner.page, "a vault is there, and nothing is in it"
    assert '<li class="now"><h2>Bring the files' in owner.page
    owner.get(page)


def _settled(visitor: Visitor) -> None:
    """Go where the newest files are, and wait until no job is at work on them."""
    intake = re.search(r'"(/data/[0-9a-f]{32})"', visitor.get("/data"))
    late = time.monotonic() + 180
    while intake and time.monotonic() < late:
        visitor.get(intake[1])
        if "/work/" not in visitor.at:
            return
        time.sleep(0.3)


def test_files_that_wait_stand_on_the_first_page(owner: Visitor):
    """Whoever signs in again is led to the files that came in, and not told that there is no data."""
    owner.get("/")
    assert "newcomers.csv" in owner.page
    assert re.search(r'href="/data/[0-9a-f]{32}"', owner.page)


def test_a_file_without_a_country_says_what_that_will_mean(owner: Visitor):
    """Before it is sealed: afterwards nothing can be added to it."""
    _settled(owner)
    assert "no column that names a country" in owner.page
    assert owner.field("vault") in {"", "main"}


def test_where_all_of_them_live_is_said_on_the_page(owner: Visitor):
    """Nothing is preselected; what is said stands there until it is taken back, and the warning goes with it. Every place that is offered is taken."""
    _settled(owner)
    page = owner.at.removeprefix(owner.base)
    offered = re.findall(r'<option value="([A-Z]{2})">', owner.page)
    assert "CN" in offered
    for place in (*offered, "CN"):
        owner.post(f"{page}/change", do="lives", table="newcomers", residence=place)
        assert f'<option value="{place}" selected>' in owner.page
        assert "no column that names a country" not in owner.page
    owner.post(f"{page}/change", do="lives", table="newcomers", residence="")
    assert "no column that names a country" in owner.page


def test_a_person_of_several_rows_is_said_on_the_page(owner: Visitor):
    """The choice stands in the form, is kept in the map, and goes when it is taken back."""
    _settled(owner)
    page = owner.at.removeprefix(owner.base)
    told = {"do": "role", "table": "newcomers", "role": "subject", "kind": "customer", "key": "手机"}
    owner.post(f"{page}/change", **told, repeats="yes")
    assert 'name="repeats" value="yes" checked' in owner.page
    assert "A person may have several rows" in owner.page.partition('id="rl"')[2].partition("</div>")[0]
    owner.post(f"{page}/change", **(told | {"key": "会员号"}))
    assert 'name="repeats" value="yes" checked' not in owner.page
    assert "Each row is one person" in owner.page


def test_what_is_done_is_ticked_on_the_first_page(sealed: Visitor):
    """Once data is sealed the next step is the questions of a deal; the example is offered still."""
    sealed.get("/")
    assert '<li class="done"><h2>Bring the files' in sealed.page
    assert '<li class="now"><h2>Answer questions' in sealed.page
    assert 'href="/sample"' in sealed.page


def test_the_second_file_is_offered_a_name_that_is_free(sealed: Visitor, served: Served):
    """A vault takes data once: the name of one that has some is not offered, and is refused."""
    file = served.home.parent / "second.csv"
    file.write_bytes("\r\n".join((*LINES, "XK0099,赵七,13900139999,z@example.com")).encode("gb18030"))
    sealed.get("/data")
    sealed.upload("/data", "files", file)
    _settled(sealed)
    sealed.post(f"{sealed.at.removeprefix(sealed.base)}/sign", shown=sealed.field("shown"))
    assert sealed.field("vault") == "main-2"
    sealed.post(f"{sealed.at.removeprefix(sealed.base)}/seal", vault="main")
    _settled(sealed)
    assert 'data-slug="vault.taken"' in sealed.page
    assert sealed.get("/data").count(">main</span>") == 1


def test_a4_void_sheets_are_told_on_the_pages(sealed: Visitor, served: Served, tmp_path: Path):
    """After a change of root the data page and the first page say that the printed sheets open nothing, and lead to new ones."""
    sealed.get("/data")
    assert "were tried and open it" in sealed.page
    secret = tmp_path / "suhe.pass"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    secret.chmod(0o600)
    with wiring.desk(served.home, "suhe", secret) as desk:
        rekey(desk, "main")
    for page in ("/data", "/"):
        sealed.get(page)
        assert "no longer open" in sealed.page
        assert 'href="/recovery' in sealed.page
    sealed.get("/recovery?vault=main")
    assert "Void since" in sealed.page


def test_who_may_not_is_told_who_may_in_words(served: Served, sealed: Visitor):
    """A refusal names roles as the screen calls them, in the reader's language."""
    sealed.get("/people")
    sealed.post("/people", shown="林默", handle="linmo", role="auditor")
    once = re.search(r'id="once">([^<]+)<', sealed.page)
    assert once is not None
    assert f"{served.base}/" in sealed.page.partition('id="once"')[2].partition("</p>")[0]
    auditor = Visitor(served.base)
    auditor.sign_in("linmo", once[1])
    auditor.post("/passphrase", old=once[1], new=SECRET + "二", again=SECRET + "二")
    auditor.get("/data")
    auditor.upload("/data", "files", Path(__file__))
    assert 'data-slug="act.role"' in auditor.page
    assert "Data custodian" in auditor.page
    assert "Ask someone with one of these roles" not in auditor.page


def test_no_page_offers_to_recover_a_passphrase(sealed: Visitor):
    """There is no way to: the page that asks for it once more leads to none."""
    sealed.get("/account/reauthenticate/")
    assert sealed.status == 200
    assert "password/reset" not in sealed.page
    assert 'name="password"' in sealed.page


@pytest.mark.parametrize(
    ("url", "act"),
    [
        ("/deals/D-2026-0001/ship", "act.ship"),
        ("/deals/D-2026-0001/release", "act.release"),
        ("/deals/D-2026-0001/ends/deal-abort", "end_do.deal-abort"),
        ("/deals/D-2026-0001/ends/deal-return", "end_do.deal-return"),
        ("/deals/D-2026-0001/control", "end_do.handover-control"),
        ("/campaigns/C-2026-0001", ""),
    ],
)
def test_a_notice_says_what_is_to_be_confirmed(url: str, act: str):
    """Of two requests about one deal nobody has to guess which is which."""
    assert act_at(url) == act


@pytest.mark.parametrize("state", ["aborted", "closed", "delivered", "returned"])
def test_a_deal_that_is_not_open_says_in_words_how_it_stands(state: str):
    """The heading of its ends is a sentence, never a code."""
    assert f"deal_state.{state}" in entries()


def test_a_second_factor_set_up_on_the_way_leads_back(owner: Visitor):
    """Whoever saw the page of an act that needs one goes on there when the codes are written down, not on the board."""
    owner.get("/residency")
    owner.second_factor()
    assert "/account/2fa/recovery-codes/" in owner.at
    assert 'class="btn btn-1" href="/residency"' in owner.page


def test_what_is_on_is_not_offered_to_be_set_up(owner: Visitor):
    """Once the reader's second factor is on, the first page says that it is theirs, and leads to it."""
    if "On for your account." not in owner.get("/"):
        assert 'href="/account/2fa/totp/activate/"' in owner.page
        owner.second_factor()
    owner.get("/")
    assert "On for your account." in owner.page
    assert 'href="/account/2fa/totp/activate/"' not in owner.page


def test_a_company_is_founded_in_the_language_of_its_owner(tmp_path: Path):
    """One name in either language is enough and is asked for in the reader's first; without any the page says so."""
    with serve(tmp_path / "home") as running:
        visitor = Visitor(running.base)
        page = visitor.get(running.first)
        assert page.index('name="name_en"') < page.index('name="name_zh"')
        told = {"place": "UK", "shown": "Jo", "handle": "jo", "passphrase": SECRET, "again": SECRET}
        assert "Say what the company is called." in visitor.post("/welcome", **told)
        visitor.post("/welcome", **told, name_en="Harbour Bakery")
        assert visitor.get("/people/parties").count("Harbour Bakery") == 1
