"""B3: a link is alive when it arrives and until the last day on which an answer counts, however late the message goes or the day is moved."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from custody.acts import links
from custody.acts.campaigning import addresses
from custody.acts.link_lives import renew, renew_sent
from custody.base.clock import parse
from custody.base.errors import Denied
from custody.services.deal_tell import deal_tell
from custody.services.link_revoke import link_revoke
from custody.services.portal_show import portal_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, laws

__all__ = ["untold"]
LATE = timedelta(days=61)
FAR = "2026-08-31"


def token(desk, tx, row) -> str:
    """What stands in the message of the first person."""
    (campaign,) = tx.find("campaign", id=str(row["campaign"]))
    return addresses(desk, tx, campaign, [row])[row["subject"]].rpartition("/t/")[2]


def opens(where: Path, text: str, moment: datetime) -> bool:
    """Whether that link shows its page at that moment."""
    with at(where) as desk:
        desk.clock.advance(moment - desk.clock.now())
        try:
            return bool(portal_show(desk, laws(where), text, "", "en")["link"])
        except Denied:
            return False


def first(tx):
    return tx.find("sending", order=("place",), state="planned")[0]


def test_b3_a_message_that_goes_late_carries_a_live_link(untold: Path):
    """Planned, paced over more than its life, sent: its days begin when it goes. What was made before opens the same page; what was shut stays shut."""
    planned(untold)
    with at(untold, "zhouning") as desk:
        with desk.store.read() as tx:
            row = first(tx)
            old, other = token(desk, tx, row), tx.find("sending", order=("place",), state="planned")[1]
        link_revoke(
            desk,
            DEAL,
            links.linked({"id": other["link"], "matter": "", "subject": b"", "channel": "", "expires_at": ""}).name,
        )
        desk.clock.advance(LATE)
        assert not opens(untold, old, desk.clock.now())
        with desk.store.write() as tx:
            assert renew(desk, tx, str(tx.find("matter")[0]["id"]), [row["link"], other["link"]]) == 1
            assert renew(desk, tx, str(tx.find("matter")[0]["id"]), [row["link"], other["link"]]) == 0
            new, shut = token(desk, tx, row), token(desk, tx, other)
        assert [opens(untold, text, desk.clock.now()) for text in (new, old, shut)] == [True, True, False]


@pytest.mark.parametrize("when", ["before", "since"])
def test_b3_a_link_lives_beyond_the_last_day_to_answer(untold: Path, when: str):
    """Whether the day was told before the message was made, or moved since: on that day the link opens its page."""
    days = {"answer_by": FAR, "closing_on": "2026-09-01"}
    if when == "before":
        with at(untold, "zhouning") as desk:
            deal_tell(desk, DEAL, days)
    planned(untold)
    with at(untold, "zhouning") as desk:
        with desk.store.read() as tx:
            text, row = token(desk, tx, first(tx)), first(tx)
        if when == "since":
            deal_tell(desk, DEAL, days)
        with desk.store.read() as tx:
            (link,) = tx.find("link", id=row["link"])
        assert parse(str(link["expires_at"])).date().isoformat() > FAR
    assert opens(untold, text, parse(f"{FAR}T15:00:00Z"))


def test_b3_days_that_are_moved_wake_no_dead_link(untold: Path):
    """Whose time is over when the day is moved stays so: a link that was forwarded and forgotten opens nothing again."""
    planned(untold)
    with at(untold, "zhouning") as desk:
        with desk.store.read() as tx:
            text = token(desk, tx, first(tx))
        desk.clock.advance(LATE)
        deal_tell(desk, DEAL, {"answer_by": FAR})
        with desk.store.write() as tx:
            assert renew_sent(desk, tx, str(tx.find("matter")[0]["id"])) == 0
        assert not opens(untold, text, desk.clock.now())
