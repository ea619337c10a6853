"""B1: the day of posting is the company's own, and letters may be posted apart."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custody.acts.desk import Desk
from custody.base.clock import stamp
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_post import campaign_post
from custody.services.campaign_settle import LEAST_DAYS, LEAST_HOURS, campaign_settle
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.printing import printed
from tests.portal.somebody import refused

__all__ = ["untold"]
EVENING, NIGHT = (20, "America/Los_Angeles", "US-CA"), (1, "Asia/Shanghai", "CN")


def moments(where: Path) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        yield from store.execute("SELECT state, at FROM sending WHERE state IN ('posted', 'printed') ORDER BY place")
    store.close()


@pytest.mark.parametrize(("hour", "zone", "place"), [EVENING, NIGHT])
def test_b1_letters_are_posted_on_the_companys_own_days(untold: Path, hour: int, zone: str, place: str):
    """From the company's day of the plan on, not the day before; the days of waiting begin with that day there."""
    ref = planned(untold)["campaign"]
    told, _ = printed(untold, ref)
    with at(untold, "zhouning") as desk:
        made = (
            (desk.clock.now() - timedelta(days=1))
            .astimezone(ZoneInfo(zone))
            .replace(hour=hour, minute=0, second=0, microsecond=0)
        )
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        store.execute("UPDATE campaign SET made_at = ? WHERE ref = ?", (stamp(made), ref))
    store.close()

    def there(desk: Desk) -> Desk:
        return replace(desk, card=replace(desk.card, place=place))

    with at(untold, "zhouning") as desk:
        before = str(made.date() - timedelta(days=1))
        assert refused(lambda: campaign_post(there(desk), ref, before, b"receipt")) == "campaign.day"
        assert campaign_post(there(desk), ref, str(made.date()), b"receipt")["posted"] == told["letters"]
    first = datetime.combine(made.date(), datetime.min.time(), ZoneInfo(zone))
    assert {when for state, when in moments(untold) if state == "posted"} == {stamp(first)}


def test_b1_letters_may_be_given_to_the_post_on_several_days(untold: Path):
    """By their numbers: the others wait, and each counts from its own day; a number that was mistyped refuses all, the same list again posts nothing anew."""
    ref = planned(untold)["campaign"]
    told, shown = printed(untold, ref)
    names = sorted(one["number"] for one in shown)
    some = "\n".join(names[:2]).encode()
    with at(untold, "zhouning") as desk:
        today = desk.today()
        for wrong in (b"", b"nothing", f"{names[0]}\n{ref}-00000000".encode()):
            assert (
                refused(lambda wrong=wrong: campaign_post(desk, ref, str(today), b"receipt", wrong))
                == "campaign.numbers"
            )
        made = campaign_post(desk, ref, str(today), b"receipt", some)
        assert (made["posted"], made["left"]) == (2, told["letters"] - 2)
        assert refused(lambda: campaign_post(desk, ref, str(today), b"receipt", some)) == "campaign.nothing-printed"
        desk.clock.advance(timedelta(days=LEAST_DAYS + 1))
        assert campaign_post(desk, ref, str(desk.today()), b"another")["posted"] == told["letters"] - 2
        assert campaign_settle(desk, ref, None, LEAST_HOURS, LEAST_DAYS)["delivered"] == 2
        desk.clock.advance(timedelta(days=LEAST_DAYS + 1))
        assert campaign_settle(desk, ref, None, LEAST_HOURS, LEAST_DAYS)["delivered"] == told["letters"] - 2


def test_b1_a_letter_that_came_back_before_its_posting_was_noted_stops_no_list(untold: Path):
    """It went and came back: the day's list is taken, the others are posted, and it stays untold."""
    ref = planned(untold)["campaign"]
    _, shown = printed(untold, ref)
    names = sorted(one["number"] for one in shown)[:3]
    with at(untold, "zhouning") as desk:
        assert campaign_bounces(desk, ref, [names[0].encode()])["bounced"] == 1
        made = campaign_post(desk, ref, str(desk.today()), b"receipt", "\n".join(names).encode())
        assert (made["posted"], made["counts"]["bounced"]) == (2, 1)
