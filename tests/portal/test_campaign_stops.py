"""B1: what became of the deal, of a person and of an address between plan and message is looked at again before anything goes out."""

import sqlite3
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.contacts import Contact
from custody.base import ids
from custody.services.approve import approve
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_new import campaign_new
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.portal_correct import portal_correct
from tests.portal.arrivals import opened
from tests.portal.campaigns import WORDS, planned, relay, taken, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.introduction import HELLO
from tests.portal.passed_on import released
from tests.portal.somebody import EMAIL, PHONE, proven, refused, somebody
from tests.portal.test_campaign import report
from tests.portal.test_home import say

__all__ = ["relay", "untold"]
CODED = ("=?utf-8?q?a=0Ab?=@x.com", "=?utf-8?q?a=2Cb=40evil.com?=@x.com")


def sent(where: Path, ref: str, address: str, most: int = 0) -> None:
    mailer = wiring.mailer(address, "none", "", None, 0)
    with at(where, "zhouning") as desk:
        campaign_send(desk, mailer, ref, most)
    mailer.close()


@pytest.mark.part("smtp")
@pytest.mark.parametrize("connections", [1, 4])
def test_b1_a_stop_between_messages_loses_none_and_doubles_none(
    untold: Path, relay: tuple[str, Path], connections: int
):
    """What had begun has ended, nothing is in doubt by it, and sent again it goes on where it stopped."""
    address, folder = relay
    made, ended_ = planned(untold, by=address), list[int]()

    def go_on(more: int) -> bool:
        ended_.append(more)
        return sum(ended_) < 2 * connections

    mailer = wiring.mailer(address, "none", "", None, 0, connections)
    with at(untold, "zhouning") as desk:
        told = campaign_send(desk, mailer, made["campaign"], 0, go_on)
        assert (told["stopped"], told["sent"], told["in_doubt"]) == ("campaign.stopped", 2 * connections, 0)
        assert ended_ == [0, connections, connections]
        assert sum(taken(folder).values()) == 2 * connections
        never = campaign_send(desk, mailer, made["campaign"], 0, lambda _: False)
        assert (never["stopped"], never["sent"]) == ("campaign.stopped", 0)
        while not campaign_send(desk, mailer, made["campaign"], 0)["done"]:
            pass
    mailer.close()
    assert set(taken(folder).values()) == {1}
    assert len(taken(folder)) == made["counts"]["planned"]


def ended(where: Path) -> None:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("UPDATE matter SET state = 'aborted' WHERE ref = ?", (DEAL,))


def test_b1_nobody_is_told_of_a_transfer_that_is_off(untold: Path):
    """Approved before the deal ended: neither mails nor letters go, and none are planned anew."""
    made = planned(untold)
    ended(untold)
    mailer = wiring.mailer("127.0.0.1:9", "none", "", None, 0)
    with at(untold, "zhouning") as desk:
        assert refused(lambda: campaign_send(desk, mailer, made["campaign"], 0)) == "deal.ended"
        assert refused(lambda: campaign_letters(desk, made["campaign"])) == "deal.ended"
        assert refused(lambda: campaign_new(desk, laws(untold), DEAL, WORDS)) == "deal.ended"


@pytest.mark.part("smtp")
@pytest.mark.parametrize("coded", CODED)
def test_b1_an_encoded_word_is_no_address(untold: Path, relay: tuple[str, Path], coded: str):
    """It is refused where a customer types it; where it came with the data that person is work, and everybody else's message goes."""
    assert Contact(values={EMAIL: coded}).email == ""
    who = somebody(untold, EMAIL, PHONE)
    text, proof = proven(untold, who, "email")
    with at(untold) as desk:
        told = {"class": EMAIL, "value": coded}
        assert refused(lambda: portal_correct(desk, laws(untold), text, proof, told)) == "correction.value"
    sent(untold, planned(untold, by=relay[0])["campaign"], relay[0], 5)
    to = [str(message_from_bytes(one.read_bytes(), policy=default)["To"]) for one in relay[1].glob("*.eml")]
    assert len(to) == 5
    assert not [one for one in to if "=?" in one]


@pytest.mark.part("smtp")
def test_b1_an_answer_of_years_ago_says_nothing_of_a_message_that_came_back(untold: Path, relay: tuple[str, Path]):
    """A consent of before is on file; the message bounces: that person was not told."""
    made = planned(untold, by=relay[0])
    sent(untold, made["campaign"], relay[0], 1)
    store = sqlite3.connect(untold / "seller" / "core.db")
    (who, name) = store.execute("SELECT subject, message_id FROM sending WHERE state = 'sent'").fetchone()
    matter = store.execute("SELECT id FROM matter WHERE ref = ?", (DEAL,)).fetchone()[0]
    store.execute("DELETE FROM answer WHERE subject = ?", (who,))
    store.execute(
        "INSERT INTO answer (matter, subject, question, version, act, record, compartments, at, sha256, receipt, position)"
        " VALUES (?, ?, 'consent.marketing', 1, 'given', 'cns_x', '', '2021-01-01T00:00:00.000000Z', '', x'', 1)",
        (matter, who),
    )
    store.commit()
    with at(untold, "zhouning") as desk:
        desk.clock.advance(timedelta(hours=LEAST_HOURS + 1))
        campaign_settle(desk, made["campaign"], None, LEAST_HOURS)
        assert campaign_bounces(desk, made["campaign"], [report(name, "failed", "5.1.1")])["bounced"] == 1
    kinds = {
        kind
        for (kind,) in store.execute("SELECT type FROM evidence WHERE subject = ? AND type LIKE 'notice.%'", (who,))
    }
    store.close()
    assert kinds == {"notice.bounced"}, ids.subject_text(who)


@pytest.mark.part("smtp")
def test_b1_whoever_objected_meanwhile_is_not_introduced_to_the_buyer(played: Path, relay: tuple[str, Path]):
    """Planned and approved, then a no to the use on their page: everybody else's message goes, theirs stays."""
    released(played)
    with at(played, "yeqing", "buyer") as desk:
        made = campaign_new(
            desk, laws(played), DEAL, {**HELLO, "pages": WORDS["pages"], "page_line": WORDS["page_line"]}
        )
        mailer = wiring.mailer(relay[0], "none", "", None, 0)
        content = campaign_relay(desk, str(made["campaign"]), mailer.way)["approve"]
    with at(played, "fanyuan", "buyer") as desk:
        approve(desk, *content)
    with sqlite3.connect(played / "buyer" / "core.db") as store:
        (who,) = store.execute("SELECT subject FROM sending WHERE state = 'planned' LIMIT 1").fetchone()
    say(played, opened(played, ids.subject_text(who)), "objection.use", "objected")
    with at(played, "yeqing", "buyer") as desk:
        while not campaign_send(desk, mailer, made["campaign"], 0)["done"]:
            pass
    mailer.close()
    with sqlite3.connect(played / "buyer" / "core.db") as store:
        states = dict(store.execute("SELECT subject, state FROM sending").fetchall())
    assert states[who] == "suppressed"
    assert list(states.values()).count("sent") > 0
