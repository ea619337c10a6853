"""B1: of two campaigns that say the same, one tells a person; the other leaves them out when it is planned, sent and listed as letters."""

import sqlite3
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from threading import Barrier, Thread

import pytest

from custody import wiring
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_send import campaign_send
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, relay, untold
from tests.portal.conftest import at
from tests.portal.somebody import refused

__all__ = ["relay", "untold"]
OTHER = {"page_line": "Your own page:"}
"""The same words with another way to the page: the plan of somebody who found a mistake in the first."""


def sent(where: Path, ref: str, address: str, most: int = 0) -> dict:
    mailer = wiring.mailer(address, "none", "", None, 0)
    with at(where, "zhouning") as desk:
        told = dict(campaign_send(desk, mailer, ref, most))
    mailer.close()
    return told


def people(where: Path, ref: str, *states: str) -> set[bytes]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        rows = store.execute(
            "SELECT s.subject, s.state FROM sending s JOIN campaign c ON c.id = s.campaign WHERE c.ref = ?", (ref,)
        ).fetchall()
    return {who for who, state in rows if not states or state in states}


def test_b1_a_plan_leaves_out_whom_another_tells_the_same(untold: Path):
    """How many, and by which campaign, is said; whoever has no address for the first may get the second's text message."""
    first = planned(untold)
    second = planned(untold, channel="sms")
    spared = people(untold, first["campaign"], "planned")
    assert second["left_out"] == [{"campaign": first["campaign"], "people": len(spared)}]
    assert second["people"] == first["people"] - len(spared)
    assert not people(untold, second["campaign"]) & spared
    assert planned(untold, text="other words")["left_out"] == []
    with at(untold, "zhouning") as desk:
        shown = campaign_show(desk, first["campaign"], 0)["same_words"]
    assert [one["campaign"] for one in shown] == [second["campaign"]] * bool(second["counts"]["planned"])


def test_b1_where_nobody_is_left_the_other_campaign_is_named(untold: Path):
    """As when everybody has an address and two colleagues plan at once."""
    first = planned(untold)
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        store.execute("UPDATE sending SET state = 'planned'")
    store.close()
    assert refused(lambda: planned(untold)) == "campaign.already"
    assert planned(untold, **OTHER)["people"] == first["people"]


@pytest.mark.part("smtp")
def test_b1_a_mistaken_plan_that_is_made_anew_tells_nobody_twice(untold: Path, relay: tuple[str, Path]):
    """Both approved, then both sent: whoever the first reached is passed over by the second, also by letter, and the figures add up."""
    first, second = planned(untold, by=relay[0]), planned(untold, by=relay[0], **OTHER)
    began = sent(untold, first["campaign"], relay[0], 7)["sent"]
    told = sent(untold, second["campaign"], relay[0])
    while not told["done"]:
        told = sent(untold, second["campaign"], relay[0])
    assert told["counts"]["elsewhere"] == began == 7
    assert people(untold, second["campaign"], "elsewhere") == people(untold, first["campaign"], "sent", "sending")
    assert sum(told["counts"].values()) == second["people"]
    rest = sent(untold, first["campaign"], relay[0])
    assert rest["done"] is True
    assert rest["sent"] == 0
    to = [str(message_from_bytes(one.read_bytes(), policy=default)["Message-ID"]) for one in relay[1].glob("*.eml")]
    assert len(to) == len(
        people(untold, first["campaign"], "sent", "sending") | people(untold, second["campaign"], "sent", "sending")
    )
    with at(untold, "zhouning") as desk:
        letters, _ = campaign_letters(desk, first["campaign"])
        again, _ = campaign_letters(desk, second["campaign"])
    assert letters["letters"] > 0
    assert again["letters"] == 0


@pytest.mark.part("smtp")
def test_b1_two_that_are_sent_at_once_tell_each_person_once(untold: Path, relay: tuple[str, Path]):
    """Two processes of the house begin together; between them every person has one message."""
    refs = [planned(untold, by=relay[0])["campaign"], planned(untold, by=relay[0], **OTHER)["campaign"]]
    start = Barrier(2)

    def run(ref: str) -> None:
        start.wait()
        for _ in range(3):
            sent(untold, ref, relay[0])

    both = [Thread(target=run, args=(ref,)) for ref in refs]
    for one in both:
        one.start()
    for one in both:
        one.join()
    began = [people(untold, ref, "sent", "sending") for ref in refs]
    assert not began[0] & began[1]
    assert began[0] | began[1] >= people(untold, refs[0], "elsewhere")
    assert len(list(relay[1].glob("*.eml"))) == len(began[0] | began[1])
