"""B1: a relay's log decides what is in doubt only where it is of the time of sending: silence of another day sends nothing again."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from custody.acts.log_times import times
from custody.base.clock import stamp
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.somebody import refused

__all__ = ["untold"]
AT = datetime.fromisoformat("2026-11-26T11:00:00+00:00")


def spoken(*moments: str) -> str:
    return "".join(f"{moment} mx postfix/qmgr[12]: 4Xy1: removed\n" for moment in moments)


@pytest.mark.parametrize(
    ("log", "over", "misses"),
    [
        (spoken("2026-11-26T18:59:00+08:00", "2026-11-26T19:11:00.5+08:00"), True, False),
        (spoken("2026-11-26T10:59:00Z", "2026-11-26T11:05:00Z"), False, False),
        (spoken("2026-11-26T11:00:01Z", "2026-11-26T12:00:00Z"), False, True),
        (spoken("2026-11-25 00:00:00 +0000", "2026-11-25 23:59:59 +0000"), False, True),
        (spoken("Nov 26 10:59:00", "Nov 26 19:30:00"), False, False),
        (spoken("Nov 25 20:00:00", "Nov 27 02:00:00"), True, False),
        (spoken("Nov  6 20:00:00", "Nov  7 02:00:00"), False, True),
        (spoken("2026-11-25 20:59:59", "2026-11-27 01:10:00"), True, False),
        ("accepted\n2026-13-45T99:99:99Z x\n", False, False),
        ("", False, False),
    ],
)
def test_b1_a_log_is_of_the_time_on_its_lines(log: str, over: bool, misses: bool):
    """With a zone to the second; without one only what no zone would make otherwise; without times nothing is known."""
    told = times(log, AT + timedelta(days=2))
    assert (told.reach_over(AT), told.miss(AT)) == (over, misses)


def test_b1_a_year_that_is_not_written_is_the_nearest():
    """A log of the last evening of a year, read in the next."""
    new_year = datetime.fromisoformat("2027-01-01T10:00:00+00:00")
    told = times(spoken("Dec 31 23:00:00", "Jan  1 09:00:00"), new_year)
    assert [one.first.year for one in told.spans] == [2026, 2026]
    assert told.spans[1].last.year == 2027


def in_doubt(where: Path, ref: str, begun: datetime, *, gone: bool) -> str:
    """One message as a kill leaves it, begun then, and perhaps one that is known to have gone; the name of the latter."""
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        (campaign,) = tx.find("campaign", ref=ref)
        one, two = tx.find("sending", order=("place",), campaign=campaign["id"], state="planned")[:2]
        for state, row in (("sending", one), *([("sent", two)] if gone else [])):
            values = {"state": state, "at": stamp(begun)}
            tx.change("sending", values, campaign=campaign["id"], subject=row["subject"])
    return str(two["message_id"])


@pytest.mark.parametrize("gone", [False, True])
def test_b1_a_log_of_another_day_sends_nothing_again(untold: Path, gone: bool):
    """Refused, also where none is known to have gone, and where what went stands in it but it ended before; the right one decides."""
    ref = str(planned(untold)["campaign"])
    with at(untold, "zhouning") as desk:
        begun = desk.clock.now()
    name = in_doubt(untold, ref, begun, gone=gone)
    with at(untold, "zhouning") as desk:
        day = timedelta(days=1)

        def log(since: datetime, until: datetime) -> str:
            knows = f"accepted {name} to=1\n" if gone else ""
            return knows + spoken(stamp(since), stamp(until))

        for wrong in (
            log(begun - 2 * day, begun - day),
            log(begun + day, begun + 2 * day),
            *([] if gone else ["quiet\n", ""]),
        ):
            assert refused(lambda wrong=wrong: campaign_settle(desk, ref, wrong, LEAST_HOURS)) == "campaign.log"
        made = campaign_settle(desk, ref, log(begun - day, begun + day), LEAST_HOURS)
    assert (made["found"], made["again"], made["in_doubt"]) == (0, 1, 0)
