"""A9: who told the seller that nobody may contact them is not introduced to by the buyer, whose page says so and lets them take it back."""

import json
import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.base import canonical, ids
from custody.base.errors import Denied
from custody.services.campaign_new import campaign_new
from custody.services.link_new import link_new
from custody.services.portal_contact import portal_contact
from custody.services.portal_show import portal_show
from custody.services.release import release
from custody.services.suppress import suppress_add, suppress_lift, suppress_list
from custody.services.verify import verify
from tests.line.conftest import act
from tests.portal.arrivals import opened
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.introduction import HELLO
from tests.portal.passed_on import buyer
from tests.portal.requesting import faults
from tests.portal.serving import portal
from tests.portal.somebody import EMAIL, NUMBER, values
from tests.portal.test_home import page, proved
from tests.portal.test_pages import ask

PROOF = "custody_proof"


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


def test_a9_a_mark_that_this_companys_own_list_keeps_is_not_offered_and_says_so(handed: tuple[Path, str, str]):
    """Silence came along, and the buyer was told so itself: no button that does nothing; pressed all the same the page says whom to tell, and pressed twice that it is noted."""
    where, who, other = handed
    assert act(where, "buyer", "fanyuan", "reseal", DEAL, "--at", where / "handover")[0] == 0
    text, fine = opened(where, who), page(where, opened(where, other))
    assert (page(where, text)["silence_came"], fine["silence_came"]) == (True, False)
    proof = proved(where, text, who)
    with buyer(where) as desk:
        suppress_add(desk, [], who, "contact", "asked.3", None)
    assert page(where, text)["silence_came"] is False
    with portal(where, "buyer") as base:
        for lang, words, tell in (
            ("en", "on our own list, too", "To be contacted again, tell"),
            ("zh", "名单里也记着您", "想重新接收联系，请告诉"),
        ):
            pressed = ask(f"{base}/{lang}/t/{text}/contact", {}, Cookie=f"{PROOF}={proof}")
            assert pressed.headers["Location"].endswith("done=still-silent#said")
            shown = ask(f"{base}{pressed.headers['Location'].partition('#')[0]}").page
            assert words in shown
            assert tell in shown
        with buyer(where) as desk:
            suppress_lift(desk, "", "asked.4", subject=who)
        again = ask(f"{base}/en/t/{text}/contact", {}, Cookie=f"{PROOF}={proof}")
        assert again.headers["Location"].endswith("done=contact#said")


def test_a9_for_a_child_its_guardian_says_that_it_may_be_contacted_again(handed: tuple[Path, str, str]):
    """The second factor alone is asked on for who says it; the name is kept under the child's own key."""
    where, who, _ = handed
    assert act(where, "buyer", "fanyuan", "reseal", DEAL, "--at", where / "handover")[0] == 0
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        ((facts,),) = store.execute("SELECT facts FROM subject WHERE id = ?", (ids.subject_bytes(who),))
        young = canonical.encode({**json.loads(facts), "turns_14_on": "2031-01-01"})
        store.execute("UPDATE subject SET facts = ? WHERE id = ?", (young, ids.subject_bytes(who)))
    text = opened(where, who)
    proof, said = proved(where, text, who), {"guardian": "王监护", "relation": "parent"}
    with at(where, half="buyer") as desk:
        for given in ({}, {**said, "guardian": ""}, {**said, "relation": "friend"}):
            assert (
                faults(lambda given=given: portal_contact(desk, laws(where), text, proof, given)) == "portal.guardian"
            )
    cookie = {"Cookie": f"{PROOF}={proof}"}
    with portal(where, "buyer") as base:
        asks = ask(f"{base}/zh/t/{text}/contact", {}, **cookie)
        assert asks.headers["Location"].endswith("/guardian?says=contact")
        form = ask(f"{base}{asks.headers['Location']}", **cookie).page
        assert 'name="guardian"' in form
        assert f'action="/zh/t/{text}/contact"' in form
        wrong = ask(f"{base}/zh/t/{text}/contact", {**said, "relation": "friend"}, **cookie)
        assert wrong.headers["Location"].endswith("says=contact&wrong=1")
        assert page(where, text)["silent"] is True
        done = ask(f"{base}/zh/t/{text}/contact", said, **cookie)
        assert done.headers["Location"].endswith("done=contact#said")
    assert page(where, text)["silent"] is False
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        rows = store.execute("SELECT o.detail FROM opening o JOIN ledger_entry e ON e.space = o.space AND e.position = o.position WHERE CAST(e.entry AS TEXT) LIKE '%contact-guarded%'").fetchall()  # fmt: skip
        every = store.execute("SELECT entry FROM ledger_entry").fetchall()
    assert len(rows) == 1
    assert not any("王监护".encode() in bytes(one) for (one,) in (*rows, *every))


def test_a9_a_dry_run_tells_how_many_go_over_silent(played: Path):
    """Before it is approved; nothing is told where there is nobody."""
    who = next(everybody(played, "consent.separate", lacks=("objection", "consent.refused", "withdrawal")))

    def dry() -> dict:
        with at(played, "zhouning") as desk:
            return dict(release(desk, laws(played), DEAL, wiring.folder(played / "handover"), dry_run=True))

    assert "no_contact" not in dry()
    with at(played, "zhouning") as desk:
        suppress_add(desk, [], who, "contact", "asked.1", None)
    told = dry()
    assert told["no_contact"] == 1


def at_the_seller(where: Path, who: str) -> dict:
    """Their page at the company that had their data."""
    with at(where, "zhouning") as desk:
        token = str(link_new(desk, DEAL, who, "email", 30)["path"]).removeprefix("/t/")
    with at(where) as desk:
        return dict(portal_show(desk, laws(where), token, "", "zh"))


def test_a9_silence_of_after_the_release_is_said_to_be_unknown_to_the_buyer(handed: tuple[Path, str, str]):
    """Of whoever went over, whoever adds them is told that the buyer does not know, and for which deal; their page says whom to tell, too. Of whoever stayed, and of who was silent before, nothing."""
    where, who, other = handed
    stays = next(everybody(where, "objection"))
    with at(where, "zhouning") as desk:
        assert suppress_add(desk, [], other, "contact", "asked.9", None)["with_buyer"] == [{"deal": DEAL, "people": 1}]
        assert "with_buyer" not in suppress_add(desk, [], other, "contact", "asked.9", None), "nothing new was marked"
        assert "with_buyer" not in suppress_add(desk, [], stays, "contact", "asked.9", None)
        assert "with_buyer" not in suppress_add(desk, [], who, "contact", "asked.9", None)
    shown = {one: at_the_seller(where, one) for one in (other, stays)}
    assert [(shown[one]["silent"], shown[one]["silence_later"]) for one in (other, stays)] == [
        (True, True),
        (True, False),
    ]
