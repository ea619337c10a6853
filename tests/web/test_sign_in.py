"""Accounts: a second factor, a first passphrase that works once, lockout, roles."""

import re

import pytest

from tests.web.serving import Served, found
from tests.web.visitor import Visitor

OWN, NEW = "书屋门前有一棵老树", "一句自己的话就好记"


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    """Who founded the home, with a second factor."""
    made = found(Visitor(served.base), served.first, OWN)
    made.second_factor()
    return made


def test_the_first_page_opens_by_its_link_alone(served):
    """Whoever comes without the one-time key, or with another, founds nothing."""
    for path in ("/welcome", "/welcome?key=another"):
        visitor = Visitor(served.base)
        visitor.get(path)
        assert visitor.status == 403


def test_the_second_factor_is_asked_for(served, owner):
    """The passphrase alone opens no page; with the code the same person is in."""
    visitor = Visitor(served.base)
    visitor.secret, visitor.used = owner.secret, owner.used
    visitor.sign_in("suhe", OWN)
    assert "/2fa/authenticate/" in visitor.at
    assert "Who may act here" not in visitor.get("/people")
    visitor.get("/account/2fa/authenticate/")
    visitor.post("/account/2fa/authenticate/", code=visitor.code())
    assert "Who may act here" in visitor.get("/people")


def test_a_first_passphrase_works_once_and_a_role_is_held_to(served, owner):
    """A new person can do nothing before taking a passphrase of their own; afterwards only what the role allows."""
    owner.get("/people")
    page = owner.post("/people", shown="周宁", handle="zhouning", role="privacy")
    once = re.search(r'id="once">([^<]+)<', page)
    assert once is not None
    visitor = Visitor(served.base)
    visitor.sign_in("zhouning", once[1])
    visitor.get("/data")
    assert visitor.at.endswith("/passphrase")
    visitor.post("/passphrase", old=once[1], new=NEW, again=NEW)
    visitor.get("/people")
    visitor.post("/people", shown="x", handle="mallory", role="owner")
    assert visitor.status == 403
    again = Visitor(served.base)
    again.sign_in("zhouning", once[1])
    assert "/account/login/" in again.at


def test_guessing_is_stopped(served, owner):  # noqa: ARG001 - the owner's account must be there
    """After a few failures not even the right passphrase is looked at."""
    visitor = Visitor(served.base)
    for _ in range(6):
        visitor.sign_in("suhe", "a guess")
    visitor.sign_in("suhe", OWN)
    assert "/account/login/" in visitor.at
