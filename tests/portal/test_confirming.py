"""A7: once a year each customer is asked whether all is right: by a link in a real message, not again within the year, nobody who may not be contacted."""

import re
from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.suppressing import mark
from custody.base.ids import subject_bytes
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.freshness_ask import confirmations_due, freshness_ask
from custody.services.portal_confirm import portal_confirm
from custody.services.portal_correct import portal_correct
from custody.services.portal_prove import portal_prove
from custody.services.portal_show import portal_show
from tests.portal.campaigns import relay
from tests.portal.conftest import DEAL, at, laws
from tests.portal.somebody import NUMBER, refused, values
from tests.portal.somebody import somebody as with_values

__all__ = ["relay"]
GIVEN = {"sender": "privacy@qinghe.example", "pages": "https://you.qinghe.example"}
YEAR, EMAIL = timedelta(days=400), "contact.email"
pytestmark = pytest.mark.part("smtp")


def everyone(desk: Desk) -> set[bytes]:
    with desk.store.read() as tx:
        return {bytes(row["id"]) for row in tx.find("subject", kind="customer", state="live")}  # type: ignore[arg-type] # ids are bytes


def in_it(desk: Desk, ref: str) -> dict[bytes, str]:
    with desk.store.read() as tx:
        (row,) = tx.find("campaign", ref=ref)
        return {bytes(one["subject"]): str(one["state"]) for one in tx.find("sending", campaign=row["id"])}  # type: ignore[arg-type] # ids are bytes


def message_of(desk: Desk, ref: str, who: str) -> str:
    """The name of one person's message."""
    with desk.store.read() as tx:
        (row,) = tx.find("campaign", ref=ref)
        (one,) = tx.find("sending", campaign=row["id"], subject=subject_bytes(who))
        return str(one["message_id"])


def alarmed(told: Mapping) -> list:
    """What was planned: a plan that nobody approved asks nobody, so it alarms."""
    assert not told["ok"]
    return list(told["planned"])


def planned(desk: Desk) -> dict:
    made: Mapping = freshness_ask(desk, DEAL, GIVEN)
    return dict(made)


def silence(desk: Desk, who: str) -> None:
    with desk.store.write() as tx:
        (vault,) = tx.find("vault")
        mark(tx, str(vault["id"]), [subject_bytes(who)])


def test_a7_nobody_is_asked_before_their_year_is_over_nor_twice_in_one(played: Path):
    """The vault is too young; a year on everybody is in it but whom nobody may contact; asked, nobody is asked again before the next year."""
    who = with_values(played, EMAIL)
    with at(played, "zhouning") as desk:
        assert refused(lambda: planned(desk)) == "campaign.nobody"
        assert confirmations_due(desk) == {"planned": [], "waiting": [], "ok": True}
        silence(desk, who)
        desk.clock.advance(YEAR)
        made = planned(desk)
        people = in_it(desk, made["campaign"])
        assert subject_bytes(who) not in people
        assert set(people) <= everyone(desk) - {subject_bytes(who)}
        assert len(people) == made["people"] > 0
        assert refused(lambda: planned(desk)) == "campaign.nobody"
        assert confirmations_due(desk) == {"planned": [], "waiting": [made["campaign"]], "ok": False}
        desk.clock.advance(timedelta(days=200))
        assert refused(lambda: planned(desk)) == "campaign.nobody"


def test_a7_the_question_goes_out_once_approved_and_its_answer_is_evidence_or_a_correction(
    played: Path, relay: tuple[str, Path]
):
    """Through a real relay: the link of the message leads to the page, where one press confirms and another corrects; it is no notice, and next year's is planned by itself."""
    who = with_values(played, EMAIL, "contact.phone")
    with at(played, "zhouning") as desk:
        address, number = values(desk, who)[EMAIL][0], values(desk, who)[NUMBER][0]
        with desk.store.read() as tx:
            notices = tx.count("evidence", type="notice.delivered")
        desk.clock.advance(YEAR)
        made = planned(desk)
        now, name, mailer = (
            desk.clock.now(),
            message_of(desk, made["campaign"], who),
            wiring.mailer(relay[0], "none", "", None, 0),
        )
        made["approve"] = campaign_relay(desk, made["campaign"], mailer.way)["approve"]
        assert refused(lambda: campaign_send(desk, mailer, made["campaign"], 0)) == "act.unapproved"
    with at(played, "suhe") as desk:
        desk.clock.advance(now - desk.clock.now())
        approve(desk, *made["approve"])
    with at(played, "zhouning") as desk:
        desk.clock.advance(now - desk.clock.now())
        while not campaign_send(desk, mailer, made["campaign"], 0)["done"]:
            pass
        mailer.close()
        log = (relay[1] / "relay.log").read_text(encoding="ascii")
        campaign_settle(desk, made["campaign"], log, 120)
        desk.clock.advance(timedelta(hours=128))
        assert campaign_settle(desk, made["campaign"], log, 120)["delivered"] > 0
        with desk.store.read() as tx:
            assert tx.count("evidence", type="notice.delivered") == notices
            assert tx.count("statement", kind="notice") == len(
                {row["n"] for row in tx.find("statement", kind="notice")}
            )
        later = desk.clock.now() + timedelta(days=50)
        assert campaign_show(desk, made["campaign"], 5)["counts"]["sending"] == 0  # type: ignore[index, call-overload] # counts
    letters = [message_from_bytes(file.read_bytes(), policy=default) for file in relay[1].glob("*.eml")]
    (mine,) = [one for one in letters if one["Message-ID"] == name]
    assert mine["To"] == address.lower()
    body = mine.get_body().get_content()  # type: ignore[union-attr] # a message of ours has one
    assert ("还对不对" in mine["Subject"]) or ("still right" in mine["Subject"])
    link = re.search(r"https://you\.qinghe\.example/t/(\S+)", body)
    assert link
    with at(played) as desk:
        desk.clock.advance(later - desk.clock.now())
        assert portal_show(desk, laws(played), link[1], "", "zh")["confirm"] is True
        proof = str(portal_prove(desk, laws(played), link[1], "customer-number", number)["proof"])
        assert portal_correct(
            desk, laws(played), link[1], proof, {"class": "contact.phone", "which": "0", "value": "13987650000"}
        )["did"] in {"done", "asked"}
        portal_confirm(desk, laws(played), link[1], proof)
        assert portal_show(desk, laws(played), link[1], proof, "zh")["confirm"] is False
    with at(played, "zhouning") as desk:
        asked = in_it(desk, made["campaign"])
        desk.clock.advance(now + timedelta(days=340) - desk.clock.now())
        assert confirmations_due(desk) == {"planned": [], "waiting": [], "ok": True}
        desk.clock.advance(timedelta(days=40))
        (ref,) = alarmed(confirmations_due(desk))
        assert set(in_it(desk, str(ref))) == set(asked) - {
            subject_bytes(who)
        }  # who confirmed since has a year of their own
        assert confirmations_due(desk) == {"planned": [], "waiting": [ref], "ok": False}
