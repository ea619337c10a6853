"""A1: roles of people by browser, and a new way in for whoever lost theirs: whoever it is signs in anew."""

import re
import sqlite3
from collections.abc import Iterator

import pytest

from tests.access.staff import founded, passphrase
from tests.web.serving import Served, serve
from tests.web.visitor import Visitor

PEOPLE = {"zhouning": "privacy", "limo": "data", "songwen": "lawyer", "dingxia": "department", "hanbing": "auditor"}
LOGIN = "/account/login/"
PAGE = "/people/limo/roles"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company of its own: here nobody else's roles change."""
    with serve(founded(tmp_path_factory.mktemp("roles") / "home", PEOPLE)) as running:
        yield running


@pytest.fixture(scope="module")
def owner(office: Served) -> Visitor:
    """The owner, with a second factor."""
    made = enters(office, "suhe")
    made.second_factor()
    return made


def enters(office: Served, handle: str) -> Visitor:
    made = Visitor(office.base)
    made.sign_in(handle, passphrase(handle))
    return made


def test_a1_roles_by_browser_are_given_by_two_people(office: Served, owner: Visitor):
    """Asked, confirmed by somebody else, done; the person is out, and back in with the new role; then it is taken away by one."""
    second, limo = enters(office, "zhouning"), enters(office, "limo")
    second.second_factor()
    assert limo.get("/people")
    assert PAGE not in limo.page
    limo.get(PAGE)
    assert limo.status == 403
    assert PAGE in owner.get("/people")
    owner.get(PAGE)
    owner.post(PAGE, step="look", role=["data", "lawyer"])
    assert 'id="gained">Lawyer<' in owner.page
    owner.post(PAGE, step="take", role=["data", "lawyer"])
    assert 'data-slug="act.unapproved"' in owner.page
    owner.get(PAGE)
    owner.post(PAGE, step="look", role=["data", "lawyer"])
    owner.post(PAGE, step="ask", role=["data", "lawyer"], content=owner.field("content"))
    assert PAGE in second.get("/inbox")
    second.get(PAGE)
    second.post(PAGE, step="approve", content=second.field("content"), code=second.code())
    assert second.status == 200
    owner.get(PAGE)
    owner.post(PAGE, step="do", content=owner.field("content"), code=owner.code(), ref="limo")
    assert owner.at.endswith("/people")
    limo.get("/people")
    assert LOGIN in limo.at, "whoever's roles changed is signed out"
    limo.sign_in("limo", passphrase("limo"))
    assert "Lawyer" in limo.get(PAGE)
    assert limo.status == 200
    owner.get(PAGE)
    owner.post(PAGE, step="look", role=["data"])
    owner.post(PAGE, step="take", role=["data"])
    assert owner.at.endswith("/people")
    limo.get("/people")
    assert LOGIN in limo.at


def test_a1_by_browser_nobody_confirms_a_role_of_their_own(office: Served, owner: Visitor):
    """The page of one's own roles has no form, and what is sent to it all the same is refused."""
    lawyer = enters(office, "songwen")
    page = "/people/songwen/roles"
    owner.get(page)
    owner.post(page, step="look", role=["lawyer", "owner"])
    content = owner.field("content")
    owner.post(page, step="ask", role=["lawyer", "owner"], content=content)
    lawyer.get(page)
    assert 'name="step"' not in lawyer.page.partition("<main")[2]
    lawyer.post(page, step="approve", content=content, code="000000")
    assert 'data-slug="principal.own-roles"' in lawyer.page
    assert lawyer.status == 409
    own = "/people/suhe/roles"
    owner.get(own)
    owner.post(own, step="take", role=["auditor", "owner"])
    assert 'data-slug="principal.own-roles"' in owner.page


def test_a1_whoever_lost_their_way_in_gets_another_and_a_second_factor_anew(office: Served, owner: Visitor):
    """The old session and passphrase are over; the passphrase given works once; then their own, the authenticator anew, and they are told."""
    lost, page = enters(office, "dingxia"), "/people/dingxia/reset"
    lost.second_factor()
    lost.get(page)
    assert lost.status == 403
    owner.get(page)
    owner.post(page, step="do")
    secret = re.search(r'id="once">([0-9a-f-]+)<', owner.page)
    assert secret is not None
    lost.get("/people")
    assert LOGIN in lost.at
    lost.sign_in("dingxia", passphrase("dingxia"))
    assert LOGIN in lost.at, "the passphrase of before"
    lost.sign_in("dingxia", secret[1])
    assert lost.at.endswith("/passphrase"), "no digits of the lost telephone are asked for"
    own = "a new passphrase of dingxia"
    lost.post("/passphrase", old=secret[1], new=own, again=own)
    lost.get("/people")
    assert lost.at.endswith("/account/2fa/totp/activate/"), "nothing else opens before the second factor is there again"
    lost.second_factor()
    assert "gave you a new way in" in lost.get("/inbox")
    again = Visitor(office.base)
    again.sign_in("dingxia", secret[1])
    assert LOGIN in again.at, "it worked once"
    assert "A key was given anew" in owner.get("/ledger")


def test_a1_a_way_in_that_nobody_used_is_over_after_a_week(office: Served, owner: Visitor):
    """As wrong as any other passphrase, and another is given."""
    page = "/people/hanbing/reset"
    owner.get(page)
    owner.post(page, step="do")
    secret = re.search(r'id="once">([0-9a-f-]+)<', owner.page)
    assert secret is not None
    with sqlite3.connect(office.home / "console.db") as rows:
        rows.execute("UPDATE console_person SET once_until = datetime('now', '-1 minute') WHERE username = 'hanbing'")
    late = Visitor(office.base)
    late.sign_in("hanbing", secret[1])
    assert LOGIN in late.at
    owner.get(page)
    owner.post(page, step="do")
    anew = re.search(r'id="once">([0-9a-f-]+)<', owner.page)
    assert anew is not None
    late.sign_in("hanbing", anew[1])
    assert late.at.endswith("/passphrase")
