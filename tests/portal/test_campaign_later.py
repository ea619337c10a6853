"""B1: a relay that does not take one message now costs that message alone; one that takes nobody's stops the run and costs nobody."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from custody import wiring
from custody.acts.contacts import SMS, Contact
from custody.acts.returned import FAILED, mail, texts
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import IN_A_ROW, WAITS, campaign_send
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.somebody import EMAIL, PHONE
from tests.portal.test_campaign import report
from tests.running import port

__all__ = ["untold"]
pytestmark = pytest.mark.part("smtp")
YES = "250 ok"


class Picky:
    """A relay's own mind: what it says to a sender and to a recipient, and what it took."""

    def __init__(self, to: Callable[[str], str], sender: str = YES) -> None:
        self.to, self.sender, self.taken = to, sender, list[bytes]()

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        said = self.to(address)
        envelope.rcpt_tos += [address] if said == YES else []
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        self.taken.append(envelope.content)
        return YES


@contextmanager
def relaying(mind: Picky) -> Iterator[str]:
    """HOST:PORT of a running one."""
    number = port()
    running = Controller(mind, hostname="127.0.0.1", port=number)
    running.start()
    try:
        yield f"127.0.0.1:{number}"
    finally:
        running.stop()


def send(where: Path, ref: str, mind: Picky, later: timedelta = timedelta()) -> dict[str, Any]:
    """One run, so much later, approved anew."""
    with relaying(mind) as address:
        mailer = wiring.mailer(address, "none", "", None, 0)
        with at(where, "zhouning") as desk:
            campaign_relay(desk, ref, mailer.way)
        with at(where, "suhe") as desk:
            desk.clock.advance(later)
            approve(desk, *campaign_show(desk, ref, 0)["approve"])
        with at(where, "zhouning") as desk:
            told = dict(campaign_send(desk, mailer, ref, 0))
        mailer.close()
        return told


def first_to(where: Path, ref: str) -> str:
    """The address to which the first message of a campaign goes: a relay that takes nobody is asked for it."""
    met = list[str]()

    def to(address: str) -> str:
        met.append(address)
        return "421 closing"

    told = send(where, ref, Picky(to))
    assert (told["stopped"], told["counts"]["refused"]) == ("mail.unavailable", 0)
    return met[0]


def test_b1_a_mailbox_that_is_full_now_holds_nobody_up(untold: Path):
    """Everybody else gets theirs in the same run; that one is tried again when its time has come, and a fifth no stands."""
    ref = planned(untold)["campaign"]
    full = first_to(untold, ref)
    mind = Picky(lambda address: "450 4.2.2 mailbox full" if address == full else YES)
    told = send(untold, ref, mind)
    assert (told["stopped"], told["counts"]["planned"], told["done"]) == ("campaign.later", 1, False)
    assert told["sent"] == len(mind.taken) > 50
    assert send(untold, ref, mind)["counts"]["planned"] == 1
    for wait in WAITS:
        told = send(untold, ref, mind, wait + timedelta(minutes=1))
    assert (told["counts"]["planned"], told["counts"]["refused"], told["done"]) == (0, 1, True)
    message = message_from_bytes(mind.taken[0], policy=default)
    assert message["Date"].datetime.tzinfo is not None
    assert message.defects == []
    assert max(mind.taken[0]) < 128


def test_b1_a_mailbox_that_takes_it_the_next_time_has_it(untold: Path):
    """Greylisting: not now, half an hour later yes."""
    ref = planned(untold)["campaign"]
    grey = first_to(untold, ref)
    send(untold, ref, Picky(lambda address: "451 greylisted" if address == grey else YES))
    mind = Picky(lambda _: YES)
    assert send(untold, ref, mind)["sent"] == 0
    told = send(untold, ref, mind, WAITS[1] + timedelta(minutes=1))
    assert (told["sent"], told["done"], len(mind.taken)) == (1, True, 1)


def test_b1_a_no_to_the_sender_is_nobodys(untold: Path):
    """The run stops, and everybody is still to be told."""
    ref = planned(untold)["campaign"]
    told = send(untold, ref, Picky(lambda _: YES, "553 sender address rejected"))
    assert (told["stopped"], told["counts"]["refused"], told["counts"]["no-address"]) == (
        "mail.sender",
        0,
        no_address(untold, ref),
    )
    assert send(untold, ref, Picky(lambda _: YES))["done"]


def test_b1_a_no_to_everybody_is_about_the_relay(untold: Path):
    """As many noes as no list of addresses earns, and no yes: they are put back; the next run takes the others first, then them."""
    ref = planned(untold)["campaign"]
    told = send(untold, ref, Picky(lambda _: "554 5.7.1 blocked"))
    assert (told["stopped"], told["counts"]["refused"], told["sent"]) == ("campaign.none-taken", 0, 0)
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        (tried,) = store.execute("SELECT count(*) FROM sending WHERE state = 'planned' AND attempts = 1").fetchone()
    store.close()
    assert tried == IN_A_ROW
    mind = Picky(lambda _: YES)
    assert send(untold, ref, mind)["counts"]["planned"] == IN_A_ROW
    assert send(untold, ref, mind, WAITS[0] + timedelta(minutes=1))["done"]


def no_address(where: Path, ref: str) -> int:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        found = store.execute("SELECT count(*) FROM sending JOIN campaign ON campaign.id = campaign WHERE ref = ? AND state = 'no-address'", (ref,)).fetchone()  # fmt: skip
    store.close()
    return int(found[0])


@pytest.mark.parametrize(("action", "status"), [("failed (permanent)", "5.1.1 (unknown)"), ("(all) Failed", "5.1.1")])
def test_b1_a_comment_in_a_report_is_no_part_of_what_it_says(action: str, status: str):
    """RFC 5322 comments may stand in the fields of RFC 3464; a gateway may write no as text."""
    (told,) = mail(report("<a@b.example>", action, status))
    assert (told.what, told.code) == (FAILED, "5.1.1")
    (told,) = texts(b'[{"out_id": "x", "success": "false", "err_code": "MOBILE_NOT_ON_SERVICE"}]')
    assert (told.what, told.code) == (FAILED, "MOBILE_NOT_ON_SERVICE")


class Brief(Picky):
    """Ends a connection after ten messages, as hosted relays do."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        session.begun = getattr(session, "begun", 0) + 1
        said = await super().handle_MAIL(server, session, envelope, address, options)
        return said if session.begun <= 10 else "421 4.4.5 too many messages on this connection"


def test_b1_a_relay_that_ends_a_connection_after_some_is_asked_anew(untold: Path):
    """Ten messages a connection: one run sends everybody, each once."""
    mind = Brief(lambda _: YES)
    told = send(untold, planned(untold)["campaign"], mind)
    assert (told["stopped"], told["counts"]["planned"], told["done"]) == ("", 0, True)
    assert told["sent"] == len({message_from_bytes(one)["Message-ID"] for one in mind.taken}) == len(mind.taken) > 50
    with at(untold, "zhouning") as desk:
        names = {desk.card.name_zh, desk.card.name_en}
    senders = {message_from_bytes(one, policy=default)["From"].addresses[0].display_name for one in mind.taken}
    assert senders <= names
    assert senders


@pytest.mark.parametrize(
    ("cls", "values", "reached"),
    [
        (EMAIL, ("无", "n/a", "li@shop.example", "other@shop.example"), "li@shop.example"),
        (PHONE, ("0571-88886666", "400-123-4567", "13812345678"), "+8613812345678"),
        (PHONE, ("0571-88886666",), ""),
        (PHONE, ("+442071234567",), "+442071234567"),
    ],
)
def test_b1_the_first_address_that_can_be_used_is_used(cls: str, values: tuple[str, ...], reached: str):
    """A sheet has a fixed line before the mobile one, and a sign for nothing before the address."""
    contact = Contact(region="CN")
    for value in values:
        contact.meet(cls, value)
    assert contact.reached(SMS if cls == PHONE else "email") == reached


@pytest.mark.parametrize(
    ("reads", "home", "lang"),
    [
        ("English", "CN", "en"),
        ("中文", "US", "zh"),
        ("zh-CN", "GB", "zh"),
        ("", "CN", "zh"),
        ("", "FR", "en"),
        ("Français", "CN", "en"),
    ],
)
def test_b1_who_says_which_language_they_read_is_written_to_in_it(reads: str, home: str, lang: str):
    """What is on file of theirs before where they live."""
    assert Contact({"person.language": reads} if reads else {}, "CN", home).language == lang
