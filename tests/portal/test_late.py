"""B2: a consent is withdrawn by the link it was given on for as long as it stands; the link does nothing else by then, and a dead one names the company."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.base.errors import CustodyError, Denied, Malformed
from custody.services.deal_tell import deal_tell
from custody.services.link_revoke import link_revoke
from custody.services.portal_answer import portal_answer
from custody.services.portal_late import portal_late
from custody.services.portal_show import portal_show
from tests.portal.answering import AGREED, evidence, shown_who
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.serving import portal
from tests.portal.test_pages import ask
from tests.portal.tokens import link, token

OVER = timedelta(days=61)
CONTACT = "privacy@seller.example"


def test_b2_a_consent_is_withdrawn_by_its_link_as_long_as_it_stands(played: Path):
    """Past the link's time its page is shut, the yes is still taken back in one press without a proof, and again it is the same answer; no value, kind or name is told on the way."""
    who = somebody(played, *AGREED, lacks=("withdrawal",))
    text, rules = token(played, who), laws(played)
    proof, word = shown_who(played, text), {"question": "consent.separate", "lang": "en"}
    assert (0, "consent.separate") in {(max(place, 0), kind) for place, kind in evidence(played, who)}
    with at(played) as desk:
        desk.clock.advance(OVER)
        with pytest.raises(Denied):
            portal_show(desk, rules, text, "", "en")
        told = portal_late(desk, rules, text, "en")
        assert set(told) == {"us", "buyer", "rehearsal", "answers"}
        assert {one["question"] for one in told["answers"]} == {"consent.separate", "consent.separate.sensitive"}  # type: ignore[index, union-attr]
        for act in ("given", "refused"):
            with pytest.raises(Denied) as error:
                portal_answer(desk, rules, text, proof, {**word, "act": act})
            assert error.value.slug == "portal.link"
        made = portal_answer(desk, rules, text, "", {**word, "act": "withdrawn"})
        again = portal_answer(desk, rules, text, "", {**word, "act": "withdrawn"})
        assert (made["resumed"], again["resumed"], again["record"]) == (False, True, made["record"])
        assert made["outlook"] != "moves"
    assert "consent.separate" not in {kind for _, kind in evidence(played, who)}
    assert "withdrawal" in {kind for _, kind in evidence(played, who)}


def test_b2_a_link_past_its_time_opens_nothing_without_a_yes(played: Path):
    """Nothing was agreed to, or the link was shut, or the withdrawal lies far back: the one answer of every dead link."""
    silent = somebody(
        played, lacks=("consent.separate", "consent.separate.sensitive", "consent.guardian", "consent.refused")
    )
    who = somebody(played, *AGREED, lacks=("withdrawal",))
    nothing, shut, used = token(played, silent), link(played, who), token(played, who)
    with at(played, "zhouning") as desk:
        link_revoke(desk, DEAL, shut["link"])
    rules, back = laws(played), {"act": "withdrawn", "lang": "en"}
    with at(played) as desk:
        desk.clock.advance(OVER)
        for text in (nothing, str(shut["path"])[3:]):
            assert _slug(lambda text=text: portal_late(desk, rules, text, "en")) == "portal.link"
            assert (
                _slug(lambda text=text: portal_answer(desk, rules, text, "", {**back, "question": "consent.separate"}))
                == "portal.link"
            )
        with pytest.raises(Malformed):
            portal_answer(desk, rules, used, "", {**back, "question": "objection"})
        for code in ("consent.separate", "consent.separate.sensitive"):
            portal_answer(desk, rules, used, "", {**back, "question": code})
        desk.clock.advance(OVER)
        assert _slug(lambda: portal_late(desk, rules, used, "en")) == "portal.link"


def test_b2_the_page_of_a_late_link_and_of_a_dead_one(played: Path):
    """Over HTTP: a button that withdraws, and then that it was; a dead link is told by a page that names the company and how to reach it."""
    first, second = (one for one, _ in zip(everybody(played, *AGREED, lacks=("withdrawal",)), range(2), strict=False))
    text, other = token(played, first), token(played, second)
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, {"seller_contact": CONTACT})
    with at(played) as desk:
        desk.clock.advance(OVER)
        portal_answer(desk, laws(played), other, "", {"question": "consent.separate", "act": "withdrawn", "lang": "en"})
    with portal(played) as base:
        page = ask(f"{base}/en/t/{text}")
        assert page.status == 200
        assert "can still be taken back" in page.page
        assert CONTACT in page.page
        pressed = ask(f"{base}/en/t/{text}/answer", {"question": "consent.separate", "act": "withdrawn"})
        assert pressed.status == 302
        assert "Withdrawn." in ask(f"{base}{pressed.headers['Location'].partition('#')[0]}").page
        for step in ("proof", "ask/access", "ask/delete"):
            assert ask(f"{base}/en/t/{text}/{step}").status == 404
        for dead in (f"{text[:-1]}{'A' if text[-1] != 'A' else 'B'}", "x" * 48):
            shut = ask(f"{base}/en/t/{dead}")
            assert shut.status == 404
            assert CONTACT in shut.page
            assert "Qinghe" in shut.page


def _slug(work: object) -> str:
    with pytest.raises(CustodyError) as error:
        work()  # type: ignore[operator] # a function without parameters
    return error.value.slug
