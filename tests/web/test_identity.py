"""Signing in by the company's own service: it names, the passphrase opens, neither is enough alone; an answer that does not hold is refused in words (E5)."""

import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody.base.errors import CustodyError, Malformed
from custody.web.oidc import Oidc, oidc
from tests.running import port
from tests.web.actor import Actor
from tests.web.conftest import Browser, chromium
from tests.web.services import PROVIDER, ROBOT, settings
from tests.web.serving import Served, found, serve
from tests.web.visitor import Visitor

OWN, OTHER = "青禾书屋门前的一棵老树", "另一句自己的话就好记"
BEGIN, LOGIN, MINE = "/account/company/{}/", "/account/login/", "/account/identities/"
WRONG = {
    "issuer": "issuer", "discovery": "issuer", "audience": "audience", "party": "audience", "nonce": "nonce", "no-nonce": "nonce", "time": "time", "key": "token",
    "unsigned": "token", "shared": "token", "nobody": "token", "unverified": "unverified", "state": "failed", "cancelled": "cancelled",
}  # fmt: skip


@dataclass
class Office:
    """A console whose owner has linked `emp-0001`, and the service that may lie."""

    served: Served
    folder: Path

    def says(self, text: str) -> None:
        (self.folder / "does").write_text(text, encoding="utf-8")

    def named(self, text: str, service: str = "company") -> Visitor:
        """A stranger who came by the service."""
        self.says(text)
        visitor = Visitor(self.served.base)
        visitor.get(LOGIN)
        visitor.post(BEGIN.format(service))
        return visitor


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One service that answers, one that is gone, and 钉钉, which is not asked here."""
    where = tmp_path_factory.mktemp("identity")
    words = [sys.executable, str(Path(__file__).with_name("provider.py")), str(where)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        issuer = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        rows = PROVIDER.format(id="company", issuer=issuer) + PROVIDER.format(
            id="gone", issuer=f"http://127.0.0.1:{port()}"
        )
        try:
            with serve(where / "home", CUSTODY_CONSOLE_OIDC=str(settings(where, rows + ROBOT))) as served:
                made = Office(served, where)
                linked(found(Visitor(served.base), served.first, OWN), made)
                yield made
        finally:
            process.kill()


def linked(owner: Visitor, office: Office) -> None:
    office.says("emp-0001 ")
    owner.get(MINE)
    owner.post(BEGIN.format("company"))
    assert owner.at.endswith(MINE), owner.at
    assert "emp-0001" in owner.page


def why(visitor: Visitor) -> str:
    told = re.search(r'data-why="([a-z]+)"', visitor.page)
    return told[1] if told else ""


def test_e5_neither_is_enough_alone(office):
    """The right passphrase without the service opens nothing; the service without the passphrase opens nothing; both do."""
    alone = Visitor(office.served.base)
    alone.sign_in("suhe", OWN)
    alone.get("/data")
    assert LOGIN in alone.at
    visitor = office.named("emp-0001 ")
    assert 'name="login" value="suhe"' in visitor.page
    named = visitor.page
    visitor.get("/data")
    assert LOGIN in visitor.at
    visitor.page = named
    visitor.post(LOGIN, login="suhe", password=OWN)
    assert visitor.get("/data")
    assert visitor.at.endswith("/data")


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_e5_an_answer_that_does_not_hold_is_refused_in_words(office, wrong):
    """Another issuer, another's audience, another sign-in, a foreign key, no signature, an expired token, a mail that nobody verified."""
    visitor = office.named(f"emp-0001 {wrong}")
    assert why(visitor) == WRONG[wrong]
    assert 'type="hidden" name="login"' not in visitor.get(LOGIN)  # nobody is named: the passphrase alone opens nothing


def test_e5_a_service_that_is_gone_is_said_so(office):
    """No page of a fault: the way in says that the service does not answer."""
    assert why(office.named("emp-0001 ", "gone")) == "away"


def test_e5_an_identity_that_nobody_linked_opens_nothing(office):
    """Another person of the same service: no account is made, whatever passphrase follows."""
    visitor = office.named("emp-0002 ")
    assert why(visitor) == "unknown"
    visitor.post(LOGIN, login="suhe", password=OWN)
    assert LOGIN in visitor.at


def test_e5_who_was_named_signs_in_as_nobody_else(office):
    """The service named suhe: another handle with that name's right passphrase stays outside where that person is linked too, and suhe's own is asked."""
    visitor = office.named("emp-0001 ")
    visitor.post(LOGIN, login="suhe", password=OTHER)
    assert LOGIN in visitor.at
    visitor.get("/data")
    assert LOGIN in visitor.at


def test_e5_an_identity_belongs_to_one(office):
    """A colleague cannot link what is linked; both keep what they had."""
    owner = office.named("emp-0001 ")
    owner.post(LOGIN, login="suhe", password=OWN)
    owner.get("/people")
    page = owner.post("/people", shown="周宁", handle="zhouning", role="privacy")
    once = re.search(r'id="once">([^<]+)<', page)
    assert once is not None
    colleague = Visitor(office.served.base)
    colleague.sign_in("zhouning", once[1])
    colleague.get("/passphrase")
    colleague.post("/passphrase", old=once[1], new=OTHER, again=OTHER)
    office.says("emp-0001 ")
    colleague.get(MINE)
    colleague.post(BEGIN.format("company"))
    assert why(colleague) == "taken"
    assert "emp-0001" not in colleague.get(MINE)
    number = re.search(r'name="identity" value="(\d+)"', owner.get(MINE))
    assert number is not None
    colleague.get(MINE)
    colleague.post(MINE, identity=number[1])
    assert "emp-0001" in owner.get(MINE)


def test_e5_whose_identity_changed_gets_in_by_a_new_way_in(office):
    """Named as somebody else by the service, the right passphrase opens nothing; the owner's page says what a new way in unlinks; by it they get in, and link the new identity."""
    owner = office.named("emp-0001 ")
    owner.post(LOGIN, login="suhe", password=OWN)
    owner.get("/people")
    moved = Visitor(office.served.base)
    first = once(owner.post("/people", shown="李默", handle="limo", role="lawyer"))
    moved.sign_in("limo", first)
    moved.get("/passphrase")
    moved.post("/passphrase", old=first, new=OTHER, again=OTHER)
    page = "/people/limo/reset"
    assert 'id="company"' not in owner.get(page)
    office.says("emp-0007 ")
    moved.get(MINE)
    moved.post(BEGIN.format("company"))
    assert "emp-0007" in moved.page
    outside = office.named("emp-0008 ")
    assert why(outside) == "unknown"
    outside.sign_in("limo", OTHER)
    assert LOGIN in outside.at
    assert 'id="company"' in owner.get(page)
    anew = once(owner.post(page, step="do"))
    outside.sign_in("limo", anew)
    assert outside.at.endswith("/passphrase")
    outside.post("/passphrase", old=anew, new=OWN + OTHER, again=OWN + OTHER)
    outside.get(MINE)
    assert "emp-0007" not in outside.page
    outside.post(BEGIN.format("company"))
    assert "emp-0008" in outside.page
    back = office.named("emp-0008 ")
    back.post(LOGIN, login="limo", password=OWN + OTHER)
    back.get("/data")
    assert back.at.endswith("/data")


def once(page: str) -> str:
    """The passphrase that a page shows once."""
    found = re.search(r'id="once">([^<]+)<', page)
    assert found is not None
    return found[1]


def test_e5_nothing_of_what_the_service_says_is_kept(office):
    """Its own id for the person, and no name, address or token."""
    with sqlite3.connect(f"file:{office.served.home / 'console.db'}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT provider, uid, extra_data FROM socialaccount_socialaccount").fetchall()
        (tokens,) = db.execute("SELECT count(*) FROM socialaccount_socialtoken").fetchone()
        (mails,) = db.execute("SELECT count(*) FROM account_emailaddress").fetchone()
    assert ("company", "emp-0001", "{}") in rows
    assert {(provider, uid[:4], extra) for provider, uid, extra in rows} == {("company", "emp-", "{}")}
    assert (tokens, mails) == (0, 0)


@contextmanager
def provider() -> Iterator[str]:
    """A running OpenID Connect provider that is not ours, by its address."""
    number = port()
    words = [sys.executable, "-m", "oidc_provider_mock", "--port", str(number)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            ready(f"http://127.0.0.1:{number}/.well-known/openid-configuration")
            yield f"http://127.0.0.1:{number}"
        finally:
            process.kill()


def ready(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the provider did not start")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A console that asks everybody for an identity at that provider, and its owner in a browser."""
    where = tmp_path_factory.mktemp("desk")
    (where / "downloads").mkdir()
    with provider() as issuer:
        path = settings(where, "only = true\n" + PROVIDER.format(id="company", issuer=issuer))
        with (
            serve(where / "home", CUSTODY_CONSOLE_OIDC=str(path)) as served,
            chromium(served.base, where / "downloads") as browser,
        ):
            Actor(browser, served.base, "suhe", OWN).found(served.first, "青禾书屋（杭州）有限公司", "苏禾")
            yield browser


def at_provider(browser: Browser, sub: str) -> None:
    """Say who one is at the provider, and wait for the page that follows here."""
    browser.find("[name=sub]").send_keys(sub)
    browser.driver.find_element(By.CSS_SELECTOR, "[name=sub]").submit()
    browser.find("main#main, main")
    browser.patience(60, lambda: browser.driver.current_url.startswith(browser.base))
    browser.find("main")


def goes(browser: Browser, words: str) -> None:
    """Press what leads away from here."""
    browser.find("main")
    browser.driver.find_element(By.XPATH, f"//button[normalize-space(.)='{words}']").click()
    browser.find("[name=sub]")


@pytest.mark.part("browser")
def test_e5_a_person_links_and_signs_in_by_a_provider_that_is_not_ours(desk):
    """Asked to link first; then out, named by the provider, the passphrase typed, in. The content policy holds all the way."""
    desk.go("/data")
    assert desk.driver.current_url.endswith(MINE)
    desk.shot("identities-none")
    goes(desk, "绑定Company SSO")
    at_provider(desk, "emp-0001")
    assert "emp-0001" in desk.find("#identities").text
    desk.shot("identities")
    desk.driver.delete_all_cookies()
    desk.go(LOGIN)
    desk.shot("login-by-service")
    goes(desk, "用Company SSO登录")
    at_provider(desk, "emp-0001")
    assert "/account/login/" in desk.driver.current_url
    desk.shot("login-named")
    desk.type("password", OWN)
    desk.press("登录")
    desk.go("/data")
    assert desk.driver.current_url.endswith("/data")
    ours = [one for one in desk.faults if not one.startswith("http") or one.startswith(desk.base)]
    assert not ours, "\n".join(ours)  # the provider's own pages ask for what is not there


GOOD = PROVIDER.format(id="company", issuer="https://sso.example")


@pytest.mark.parametrize(
    "text",
    ["", "x = [", f"only = 1\n{GOOD}", f"more = 1\n{GOOD}", PROVIDER.format(id="company", issuer="http://sso.example"), PROVIDER.format(id="../x", issuer="https://sso.example"),
     PROVIDER.format(id="dingtalk", issuer="https://sso.example"), GOOD + GOOD, GOOD.replace("client_id", "client"), GOOD.replace('"openid_connect"', '"saml"'),
     PROVIDER.format(id="company", issuer="https://sso.example?x=1"), ROBOT + ROBOT, ROBOT + 'issuer = "https://x.example"\n'],
)  # fmt: skip
def test_e5_a_file_that_sets_up_nothing_is_refused(tmp_path, text):
    """Every fault of the settings is one at the start, not at the first sign-in."""
    with pytest.raises(Malformed) as wrong:
        oidc(str(settings(tmp_path, text)))
    assert wrong.value.slug == "oidc.config"


def test_e5_the_secret_is_its_owners_alone(tmp_path):
    """A secret that others may read is not used; without the setting nothing is loaded."""
    path = settings(tmp_path, GOOD + ROBOT)
    assert oidc(str(path)).origins == ("https://login.dingtalk.com", "https://sso.example")
    (tmp_path / "oidc.secret").chmod(0o644)
    with pytest.raises(CustodyError):
        oidc(str(path))
    assert oidc("") == Oidc()
