"""B1: a relay that says in a form of its own that somebody was not reached is believed; what a person or their answering machine writes is no return."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.contacts import contacts
from custody.acts.returned import mail
from custody.base.clock import stamp
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_settle import campaign_settle
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.test_campaign import report
from tests.portal.test_mailbox import went

__all__ = ["untold"]
OURS = "<" + "a" * 40 + "@shop.example>"
TO = "li.mei@reader.example"

FREE = f"""From: MAILER-DAEMON@mx.example
Subject: failure notice

I'm afraid I wasn't able to deliver your message to the following addresses.
<{TO}>: no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {OURS}
"""
ENCLOSED = f"""From: PostMaster@qq.example
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=gb18030
Content-Transfer-Encoding: base64

zfjTyrK7tOY=
--b
Content-Type: message/rfc822

Message-ID: {OURS}
Subject: x

text
--b--
"""
THREADED = f"""From: Mail Delivery System <Mailer-Daemon@mx.example>
Auto-Submitted: auto-replied
X-Failed-Recipients: {TO}
In-Reply-To: {OURS}

A message that you sent could not be delivered.
"""
BARE = """From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

failed
--b
Content-Type: message/{kind}delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: {type}; {to}
Action: {action}
Status: 5.1.1
--b--
"""
AWAY = f"""From: Li Mei <{TO}>
Return-Path: <>
Auto-Submitted: auto-replied
In-Reply-To: {OURS}

I am away until Monday. Your message {OURS} will be read then.
"""
REPLY = f"""From: Li Mei <{TO}>
In-Reply-To: {OURS}

Please take my number off your list.
"""


@pytest.mark.parametrize("written", [FREE, ENCLOSED, THREADED], ids=["free", "enclosed", "threaded"])
def test_b1_what_a_relay_writes_in_its_own_form_names_our_message(written: str):
    """In its text, in what it encloses, in its thread: it failed, and by our name."""
    (said,) = mail(written.encode())
    assert said.what == "bounced"
    assert OURS in said.names


@pytest.mark.parametrize("written", [AWAY, REPLY], ids=["away", "reply"])
def test_b1_who_answers_is_no_relay(written: str):
    """A person, or the machine that answers for them, says no return, though they quote our name: who writes is told, and held against whom we wrote to."""
    (said,) = mail(written.encode())
    assert (said.what, set(said.names), said.to, said.by) == ("unclear", {OURS}, (), (TO,))


@pytest.mark.parametrize(("kind", "type_"), [("", "rfc822"), ("global-", "utf-8")])
def test_b1_a_notification_that_encloses_nothing_says_to_whom(kind: str, type_: str):
    """RFC 3464 demands no copy of the message; RFC 6533 has a kind of its own for addresses beyond ASCII."""
    (said,) = mail(BARE.format(kind=kind, type=type_, to=TO.upper(), action="failed").encode())
    assert (said.what, said.code, said.to) == ("bounced", "5.1.1", (TO,))


def test_b1_nobody_whose_mail_came_back_in_another_form_counts_as_told(untold: Path):
    """Four of five in four forms: each is on the work list, the fifth is not; somebody of another list at the same relay changes nothing."""
    ref = str(planned(untold)["campaign"])
    names = went(untold, ref, 5)
    with at(untold, "zhouning") as desk:
        with desk.store.read() as tx:
            (matter,) = tx.find("matter")
            whose = [tx.find("sending", message_id=name)[0]["subject"] for name in names[3:]]
            address, last = (contacts(desk, tx, str(matter["vault"]), [who])[who].email for who in whose)
        forms = [form.replace(OURS, name) for form, name in zip((FREE, ENCLOSED, THREADED), names, strict=False)]
        forms += [
            BARE.format(kind="", type="rfc822", to=address, action="failed"),
            BARE.format(kind="", type="rfc822", to="nobody@else.example", action="failed"),
            REPLY.replace(OURS, names[4]).replace(TO, last),
        ]
        told = campaign_bounces(desk, ref, [form.encode() for form in forms])
        with desk.store.read() as tx:
            states = {name: tx.find("sending", message_id=name)[0]["state"] for name in names}
        counted = campaign_show(desk, ref, 0)["counts"]["bounced"]
    assert (told["read"], told["other"], told["replies"]) == (6, 1, 1)
    assert [states[name] for name in names] == ["bounced"] * 4 + ["sent"]
    assert counted == told["bounced"] >= 4


def test_b1_what_a_relay_still_tries_is_found_by_its_recipient(untold: Path):
    """A notice of delay that names no message of ours keeps whoever it is about, and nobody else, from counting as told."""
    ref = str(planned(untold)["campaign"])
    names = went(untold, ref, 2)
    with at(untold, "zhouning") as desk:
        with desk.store.write() as tx:
            for name in names:
                tx.change("sending", {"at": stamp(desk.clock.now())}, message_id=name)
            (row,) = tx.find("sending", message_id=names[0])
            (matter,) = tx.find("matter")
            address = contacts(desk, tx, str(matter["vault"]), [row["subject"]])[row["subject"]].email
        desk.clock.advance(timedelta(days=4))
        notices = [
            BARE.format(kind="", type="rfc822", to=to, action="delayed") for to in (address, "nobody@else.example")
        ]
        told = campaign_bounces(desk, ref, [one.encode() for one in notices])
        assert (told["delayed"], told["other"], told["bounced"]) == (1, 1, 0)
        desk.clock.advance(timedelta(days=2))
        campaign_settle(desk, ref, None, 120)
        with desk.store.read() as tx:
            assert [tx.find("sending", message_id=name)[0]["state"] for name in names] == ["sent", "delivered"]
        desk.clock.advance(timedelta(days=4))
        assert campaign_settle(desk, ref, None, 120)["delivered"] == 1


@pytest.mark.parametrize(("until", "days"), [("Will-Retry-Until: Fri, 20 Mar 2099 10:00:00 +0800\n", 10), ("", 5)])
def test_b1_what_a_relay_still_tries_is_not_delivered(untold: Path, until: str, days: int):
    """While it says that it tries, or for five days where it says no day: then, and not before, silence is delivery; a day far off is waited for no longer than ten."""
    ref = str(planned(untold)["campaign"])
    names = went(untold, ref, 2)
    notice = report(names[0], "delayed", "4.4.1").replace(b"Action: delayed", f"{until}Action: delayed".encode())
    with at(untold, "zhouning") as desk:
        with desk.store.write() as tx:
            for name in names:
                tx.change("sending", {"at": stamp(desk.clock.now())}, message_id=name)
        desk.clock.advance(timedelta(hours=4))
        assert campaign_bounces(desk, ref, [notice])["delayed"] == 1
        desk.clock.advance(timedelta(hours=118))
        assert campaign_settle(desk, ref, None, 120)["delivered"] == 1
        desk.clock.advance(timedelta(days=days - 5))
        assert campaign_settle(desk, ref, None, 120)["delivered"] == 0
        desk.clock.advance(timedelta(days=1))
        assert campaign_settle(desk, ref, None, 120)["delivered"] == 1
