"""B1: what people write back to a notice is read by somebody before its writer counts as told and silent (spec/campaigns.md §4a)."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts import campaigning
from custody.acts.contacts import Contact
from custody.acts.returned import mail
from custody.base import ids
from custody.base.clock import parse
from custody.law.gate import UNREAD
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_reply import campaign_reply
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.request_new import request_new
from custody.services.verdict import verdict
from custody.services.work_list import work_due, work_list
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.requesting import ASKED, faults
from tests.portal.test_leaving import gated
from tests.portal.test_returned_unclear import play

__all__ = ["untold"]

WRITTEN = """From: Reader <{by}>
Date: {on}
Message-ID: <{mark}@reader.example>
In-Reply-To: {name}
{more}Subject: Re: Notice

I object. Do not hand over my data.
"""
AUTOMATIC = ("Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "X-Autoreply: yes\n", "Return-Path: <>\n")


def letter(name: str, by: str, mark: str = "a", more: str = "", on: str = "") -> bytes:
    return WRITTEN.format(name=name, by=by, mark=mark, more=more, on=on).encode()


def told(desk, who: bytes) -> int:
    with desk.store.read() as tx:
        return tx.count("evidence", subject=who, type="notice.delivered")


@pytest.mark.parametrize("more", AUTOMATIC)
def test_b1_what_a_machine_wrote_is_no_reply(more: str):
    """It says so of itself; what says nothing, or that nobody automatic wrote it, is a person's."""
    assert mail(letter("<a@b>", "a@b.example", more=more))[0].auto is True
    assert mail(letter("<a@b>", "a@b.example", more="Auto-Submitted: no\n"))[0].auto is False


def test_b1_who_wrote_back_is_not_told_and_silent(untold: Path):
    """An objection written on the first day is work with its person and day, holds the settling, and is said to be asked only once something was taken in."""
    ref, (name,), address = play(untold, 1)
    with at(untold, "zhouning") as desk:
        (row,) = sent(desk, name)
        who, sent_at = row["subject"], parse(str(row["at"]))
        desk.clock.advance(timedelta(days=2))
        day = (sent_at + timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        files = [letter(name, address.upper(), on=day)]
        made = campaign_bounces(desk, ref, files)
        assert (made["replies"], made["other"], made["unclear"]) == (1, 0, 0)
        assert campaign_bounces(desk, ref, files)["replies"] == 1, "the same again is the same"
        (back,) = campaign_show(desk, ref, 10)["replies"]
        assert back["subject"] == ids.subject_text(who)
        assert back["came_at"][:10] == (sent_at + timedelta(days=1)).date().isoformat()
        (work,) = [one for one in work_list(desk, "")["work"] if one["kind"] == "reply"]
        assert (work["work"], work["what"], work["late"]) == (back["work"], ref, False)
        assert work["person"]
        desk.clock.advance(timedelta(days=6))
        settled = campaign_settle(desk, ref, None, LEAST_HOURS)
        assert (settled["delivered"], settled["replies"], told(desk, who)) == (0, 1, 0)
        assert work_due(desk)["ok"] is False, "nobody has read it in time"
        assert faults(lambda: campaign_reply(desk, back["work"], "asked")) == "campaign.unasked"
        assert faults(lambda: campaign_reply(desk, back["work"], "perhaps")) == "campaign.reply"
        assert faults(lambda: campaign_reply(desk, "rep_none", "nothing")) == "campaign.reply-unknown"
        request_new(
            desk,
            laws(untold),
            DEAL,
            ids.subject_text(who),
            {**ASKED, "kind": "object", "note": "", "received": back["came_at"][:10]},
        )
        assert campaign_reply(desk, back["work"], "asked")["resumed"] is False
        assert campaign_reply(desk, back["work"], "asked")["resumed"] is True
        assert [one for one in work_list(desk, "")["work"] if one["kind"] == "reply"] == []
        assert campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"] == 1


def test_b1_a_reply_that_comes_late_takes_back_that_its_writer_was_told(untold: Path):
    """Delivered by silence, then written to: not told until somebody read it; who is not shown stays so, and what was said can be taken back."""
    ref, (name,), address = play(untold, 1)
    with at(untold, "zhouning") as desk:
        who = sent(desk, name)[0]["subject"]
        desk.clock.advance(timedelta(days=6))
        assert campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"] == 1
        assert told(desk, who) == 1
        assert campaign_bounces(desk, ref, [letter(name, address)])["replies"] == 1
        assert told(desk, who) == 0
        work = campaign_show(desk, ref, 10)["replies"][0]["work"]
        campaign_reply(desk, work, "unproven")
        assert (campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"], told(desk, who)) == (0, 0)
        campaign_reply(desk, work, "nothing")
        assert (campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"], told(desk, who)) == (1, 1)
        campaign_reply(desk, work, "unread")
        assert (told(desk, who), campaign_show(desk, ref, 0)["replies_total"]) == (0, 1)


def test_b1_what_answers_by_itself_or_is_somebody_elses_is_no_reply(untold: Path):
    """An answering machine of the reader's own is other, as before; another address is unclear, and neither is a reply."""
    ref, (name, other), address = play(untold, 2)
    with at(untold, "zhouning") as desk:
        made = campaign_bounces(
            desk, ref, [letter(other, address, more=AUTOMATIC[0]), letter(name, "stranger@x.example")]
        )
        assert (made["replies"], made["other"], made["unclear"]) == (0, 1, 1)
        assert campaign_show(desk, ref, 10)["replies"] == []


def sent(desk, name: str) -> list:
    with desk.store.read() as tx:
        return tx.find("sending", message_id=name)


def test_b1_whose_reply_waits_is_handed_over_by_nothing_else_that_tells_them(untold: Path):
    """The gate itself waits for a reader, whatever another campaign, a list or a public notice says they were told; read, it waits no more."""
    ref, (name,), address = play(untold, 1)
    with at(untold, "zhouning") as desk:
        who = ids.subject_text(sent(desk, name)[0]["subject"])
        desk.clock.advance(timedelta(days=1))
        assert campaign_bounces(desk, ref, [letter(name, address)])["replies"] == 1
    assert gated(untold, UNREAD)[1] > 0
    with at(untold, "zhouning") as desk:
        assert UNREAD in str(verdict(desk, laws(untold), DEAL, who))
        (work,) = [one["work"] for one in work_list(desk, "")["work"] if one["kind"] == "reply"]
        campaign_reply(desk, str(work), "nothing")
    assert gated(untold, UNREAD)[1] == 0


def test_b1_a_mail_says_where_an_answer_counts_at_once(untold: Path):
    """Beside the way to the page, in the reader's language; a printed letter, which has no Reply, does not, nor a mail that leads to no page."""
    ref = str(planned(untold)["campaign"])
    with at(untold, "zhouning") as desk, desk.store.read() as tx:
        row = campaigning.campaign(desk, tx, ref)
        for lang, words in (("zh", "马上算数"), ("en", "it counts at once")):
            contact = Contact({"person.language": lang}, "CN")
            page = "https://you.qinghe.example/t/x"
            text = campaigning.mailed(row, contact, page)
            assert words in text.split(page)[1]
            assert words not in campaigning.letter(row, contact, page)
            assert campaigning.mailed(row, contact, "") == campaigning.letter(row, contact, "")
