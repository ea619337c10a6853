"""B1: a campaign is stood for by somebody who did not write it, and a mailing of many days by the approval under which it began."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, relay, untold
from tests.portal.conftest import at
from tests.portal.somebody import refused

__all__ = ["relay", "untold"]
DAY = timedelta(hours=25)


def go(desk, ref: str, where: str, most: int) -> int:
    """So many messages go, to that relay."""
    mailer = wiring.mailer(where, "none", "", None, 0)
    try:
        return int(campaign_send(desk, mailer, ref, most)["sent"])
    finally:
        mailer.close()


def test_b1_whoever_wrote_it_is_no_second_person_for_it(untold: Path, relay: tuple[str, Path]):
    """Planned and approved by one, sent by another, it does not go; approved by a third, it does."""
    made = planned(untold, approved=False, by=relay[0])
    with at(untold, "zhouning") as desk:
        approve(desk, *made["approve"])
    with at(untold, "limo") as desk:
        assert refused(lambda: go(desk, made["campaign"], relay[0], 1)) == "act.unapproved"
    with at(untold, "suhe") as desk:
        approve(desk, *made["approve"])
    with at(untold, "limo") as desk:
        assert go(desk, made["campaign"], relay[0], 1) == 1


def test_b1_what_began_goes_on_by_the_same_approval(untold: Path, relay: tuple[str, Path]):
    """A few a day for days; what nobody began within a day asks anew, and so does what goes by another way."""
    made, other = planned(untold, by=relay[0]), "127.0.0.1:2525"
    ref = made["campaign"]
    with at(untold, "zhouning") as desk:
        assert go(desk, ref, relay[0], 2) == 2
        desk.clock.advance(DAY)
        assert go(desk, ref, relay[0], 2) == 2
        assert campaign_show(desk, ref, 0)["counts"]["sent"] == 4
        desk.clock.advance(DAY)
        assert campaign_relay(desk, ref, wiring.mailer(other, "none", "", None, 0).way)["approve"] != made["approve"]
        assert refused(lambda: go(desk, ref, other, 1)) == "act.unapproved"


def test_b1_what_nobody_began_in_a_day_asks_anew(untold: Path, relay: tuple[str, Path]):
    """An approval that served nothing ends with its day."""
    made = planned(untold, by=relay[0])
    with at(untold, "zhouning") as desk:
        desk.clock.advance(DAY)
        assert refused(lambda: go(desk, made["campaign"], relay[0], 1)) == "act.unapproved"


@pytest.mark.parametrize("who", ["suhe", "zhouning"])
def test_b1_an_approval_that_was_used_serves_whoever_goes_on(untold: Path, relay: tuple[str, Path], who: str):
    """Whoever gave it may go on too: two people stood for it when it began."""
    made = planned(untold, by=relay[0])
    with at(untold, "zhouning") as desk:
        assert go(desk, made["campaign"], relay[0], 1) == 1
    with at(untold, who) as desk:
        assert go(desk, made["campaign"], relay[0], 1) == 1
