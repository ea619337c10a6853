"""B1: what came back and nobody understands keeps whoever it is about from counting as told, until somebody has read it."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.contacts import contacts
from custody.acts.returned import mail
from custody.base.clock import stamp
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.somebody import refused
from tests.portal.test_mailbox import went

__all__ = ["untold"]

PROSE = """Return-Path: <>
From: {by}
In-Reply-To: {name}
Subject: Unzustellbar

Ihre Nachricht wurde nicht zugestellt.
"""
ACTION = """From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; a@b.example
Action: {action}

--b
Content-Type: text/rfc822-headers

Message-ID: {name}

--b--
"""


@pytest.mark.parametrize(("action", "what"), [("delivered", "other"), ("relayed", "other"), ("expanded", "other"), ("lost", "unclear"), ("", "unclear")])  # fmt: skip
def test_b1_a_notification_that_says_an_unknown_thing_is_unclear(action: str, what: str):
    """What went on its way did; a word that no standard knows is looked at."""
    (said,) = mail(ACTION.format(action=action, name="<a@b>").encode())
    assert (said.what, said.names) == (what, ("<a@b>",))


def play(where: Path, most: int) -> tuple[str, list[str], str]:
    """(campaign, our names of messages sent now, the address to which the last of them went)."""
    ref = str(planned(where)["campaign"])
    names = went(where, ref, most)
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        for name in names:
            tx.change("sending", {"at": stamp(desk.clock.now())}, message_id=name)
        (row,), (matter,) = tx.find("sending", message_id=names[-1]), tx.find("matter")
        address = contacts(desk, tx, str(matter["vault"]), [row["subject"]])[row["subject"]].email
    return ref, names, address


def test_b1_what_nobody_understands_is_not_settled_until_somebody_looked(untold: Path):
    """Of four, three are written about in no known form: held, counted and on the work list; the reader's own answer holds nobody. Read, one did not arrive, one did, and one still waits."""
    ref, names, address = play(untold, 4)
    files = [PROSE.format(by="noreply@mx.example", name=name).encode() for name in names[:3]]
    files.append(PROSE.format(by=f"Reader <{address.upper()}>", name=names[3]).encode())
    with at(untold, "zhouning") as desk:
        told = campaign_bounces(desk, ref, files)
        assert (told["unclear"], told["other"], told["bounced"]) == (3, 1, 0)
        desk.clock.advance(timedelta(days=6))
        settled = campaign_settle(desk, ref, None, LEAST_HOURS)
        assert (settled["delivered"], settled["unclear"]) == (1, 3)
        shown = campaign_show(desk, ref, 10)
        assert [one["state"] for one in shown["work"]].count("unclear") == 3
        assert shown["work_total"] >= 3
        assert refused(lambda: campaign_bounces(desk, ref, files, "perhaps")) == "campaign.say"
        assert campaign_bounces(desk, ref, files[:1], "failed")["bounced"] == 1
        assert campaign_bounces(desk, ref, files[1:2], "arrived")["unclear"] == 0
        campaign_bounces(desk, ref, files[1:2])  # the same again holds nobody again
        settled = campaign_settle(desk, ref, None, LEAST_HOURS)
        assert (settled["delivered"], settled["unclear"]) == (1, 1)
        with desk.store.read() as tx:
            states = [tx.find("sending", message_id=name)[0]["state"] for name in names]
    assert states == ["bounced", "delivered", "sent", "delivered"]


def test_b1_what_is_read_does_not_shorten_what_a_relay_still_tries(untold: Path):
    """Delayed, then unclear, then read as no return: silence counts when relays would have given up, and an answer of the relay's own does not wait for anybody."""
    ref, (name,), _ = play(untold, 1)
    delay = ACTION.format(action="delayed", name=name).encode()
    prose = PROSE.format(by="noreply@mx.example", name=name).encode()
    with at(untold, "zhouning") as desk:
        for files, say in (([delay], ""), ([prose], ""), ([delay], ""), ([prose], "arrived")):
            desk.clock.advance(timedelta(days=2))
            campaign_bounces(desk, ref, files, say)
        assert campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"] == 0
        desk.clock.advance(timedelta(days=6))
        assert campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"] == 1
        assert campaign_bounces(desk, ref, [prose], "failed")["bounced"] == 1, "also after it counted as delivered"


def test_b1_the_wait_of_mail_is_no_shorter_than_relays_try(untold: Path):
    """One person of data staff does not make those told who are not reached: under five days is refused, and nothing settled."""
    ref, _, _ = play(untold, 2)
    with at(untold, "zhouning") as desk:
        desk.clock.advance(timedelta(days=4))
        for hours in (24, 72, 119):
            assert refused(lambda hours=hours: campaign_settle(desk, ref, None, hours)) == "campaign.wait"
        assert campaign_show(desk, ref, 0)["counts"]["sent"] == 2
