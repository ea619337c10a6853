"""A1: roles of people by browser: the owner takes one away alone and gives one beside a second person; whoever it is signs in anew."""

from collections.abc import Iterator

import pytest

from tests.access.staff import founded, passphrase
from tests.web.serving import Served, serve
from tests.web.visitor import Visitor

PEOPLE = {"zhouning": "privacy", "limo": "data", "songwen": "lawyer"}
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
