"""B3, B4: an address or number that two customers have on file proves neither of them, on a page or by telephone; what is one's alone does."""

import sqlite3
from pathlib import Path

import pytest

from custody.acts.barred import barred
from custody.acts.suppressing import listed
from custody.base import ids
from custody.base.errors import Denied
from custody.services.erase import erase
from custody.services.portal_prove import portal_prove
from custody.services.portal_show import portal_show
from custody.services.request_new import request_new
from custody.services.revise import Correction
from tests.portal.both_proofs import EMAIL, with_both
from tests.portal.conftest import DEAL, at, laws
from tests.portal.somebody import NUMBER, PHONE, column, put_right
from tests.portal.test_identified import take, waiting
from tests.portal.tokens import token


def share(where: Path, other: str, address: str) -> None:
    """As a couple does who has one mailbox, and longer than it can be taken back."""
    with at(where, "zhouning") as desk:
        put_right(where, desk, other, Correction("会员", None, column(desk, other, EMAIL), address, "typo"))
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM correction")
    store.close()


def prove(where: Path, text: str, kind: str, value: str) -> str:
    with at(where) as desk:
        return str(portal_prove(desk, laws(where), text, kind, value)["proof"])


@pytest.fixture
def pair(played: Path) -> tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]]:
    """Two customers with what they have on file."""
    one, two = (each for each, _ in zip(with_both(played), range(2), strict=False))
    return one, two


def test_b3_a_mailbox_of_two_opens_neither_page(played: Path, pair: tuple):
    """The same words as for a wrong one, in which stands what to do next; the number that is one's own opens that one's page alone."""
    (who, mine), (other, theirs) = pair
    text, second = token(played, who, "letter"), token(played, other, "letter")
    with at(played) as desk:
        assert (
            portal_show(desk, laws(played), text, prove(played, text, "email", mine[EMAIL]), "zh")["proved"] == "email"
        )
    share(played, other, mine[EMAIL].upper())
    told = []
    for page, value in ((text, mine[EMAIL]), (second, mine[EMAIL]), (text, "nobody@else.example")):
        with pytest.raises(Denied) as error:
            prove(played, page, "email", value)
        told.append((error.value.slug, error.value.message, error.value.next))
    assert set(told) == {told[0]}
    assert told[0][0] == "portal.wrong"
    assert "yours alone" in told[0][2]
    for page, own in ((text, mine), (second, theirs)):
        with at(played) as desk:
            shown = portal_show(desk, laws(played), page, prove(played, page, "customer-number", own[NUMBER]), "zh")
        numbers = [one["values"] for one in shown["held"] if one["class"] == NUMBER]
        assert numbers == [[own[NUMBER]]]


def test_b4_a_mailbox_of_two_takes_in_no_request(played: Path, pair: tuple):
    """By telephone or letter, of either; with the telephone that is nobody else's it is taken in."""
    (who, mine), (other, theirs) = pair
    share(played, other, mine[EMAIL])
    for one in (who, other):
        assert take(played, one, "letter", "email", ("email", mine[EMAIL])) == "request.identity"
    assert waiting(played) == 0
    for one, own in ((who, mine), (other, theirs)):
        assert take(played, one, "letter", "phone", ("phone", own[PHONE]), ("customer-number", own[NUMBER])).startswith(
            "R-"
        )


def test_a9_whoever_closes_their_account_silences_nobody_else(played: Path, pair: tuple):
    """One of two with a mailbox is erased and does not come in again by what was theirs alone; the other may be written to, and comes in."""
    (who, mine), (other, _) = pair
    share(played, other, mine[EMAIL])
    with at(played, "zhouning") as desk:
        request_new(desk, laws(played), DEAL, who, {"kind": "deregister", "channel": "desk", "proof": "in-person"})
        told = erase(desk, [who], None)
        assert (told["shared_values"], told["suppressed"] > 0) == (1, True)
        found = listed(desk)
        assert found is not None
        assert found.scope("email", mine[EMAIL]) == ""
        with desk.store.read() as tx:
            (vault,) = tx.find("vault")
            assert barred(desk, tx, str(vault["id"]), [ids.subject_bytes(other)]) == set()
