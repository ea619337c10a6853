"""Whose asking it is: a colleague's list is for who may confirm it, and nobody takes its place."""

from collections.abc import Iterator

import pytest

from tests.web.company import Company
from tests.web.visitor import Visitor

SECRET = "A REASON THAT CONCERNS NOBODY ELSE"
OWN = "/customers/many"
HERS = "/customers/many?of=suhe"
DEAL = "D-2026-0001"


def form(seller: Company, reason: str) -> dict[str, str]:
    people = seller.told("suhe", "deal", "customers", DEAL, "--most", "2")["customers"]
    return {
        "vault": "",
        "subjects": " ".join(one["subject"] for one in people),
        "purpose": "contract",
        "reason": reason,
    }


def looked(visitor: Visitor, where: str, given: dict[str, str]) -> str:
    """What the rehearsal of a list is called."""
    visitor.get(where)
    visitor.post(where, step="look", **given)
    return visitor.field("content")


@pytest.fixture
def asking(seller: Company) -> Iterator[Visitor]:
    """The owner waits for a second person to confirm a list."""
    owner = seller.visitor("suhe")
    given = form(seller, SECRET)
    owner.post(OWN, step="ask", content=looked(owner, OWN, given), **given)
    assert SECRET in owner.get(OWN)
    yield owner
    owner.get(OWN)
    owner.post(OWN, step="drop")


def test_a3_who_may_confirm_nothing_reads_no_colleagues_list(seller: Company, asking: Visitor):
    """The data custodian is shown a list of their own; who may confirm reads the reason."""
    assert asking.status == 200
    assert SECRET not in seller.visitor("limo").get(HERS)
    assert SECRET in seller.visitor("zhouning").get(HERS)


def test_a3_nobody_asks_in_the_place_of_a_colleague(seller: Company, asking: Visitor):
    """While it can be confirmed it stands: another's list on the same page is refused by name, and hers is as it was."""
    other = seller.visitor("zhouning")
    given = form(seller, "another list")
    content = looked(other, OWN, given)
    other.get(HERS)
    other.post(HERS, step="ask", content=content, **given)
    assert (other.status, 'data-slug="console.first"' in other.page) == (403, True)
    assert SECRET in asking.get(OWN)


def test_a1_a_sign_in_name_that_is_taken_is_told(seller: Company):
    """Nobody is added, and the form says why and keeps what was typed."""
    owner = seller.visitor("suhe")
    owner.get("/people")
    owner.post("/people", shown="Another Li", handle="limo", role="data")
    assert "had it once" in owner.page
    assert 'value="Another Li"' in owner.page


def test_a3_a_grant_that_is_asked_for_reaches_who_answers_and_back(seller: Company):
    """The owner's bell says so, and the asker's when it was refused."""
    asker, owner = seller.visitor("limo"), seller.visitor("suhe")
    asker.get("/access")
    asker.post(
        "/access", do="ask", tier="sensitive", purpose="service", until="2026-05-30", reason="complaints of March"
    )
    (grant,) = [one for one in seller.told("limo", "grant", "list")["grants"] if one["state"] == "asked"]
    assert "asks for access" in owner.get("/inbox")
    owner.get("/access")
    owner.post("/access", do="refuse", id=grant["id"])
    assert "answered about your access" in asker.get("/inbox")


def test_e5_a_zone_that_is_a_folder_is_none(seller: Company):
    """Whatever the cookie says, the page is there."""
    visitor = Visitor(seller.served.base)
    for zone in ("America", "a" * 3_000, "../etc"):
        visitor.plant("custody_tz", zone)
        visitor.get("/account/login/")
        assert visitor.status == 200, zone


def test_a1_a_passphrase_of_ones_own_is_another(seller: Company):
    """The one that somebody else gave is not taken as one's own."""
    visitor, secret = seller.visitor("limo"), seller.passphrase("limo")
    visitor.get("/passphrase")
    visitor.post("/passphrase", old=secret, new=secret, again=secret)
    assert "Whoever gave it to you knows it" in visitor.page
