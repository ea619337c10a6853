"""B1: a campaign tells exactly those whom the gate names, through a real relay, with kills in between: none lost, none doubled."""

import csv
import io
import json
import re
import signal
import sqlite3
import time
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.campaigning import By, composed, letter
from custody.acts.contacts import Contact
from custody.acts.veil import DOTS
from custody.base import canonical
from custody.base.clock import parse
from custody.base.errors import CustodyError, Malformed, Refused
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_preview import campaign_preview
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.gate import gate
from custody.services.portal_show import portal_show
from tests.portal.campaigns import WORDS, planned, relay, sending, taken, untold
from tests.portal.conftest import DEAL, at, laws, on_list

BY = By({"zh": "青禾书屋", "en": "Qinghe Books"}, parse("2026-04-20T10:00:00Z"))

__all__ = ["relay", "untold"]

pytestmark = pytest.mark.part("smtp")


def test_b1_three_kills_lose_nothing_and_double_nothing(untold: Path, relay: tuple[str, Path]):
    """Totals agree with the gate; in doubt is at most one for each kill and for the relay's own cut; after the log was asked, everybody has exactly one message."""
    address, folder = relay
    made = planned(untold, by=address)
    with at(untold, "zhouning") as desk:
        reasons = gate(desk, laws(untold), DEAL)["reasons"]
    assert made["people"] >= max(one["count"] for one in reasons if "notice.delivered" in one["missing"])
    assert sum(made["counts"].values()) == made["people"] > 90
    for goal in (5, 25, 45):
        process = sending(untold, made["campaign"], address, "--per-minute", "1500")
        while sum(taken(folder).values()) < goal and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    told = json.loads(sending(untold, made["campaign"], address).communicate()[0])
    assert told["done"] is True
    assert 1 <= told["in_doubt"] <= 4
    log = (folder / "relay.log").read_text(encoding="ascii")
    with at(untold, "zhouning") as desk:
        with pytest.raises(Malformed) as other:
            campaign_settle(desk, made["campaign"], "a log of another day\n", LEAST_HOURS)
        assert other.value.slug == "campaign.log"
        settled = campaign_settle(desk, made["campaign"], log, LEAST_HOURS)
    assert settled["in_doubt"] == 0
    assert settled["found"] + settled["again"] == told["in_doubt"]
    if settled["again"]:
        sending(untold, made["campaign"], address).communicate()
    seen = taken(folder)
    assert set(seen.values()) == {1}
    assert len(seen) == made["counts"]["planned"]


def test_b1_nothing_goes_out_without_a_second_person(untold: Path, relay: tuple[str, Path]):
    """Neither messages nor letters; and the approval is for these words to these people."""
    address, folder = relay
    made = planned(untold, approved=False, by=address)
    mailer = wiring.mailer(address, "none", "", None, 0)
    with at(untold, "zhouning") as desk:
        for act in (
            lambda: campaign_send(desk, mailer, made["campaign"], 0),
            lambda: campaign_letters(desk, made["campaign"]),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.slug == "act.unapproved"
    other = planned(untold, text="other words", by=address)
    assert other["approve"] != made["approve"]
    with at(untold, "zhouning") as desk, pytest.raises(Refused):
        campaign_send(desk, mailer, made["campaign"], 0)
    assert not taken(folder)


def test_b1_what_comes_back_is_work_and_evidence(untold: Path, relay: tuple[str, Path]):
    """A notification of the relay's marks exactly its person; delayed ones and forged ones mark nobody; the gate reads the rest as told."""
    address, folder = relay
    made = planned(untold, by=address)
    mailer = wiring.mailer(address, "none", "", None, 0)
    with at(untold, "zhouning") as desk:
        campaign_send(desk, mailer, made["campaign"], 8)
        with pytest.raises(Malformed) as early:
            campaign_settle(desk, made["campaign"], None, LEAST_HOURS - 1)
        assert early.value.slug == "campaign.wait"
        desk.clock.advance(timedelta(hours=LEAST_HOURS + 1))
        campaign_settle(desk, made["campaign"], None, LEAST_HOURS)
        ids = list(taken(folder))
        back = [
            report(ids[0], "failed", "5.1.1"),
            report(ids[1], "delayed", "4.4.1"),
            report("<none@x>", "failed", "5.1.1"),
            b"\xff\x00",
            b"",
        ]
        told = campaign_bounces(desk, made["campaign"], back)
        again = campaign_bounces(desk, made["campaign"], back)
        shown = campaign_show(desk, made["campaign"], 10)
    mailer.close()
    assert (told["bounced"], told["delayed"], told["other"], again["bounced"]) == (1, 1, 3, 0)
    assert [one["reply"] for one in shown["work"] if one["state"] == "bounced"] == ["5.1.1"]
    store = sqlite3.connect(untold / "seller" / "core.db")
    kinds = Counter(kind for (kind,) in store.execute("SELECT type FROM evidence WHERE type LIKE 'notice.%'"))
    store.close()
    assert kinds == {"notice.delivered": 7, "notice.bounced": 1}


def report(name: str, action: str, status: str) -> bytes:
    """A delivery status notification as relays write it (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: privacy@qinghe.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nsorry\r\n'
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; a@b.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {name}\r\nSubject: x\r\n\r\n--x--\r\n"
    ).encode()


def test_b1_each_message_leads_to_its_own_page_and_hides_the_rest(untold: Path, relay: tuple[str, Path]):
    """One recipient, our text, a link that opens that person's page; the journal and the ledger hold no address."""
    address, folder = relay
    made = planned(untold, by=address)
    mailer = wiring.mailer(address, "none", "", None, 0)
    with at(untold, "zhouning") as desk:
        campaign_send(desk, mailer, made["campaign"], 5)
    mailer.close()
    addresses = []
    for file in folder.glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=default)
        addresses.append(str(message["To"]))
        body = message.get_content()
        assert "Qinghe Books …" in body
        link = re.search(r"https://you\.qinghe\.example/t/([A-Za-z0-9_-]{48})", body)
        assert link is not None
        with at(untold) as desk:
            assert portal_show(desk, laws(untold), link[1], "", "zh")["called"][0] in body
    assert len(set(addresses)) == 5
    for file in (untold / "seller").glob("core.db*"):
        assert not [one for one in addresses if one.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: all@evil.example\r\n\r\nhello", "{seller}{0.__class__}%(x)s${y}", "\u2028x\x00y\u0085z"]
)
def test_b1_a_name_is_no_header_and_no_pattern(name: str):
    """Whatever a customer is called, the message has one recipient, the headers we wrote, and the name as text on one line."""
    row = {"id": "job_1", "texts": canonical.encode(dict(WORDS))}
    contact = Contact({"name.full": name, "contact.email": "li@mail.example"})
    message = message_from_bytes(composed(row, {"message_id": "<a@b>"}, contact, "https://x/t/y", BY), policy=default)
    assert message.defects == []
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert str(message["To"]) == "li@mail.example"
    first = letter(row, contact, "x").split("\n")[0]
    assert first == "".join(sign if sign.isprintable() else " " for sign in name).strip()


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "A <a@b.example>",
        "a@b@c.example",
        "a b@c.example",
        "ä@b.example",
        "a@b.example>",
    ],
)
def test_b1_an_address_that_could_be_two_is_none(address: str):
    """What does not stand in an envelope as exactly one mailbox becomes a letter instead."""
    assert Contact({"contact.email": address}).email == ""


def test_b1_letters_are_safe_in_a_spreadsheet(untold: Path):
    """Whoever has no e-mail address gets a letter; cells that a spreadsheet would run are text."""
    made = planned(untold)
    with at(untold, "zhouning") as desk:
        told, data = campaign_letters(desk, made["campaign"])
        assert on_list(desk, str(told["copy"])) == ("letters", "open", "zhouning")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert told["letters"] + told["without_address"] == made["counts"]["no-address"]
    assert len(rows) == told["letters"] + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_b1_a_preview_is_real_and_covered(untold: Path):
    """Real records, and of a name or an address no part: that would be a look that nobody decided. No link that opens anything."""
    made = planned(untold, approved=False)
    with at(untold, "zhouning") as desk:
        shown = campaign_preview(desk, made["campaign"], 3)["messages"]
    assert len(shown) == 3
    assert {one["to"] for one in shown} == {DOTS}
    assert all("/t/…" in one["text"] and one["text"].splitlines()[0].endswith(DOTS) for one in shown)


def test_b1_words_that_are_no_words_are_refused(shipped: Path):
    """A campaign is planned with a sender, a subject on one line, a text and an address of pages, or not at all."""
    wrong = (
        {"sender": "x"},
        {"sender": "a@b.example\r\nBcc: c@d"},
        {"subject": "a\r\nBcc: x"},
        {"text": " "},
        {"pages": "javascript:x"},
    )
    for words in wrong:
        with pytest.raises(Malformed) as refused:
            planned(shipped, **words)
        assert refused.value.slug == "campaign.words"


def test_b1_mail_leaves_this_host_over_tls_only():
    """Without encryption only a relay on this host is spoken to."""
    with pytest.raises(CustodyError) as refused:
        wiring.mailer("mail.example:25", "none", "", None, 0)
    assert refused.value.slug == "mail.plain"
