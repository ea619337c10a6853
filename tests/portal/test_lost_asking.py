"""G9: what customers asked, were told and sent back between a backup and its restore holds the release until it is here again (spec/vault.md §21)."""

from datetime import timedelta
from pathlib import Path

from custody import wiring
from custody.base.errors import CustodyError
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.deal_tell import deal_tell
from custody.services.gate import gate
from custody.services.release import release
from custody.services.request_new import request_new
from tests.line.test_release_unknown import kept, lost_and_restored
from tests.portal.answering import AGREED
from tests.portal.campaigns import planned
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.test_campaign import report
from tests.portal.test_mailbox import went
from tests.portal.test_told_days_bind import told_anew, told_people
from tests.portal.test_withdrawn_nothing import NOES

GO = {"kind": "delete", "channel": "desk", "proof": "in-person", "note": "请删除我的全部信息"}


def going(where: Path) -> str:
    """The slug by which a release is refused now, after a gate; '' where it could be made."""
    with at(where, "zhouning") as desk:
        gate(desk, laws(where), DEAL)
        out = wiring.folder(where / "handover")
        try:
            release(desk, laws(where), DEAL, out, dry_run=True)
        except CustodyError as error:
            return error.slug
    return ""


def asks(where: Path, who: str, **more: str) -> None:
    with at(where, "suhe") as desk:
        request_new(desk, laws(where), DEAL, who, {**GO, **more})


def test_g9_who_asked_to_be_deleted_is_held_until_it_is_entered_again(played: Path):
    """By name: neither a gate nor another request of theirs lets them go; entered again, the others go without them."""
    who = somebody(played, *AGREED, lacks=NOES)
    place = kept(played, "place")
    asks(played, who)
    lost_and_restored(played, place)
    assert going(played) == "release.answers-lost"
    asks(played, who, kind="access")
    assert going(played) == "release.answers-lost"
    asks(played, who)
    assert going(played) == ""


def test_g9_days_that_were_told_are_told_again_first(played: Path):
    """The release waits until they were, and something else was told besides; then for the days themselves."""
    with at(played, "suhe") as desk:
        days = {
            "answer_by": str(desk.today() + timedelta(days=30)),
            "closing_on": str(desk.today() + timedelta(days=35)),
        }
    place = kept(played, "place")
    with at(played, "suhe") as desk:
        deal_tell(desk, DEAL, days)
    assert going(played) == "release.told"
    lost_and_restored(played, place)
    assert going(played) == "release.told-lost"
    with at(played, "suhe") as desk:
        deal_tell(desk, DEAL, {"seller_contact": "privacy@qinghe.example"})
    assert going(played) == "release.told-lost"
    with at(played, "suhe") as desk:
        deal_tell(desk, DEAL, days)
    assert going(played) == "release.told"


def test_g9_what_came_back_is_taken_in_again_first(played: Path):
    """A message that failed since the backup: whoever was not reached counts as told here, until its mailbox is taken in again."""
    people = told_people(played)
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        tx.drop("evidence", type="notice.delivered")
    ref = str(planned(played)["campaign"])
    name, *_ = went(played, ref, 5)
    with at(played, "zhouning") as desk:
        desk.clock.advance(timedelta(hours=LEAST_HOURS + 1))
        assert campaign_settle(desk, ref, None, LEAST_HOURS)["delivered"] == 5
    told_anew(played, people)
    place, mailbox = kept(played, "place"), [report(name, "failed", "5.1.1")]
    with at(played, "zhouning") as desk:
        assert campaign_bounces(desk, ref, mailbox)["bounced"] == 1
    lost_and_restored(played, place)
    assert going(played) == "release.told-lost"
    with at(played, "zhouning") as desk:
        assert campaign_bounces(desk, ref, mailbox)["bounced"] == 1
    assert going(played) == ""
