"""B1: whoever was told counts as told only while what they were told is so (spec/campaigns.md §4b)."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.campaigning import campaign
from custody.acts.desk import Desk
from custody.acts.elsewhere import everybody_there
from custody.acts.going import require_going
from custody.acts.matters import deal
from custody.acts.untrue import counted, untell
from custody.base.clock import stamp
from custody.cli.pages.openness_deals import notices
from custody.services.approve import approve
from custody.services.campaign_new import campaign_new
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.deal_facts import deal_facts
from custody.services.deal_tell import deal_tell
from custody.services.freshness_ask import confirmations_due, freshness_ask
from custody.services.openness import openness
from custody.services.publication_end import publication_end
from custody.services.publication_list import publication_list
from custody.services.publication_new import publication_new
from custody.services.recall import recall
from custody.services.release import release
from tests.portal.campaigns import WORDS, contents, planned
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws
from tests.portal.publishing import DAYS, korean, listed, returned
from tests.portal.publishing import WORDS as PUBLIC
from tests.portal.somebody import refused
from tests.portal.test_mailbox import went
from tests.portal.test_noes_of_another_deal import second

__all__ = ["returned"]
OTHERWISE = "basis.purpose_changes"
WHY = "The regulator brought the closing forward"


@pytest.fixture
def untold(played: Path) -> Path:
    """The rehearsal as it is when nobody was told yet, also by what the store keeps of how many were."""
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        for kind in ("notice.delivered", "notice.published", "notice.bounced"):
            tx.drop("evidence", matter=str(deal(desk, tx, DEAL)["id"]), type=kind)
    return played


def settled(where: Path) -> str:
    """Some were sent what the campaign says, and are told by it; another one was sent it since."""
    ref = str(planned(where)["campaign"])
    went(where, ref, 3)
    with at(where, "zhouning") as desk:
        desk.clock.advance(timedelta(days=6))
        assert campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"] == 3
    went(where, ref, 1)
    return ref


def told(where: Path) -> int:
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        return counted(tx, str(deal(desk, tx, DEAL)["id"]))


def test_b1_who_was_told_something_else_waits_until_told_anew(untold: Path):
    """Facts that the notice named change: nobody is told by it any more, what is on its way tells nobody, nothing more of it goes, and the same words may be said again once they are so again."""
    ref = settled(untold)
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        store.execute("DELETE FROM statement WHERE kind = 'shipped'")
    with at(untold, "suhe") as desk:
        assert "untold" not in deal_facts(desk, laws(untold), DEAL, {"deal.authority_approved": True})
        assert told(untold) == 3
        assert deal_facts(desk, laws(untold), DEAL, {OTHERWISE: True})["untold"] == 3
        assert told(untold) == 0
        assert deal_facts(desk, laws(untold), DEAL, {OTHERWISE: False})["untold"] == 0
    with at(untold, "zhouning") as desk:
        desk.clock.advance(timedelta(days=6))
        made = campaign_settle(desk, ref, None, LEAST_HOURS)
        assert (made["delivered"], made["untrue"]) == (1, True)
        assert told(untold) == 0
        anew = campaign_new(desk, laws(untold), DEAL, {**WORDS, "text": WORDS["text"]}, contents(desk, untold))
        assert anew["left_out"] == []
        assert anew["people"] >= 4
    assert refused(lambda: _sent(untold, ref)) == "campaign.untrue"


def _sent(where: Path, ref: str) -> None:

    with at(where, "zhouning") as desk, desk.store.read() as tx:
        require_going(tx, campaign(desk, tx, ref))


def test_b1_a_day_that_comes_nearer_tells_nobody_until_it_is_told(untold: Path):
    """First told, or moved in their favour, it changes nothing; moved against them, or somebody else named to ask at the buyer, everybody waits."""
    with at(untold, "zhouning") as desk:
        far = {
            "answer_by": str(desk.today() + timedelta(days=40)),
            "closing_on": str(desk.today() + timedelta(days=50)),
        }
        deal_tell(desk, DEAL, {**far, "buyer_contact": "privacy@zhiwei.example"})
    settled(untold)
    with at(untold, "zhouning") as desk:
        assert "untold" not in deal_tell(
            desk,
            DEAL,
            {"closing_on": str(desk.today() + timedelta(days=60)), "buyer_contact": "privacy@zhiwei.example"},
        )
        assert told(untold) == 3
        near = {"answer_by": str(desk.today() + timedelta(days=9))}
        dry = deal_tell(desk, DEAL, near, WHY, dry_run=True)
        assert (dry["untold"], told(untold)) == (3, 3)
    with at(untold, "suhe") as desk:
        approve(desk, *dry["would"]["approve"])
    with at(untold, "zhouning") as desk:
        assert deal_tell(desk, DEAL, near, WHY)["untold"] == 3
        assert told(untold) == 0
    again = settled(untold)
    assert again
    with at(untold, "zhouning") as desk:
        assert deal_tell(desk, DEAL, {"buyer_contact": "else@zhiwei.example"})["untold"] == 3


def published(desk: Desk, where: Path) -> tuple[date, str]:
    """(since which day, its reference) of a public notice that has stood for as long as it must."""
    first = desk.clock.now().date() - timedelta(days=DAYS + 1)
    return first, str(publication_new(desk, laws(where), DEAL, {**PUBLIC, "from": str(first)})["publication"])


def test_b1_a_public_notice_of_a_deal_that_is_off_is_neither_planned_nor_ended(returned: Path):
    """It says what will not happen: it becomes nobody's evidence, and who reads the openness page reads that it is off."""
    korean(returned, listed(returned, "bounced", 2))
    with at(returned, "zhouning") as desk:
        first, ref = published(desk, returned)
        assert "off" not in openness(desk)["notices"][0]
        with desk.store.write() as tx:
            tx.change("matter", {"state": "aborted"}, id=deal(desk, tx, DEAL)["id"])
        last = str(first + timedelta(days=DAYS))
        assert refused(lambda: publication_end(desk, ref, last, [b"picture"], dry_run=True)) == "deal.ended"
        assert (
            refused(lambda: publication_new(desk, laws(returned), DEAL, {**PUBLIC, "from": str(first)})) == "deal.ended"
        )
        assert openness(desk)["notices"][0]["off"] is True
        assert publication_list(desk)["publications"][0]["void"] == "off"


def test_b1_a_public_notice_of_what_has_changed_says_so_where_anybody_reads_it(returned: Path):
    """On the company's page and in its own list, since the deal reads otherwise; one that stood long enough before stays as it was."""
    korean(returned, listed(returned, "bounced", 2))
    with at(returned, "zhouning") as desk:
        first, ref = published(desk, returned)
        assert "untrue" not in openness(desk)["notices"][0]
        with desk.store.write() as tx:
            untell(tx, str(deal(desk, tx, DEAL)["id"]), stamp(desk.clock.now()))
        (told,) = openness(desk)["notices"]
        assert (told["untrue"], publication_list(desk)["publications"][0]["void"]) == (True, "untrue")
        page = {lang: notices([told], lang) for lang in ("zh", "en")}
        assert "所说已有变化" in page["zh"]
        assert "customers are told anew" in page["en"]
        with desk.store.write() as tx:
            tx.change("publication", {"ended_at": stamp(desk.clock.now()), "until_on": str(first)}, ref=ref)
        assert "untrue" not in openness(desk)["notices"][0]


def test_a7_the_yearly_question_goes_on_when_the_deal_it_was_asked_by_is_off(played: Path):
    """By another deal over the vault; where none is left nobody is asked, and that is not well."""
    with at(played, "zhouning") as desk:
        desk.clock.advance(timedelta(days=400))
        ref = freshness_ask(desk, DEAL, {"sender": "privacy@qinghe.example", "pages": "https://you.qinghe.example"})[
            "campaign"
        ]
        with desk.store.write() as tx:
            tx.change("matter", {"state": "aborted"}, id=deal(desk, tx, DEAL)["id"])
        told_of = confirmations_due(desk)
        assert (told_of["stopped"], told_of["ok"]) == (["main"], False)
    second(played)
    with at(played, "zhouning") as desk:
        told_of = confirmations_due(desk)
        assert (told_of["waiting"], "stopped" in told_of) == ([ref], False)


def test_c6_what_is_put_right_after_the_release_calls_nobody_back(played: Path):
    """A misprint in the buyer's address is mended by one person: who went stays told, who waits is told anew, and the next recall takes nobody for it."""
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, {"buyer_contact": "privacy@yuanfan.exmaple"})
    approved(played)
    out = wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        gone = int(str(release(desk, laws(played), DEAL, out)["subjects"]))
        before = told(played)
        untold = deal_tell(desk, DEAL, {"buyer_contact": "privacy@yuanfan.example"})["untold"]
        assert (before - told(played), told(played) >= gone > 0) == (untold, True)
        assert refused(lambda: recall(desk, laws(played), DEAL, out, dry_run=True)) == "recall.nothing"
    ref = str(planned(played)["campaign"])
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        matter, campaign_of = deal(desk, tx, DEAL), campaign(desk, tx, ref)
        row = {"id": "rep_1", "campaign": str(campaign_of["id"]), "mark": "m", "came_at": stamp(desk.clock.now()), "said": "", "said_at": "", "said_by": ""}  # fmt: skip
        there = sorted(everybody_there(desk, tx, matter))
        tx.add("replied", [{**row, "subject": there[0]}])
    with at(played, "zhouning") as desk:
        assert refused(lambda: recall(desk, laws(played), DEAL, out, dry_run=True)) == "recall.nothing", (
            "a word that nobody has read is none"
        )
