"""A9: who told the seller that nobody may contact them is not introduced to by the buyer, whose page says so and lets them take it back."""

import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.base.errors import Denied
from custody.services.campaign_new import campaign_new
from custody.services.portal_contact import portal_contact
from custody.services.release import release
from custody.services.suppress import suppress_add, suppress_list
from custody.services.verify import verify
from tests.line.conftest import act
from tests.portal.arrivals import opened
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.introduction import HELLO
from tests.portal.passed_on import buyer
from tests.portal.requesting import faults
from tests.portal.somebody import EMAIL, NUMBER, values
from tests.portal.test_home import page, proved


@pytest.fixture
def handed(played: Path) -> tuple[Path, str, str]:
    """Two who agreed and went over; the first had said at the seller that nobody may contact them."""
    with at(played, "zhouning") as desk:
        found = (one for one in everybody(played, "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
                 if len(values(desk, one).get(NUMBER, ())) == 1 and values(desk, one).get(EMAIL))  # fmt: skip
        who, other = next(found), next(found)
        suppress_add(desk, [], who, "contact", "asked.1", None)
    approved(played)
    with at(played, "zhouning") as desk:
        told = release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
        assert told["no_contact"] == 1
    code, came = act(played, "buyer", "fanyuan", "receive", DEAL, "--at", played / "handover")
    assert (code, came["no_contact"]) == (0, 1), came
    return played, who, other


def planned(where: Path, who: str, words: str) -> str:
    """What becomes of the buyer's introduction to this person."""
    with buyer(where) as desk:
        made = campaign_new(desk, laws(where), DEAL, {**HELLO, "text": words, "pages": "", "page_line": ""})
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        row = store.execute("SELECT s.state FROM sending s JOIN campaign c ON c.id = s.campaign WHERE c.ref = ? AND s.subject = ?",
                            (str(made["campaign"]), ids.subject_bytes(who))).fetchone()  # fmt: skip
    return str(row[0])


def test_a9_the_buyer_writes_to_nobody_who_asked_the_seller_for_silence(handed: tuple[Path, str, str]):
    """Also after the buyer's own keys; nothing of the list crossed, the folder is whole, and who asked for nothing is introduced to."""
    where, who, other = handed
    assert planned(where, who, "one") == "suppressed"
    assert act(where, "buyer", "fanyuan", "reseal", DEAL, "--at", where / "handover")[0] == 0
    assert planned(where, who, "two") == "suppressed"
    assert planned(where, other, "three") == "planned"
    with buyer(where) as desk:
        assert suppress_list(desk)["suppressed"] == 0
    assert not [one for one in verify([where / "handover"], []).faults if "silent" in one.file]
    assert (where / "handover" / "release-0001" / "silent").exists()


def test_a9_their_page_at_the_buyer_says_so_and_they_alone_take_it_back(handed: tuple[Path, str, str]):
    """A forwarded link does not: the second factor is asked for. Pressed again nothing happens; the introduction finds them then."""
    where, who, other = handed
    assert act(where, "buyer", "fanyuan", "reseal", DEAL, "--at", where / "handover")[0] == 0
    text = opened(where, who)
    shown = page(where, text)
    assert (shown["silent"], shown["silence_came"]) == (True, True)
    theirs = page(where, opened(where, other))
    assert (theirs["silent"], theirs["silence_came"]) == (False, False)
    with at(where, half="buyer") as desk, pytest.raises(Denied, match="is you"):
        portal_contact(desk, laws(where), text, "")
    proof = proved(where, text, who)
    with at(where, half="buyer") as desk:
        assert portal_contact(desk, laws(where), text, proof)["did"] == "contact"
        assert faults(lambda: portal_contact(desk, laws(where), text, proof)) == "portal.silent"
    assert page(where, text)["silent"] is False
    assert planned(where, who, "four") == "planned"


def test_a9_what_this_company_was_told_itself_is_not_taken_back_there(handed: tuple[Path, str, str]):
    """Somebody on the buyer's own list: the page says that they are, and offers nothing; asked all the same it is refused."""
    where, _, other = handed
    assert act(where, "buyer", "fanyuan", "reseal", DEAL, "--at", where / "handover")[0] == 0
    with buyer(where) as desk:
        suppress_add(desk, [], other, "contact", "asked.2", None)
    text = opened(where, other)
    shown = page(where, text)
    assert (shown["silent"], shown["silence_came"]) == (True, False)
    proof = proved(where, text, other)
    with at(where, half="buyer") as desk:
        assert faults(lambda: portal_contact(desk, laws(where), text, proof)) == "portal.silent"
