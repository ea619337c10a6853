"""E2, A7: a message about something else tells nobody of a deal that is still the companies' own matter."""

import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.answering import companies
from custody.base.ids import subject_text
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.freshness_ask import freshness_ask
from custody.services.portal_answer import portal_answer
from custody.services.portal_confirm import portal_confirm
from custody.services.portal_prove import portal_prove
from custody.services.portal_show import portal_show
from tests.adapters.texts.conftest import SECRET, gateways, settings
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.serving import portal
from tests.portal.somebody import EMAIL, NUMBER, PHONE, refused, values
from tests.portal.somebody import somebody as with_values
from tests.portal.test_confirming import GIVEN, YEAR
from tests.portal.test_incident_texts import SHORT, notified, touched
from tests.portal.test_incident_told import counted
from tests.portal.test_incidents import recorded
from tests.portal.test_link_lives import token
from tests.portal.test_pages import ask
from tests.portal.texts_sent import kept

__all__ = ["gateways", "untold"]


@pytest.fixture
def quiet(untold: Path) -> Path:
    """Before the rehearsal's own notice, too: the openness page does not have the deal, and the kept counts know of nobody who was told."""
    store = sqlite3.connect(untold / "seller" / "core.db")
    assert store.execute("DELETE FROM statement WHERE kind = 'notice'").rowcount
    assert store.execute("DELETE FROM row_count WHERE a LIKE 'notice.%' OR b LIKE 'notice.%'").rowcount
    store.commit()
    store.close()
    return untold


def names(where: Path) -> set[str]:
    """What the buyer is called."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        buyer = companies(tx, tx.find("matter", kind="deal")[0])[1]
        return {buyer.zh, buyer.en}


def test_e2_the_link_of_an_incidents_message_shows_no_deal_that_nobody_was_told_of(
    quiet: Path, gateways: tuple[str, Path], tmp_path: Path
):
    """The notice stands there whole, and what is held; neither the buyer nor a question nor an objection, until the deal's own messages go out."""
    ref, few = recorded(quiet)["incident"], touched(quiet, PHONE)[:1]
    listed = "\n".join(few).encode()
    counted(quiet, ref, "会员", listed=listed)
    made = notified(quiet, ref, listed, "sms", **SHORT)
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings("twilio", gateways[0]), encoding="utf-8")
    texter = wiring.texter(tmp_path / "gateway.toml", 0, 4)
    with at(quiet, "zhouning") as desk:
        asked = campaign_relay(desk, made["campaign"], texter.way)["approve"]
    with at(quiet, "suhe") as desk:
        approve(desk, *asked)
    with at(quiet, "zhouning") as desk:
        campaign_send(desk, texter, made["campaign"], 0)
    text = next(one for one in kept(gateways[1])[0]["words"].split() if "/t/" in one).rpartition("/t/")[2]
    with at(quiet) as desk:
        shown = portal_show(desk, laws(quiet), text, "", "zh")
        assert (
            refused(
                lambda: portal_answer(
                    desk, laws(quiet), text, "", {"question": "objection", "act": "objected", "lang": "zh"}
                )
            )
            == "portal.question"
        )
    assert shown["outlook"] == "unannounced"
    assert [one for one in shown["notices"] if "cause写明" in one["text"]]
    assert shown["held"]
    assert not [one for one in ("asked", "questions", "answers", "steps", "told", "objection") if shown[one]]
    with portal(quiet) as base:
        for lang, word in (("zh", "cause写明"), ("en", "cause told")):
            got = ask(f"{base}/{lang}/t/{text}")
            assert got.status == 200
            assert word in got.page
            assert not [name for name in names(quiet) if name in got.page]
        assert ask(f"{base}/zh/t/{text}/ask/explain").status == 404
    second = planned(quiet, channel="sms", by=texter.way)["campaign"]
    with at(quiet) as desk:
        assert portal_show(desk, laws(quiet), text, "", "zh")["outlook"] == "unannounced", "a plan tells nobody"
    with at(quiet, "zhouning") as desk:
        campaign_send(desk, texter, second, 1)
    with at(quiet) as desk:
        shown = portal_show(desk, laws(quiet), text, "", "zh")
        assert (shown["outlook"] != "unannounced", bool(shown["objection"])) == (True, True)


def test_a7_the_yearly_question_shows_no_deal_that_nobody_was_told_of(quiet: Path):
    """What is held is confirmed by the second factor all the same."""
    who = with_values(quiet, EMAIL, NUMBER)
    with at(quiet, "zhouning") as desk:
        desk.clock.advance(YEAR)
        made = freshness_ask(desk, DEAL, GIVEN)
        (number,) = values(desk, who)[NUMBER]
        with desk.store.read() as tx:
            (row,) = tx.find("campaign", ref=str(made["campaign"]))
            rows = tx.find("sending", campaign=row["id"])
        mine = next(one for one in rows if subject_text(one["subject"]) == who)
        with desk.store.read() as tx:
            text = token(desk, tx, mine)
    with at(quiet) as desk:
        assert portal_show(desk, laws(quiet), text, "", "en")["outlook"] == "unannounced"
        proof = str(portal_prove(desk, laws(quiet), text, "customer-number", number)["proof"])
        shown = portal_show(desk, laws(quiet), text, proof, "en")
        assert shown["own"]
        assert shown["confirm"]
        assert not [one for one in ("asked", "questions", "answers", "steps", "told", "objection") if shown[one]]
        assert portal_confirm(desk, laws(quiet), text, proof)["did"] == "confirmed"
