"""A7: what is written back to the word to an old address is open work, and nobody counts as told and content until somebody has read it (spec/freshness.md §4a)."""

from datetime import timedelta

from custody.acts.desk import Desk
from custody.services.campaign_reply import campaign_reply
from custody.services.correction_list import correction_list
from custody.services.correction_undo import correction_undo
from custody.services.correction_warned import correction_warned
from custody.services.work_list import work_list
from tests.freshness.test_old_address import OLD, mail, state, stood
from tests.freshness.test_old_address_returned import warned
from tests.portal.campaigns import relay
from tests.portal.somebody import refused
from tests.vault.histories.world import World

__all__ = ["mail", "relay", "stood", "warned"]

LETTER = """From: Somebody <{of}>
To: privacy@seller.example
Subject: Re: your e-mail was changed
Message-ID: <{n}@mail.example>
Date: Mon, 16 Mar 2026 09:00:00 +0800
In-Reply-To: {to}
{more}
It was not me!
"""


def wrote(world: World, made: str, n: int = 1, of: str = OLD, more: str = "") -> bytes:
    """A reply to the message about a correction."""
    with world.desk.store.read() as tx:
        (row,) = [each for each in tx.find("correction_to", correction=made) if each["message_id"]]
    return LETTER.format(of=of, to=row["message_id"], n=n, more=f"{more}\n" if more else "").encode()


def test_a7_whoever_writes_back_from_the_old_address_is_work_and_no_silence(world: World, warned: tuple[str, Desk]):
    """Once, however often the mailbox is read; somebody's with a day; the address counts as told only after it was read, and a machine's reply is nobody's word."""
    made, other = warned
    assert correction_warned(other, None, [wrote(world, made, 2, more="Auto-Submitted: auto-replied")])["replies"] == 0
    reply = wrote(world, made)
    assert correction_warned(other, None, [reply])["replies"] == 1
    assert correction_warned(other, None, [reply])["replies"] == 0
    (work,) = [one for one in work_list(other, "")["work"] if one["kind"] == "answer"]
    assert (work["what"], work["person"] != "", work["due_on"] > work["came_at"][:10]) == (made, True, True)
    (told,) = correction_list(other, "")["answers"]
    assert (told["work"], told["correction"]) == (work["work"], made)
    world.clock.advance(timedelta(days=6))
    assert (correction_warned(other, None, [])["now_told"], state(world.desk, made)) == (0, "sent")
    assert campaign_reply(other, work["work"], "nothing")["correction"] == made
    assert campaign_reply(other, work["work"], "nothing")["resumed"] is True
    assert "answers" not in correction_list(other, "")
    assert (correction_warned(other, None, [])["now_told"], state(world.desk, made)) == (1, "told")


def test_a7_what_comes_after_it_counted_as_told_takes_that_back(world: World, warned: tuple[str, Desk]):
    """That it asked for something is said once the change was taken back, or a request taken in."""
    made, other = warned
    world.clock.advance(timedelta(days=6))
    assert correction_warned(other, None, [])["now_told"] == 1
    assert correction_warned(other, None, [wrote(world, made)])["replies"] == 1
    assert state(world.desk, made) == "sent"
    (work,) = [one for one in work_list(other, "")["work"] if one["kind"] == "answer"]
    assert refused(lambda: campaign_reply(other, work["work"], "asked")) == "campaign.unasked"
    correction_undo(other, made, "it was not her")
    assert campaign_reply(other, work["work"], "asked")["say"] == "asked"
    assert not [one for one in work_list(other, "")["work"] if one["kind"] == "answer"]
