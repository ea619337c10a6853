"""B1: a campaign's days within a relay's limits add up to what is left, and say whether the closing is kept."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from custody.services.campaign_pace import _batches, campaign_pace
from custody.services.deal_tell import deal_tell
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at
from tests.portal.somebody import refused

__all__ = ["untold"]


@given(left=st.integers(0, 100_000), daily=st.integers(300, 200_000))
def test_b1_the_days_add_up(left: int, daily: int):
    """No day holds more than its limit, none is empty, together they hold everybody."""
    made = _batches(left, daily)
    assert sum(made) == left
    assert all(0 < one <= daily for one in made)
    assert len(made) == -(-left // daily)


def test_b1_a_campaign_that_is_too_slow_for_the_closing_says_so(untold: Path):
    """By the smaller of both limits; the last message has five days to come back; without a closing nothing is said of it."""
    made = planned(untold, approved=False)
    left = made["counts"]["planned"]
    with at(untold, "zhouning") as desk:
        today = desk.clock.now().date()
        ref = made["campaign"]
        fast = campaign_pace(desk, ref, 0, left)
        assert (fast["left"], len(fast["days"]), fast["known_by"]) == (left, 1, str(today + timedelta(days=5)))
        slow = campaign_pace(desk, ref, 1, left, 2)
        assert (slow["per_day"], sum(one["messages"] for one in slow["days"])) == (2, left)
        for limits in ((0, 0), (-1, 5), (1, 5, 25), (1, 5, 0)):
            assert refused(lambda limits=limits: campaign_pace(desk, ref, *limits)) == "campaign.pace"
    with at(untold, "suhe") as desk:
        deal_tell(desk, DEAL, {"closing_on": str(today + timedelta(days=5))})
    with at(untold, "zhouning") as desk:
        assert campaign_pace(desk, ref, 0, left)["in_time"] is True
        assert campaign_pace(desk, ref, 1, left, 2)["in_time"] is False
        assert date.fromisoformat(str(campaign_pace(desk, ref, 0, left)["closing_on"])) > today
