"""B4: the clocks of a letter run from the day it was received, whenever somebody types it in (spec/requests.md §2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custody.acts.desk import Desk
from custody.acts.identified import TRIES
from custody.base.clock import SimulatedClock, parse, stamp
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.requesting import ASKED, faults

LETTER = {**ASKED, "kind": "copy", "note": ""}
SHANGHAI, LOS_ANGELES = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")
PLACES = [("CN", SHANGHAI), ("US-CA", LOS_ANGELES)]
ANY = {
    **ASKED,
    "kind": "copy",
    "channel": "phone",
    "proof": "customer-number",
    "said": "customer-number,nobody-has-this\nemail,nobody@has.example",
}


def there(desk: Desk, place: str, now: datetime) -> Desk:
    """The same desk of a company that is established there, at this moment."""
    return replace(desk, card=replace(desk.card, place=place), clock=SimulatedClock(now))


def test_b4_a_letter_of_twenty_days_ago_has_twenty_days_less(played: Path):
    """Every clock of it ends as much sooner; the entry says the day of receipt besides its own."""
    first, second = islice(everybody(played), 2)
    with at(played, "zhouning") as desk:
        now = request_new(desk, laws(played), DEAL, first, LETTER)
        day = desk.day(parse(now["received_at"])) - timedelta(days=20)
        made = request_new(desk, laws(played), DEAL, second, {**LETTER, "received": day.isoformat()})
    assert parse(made["received_at"]).astimezone(SHANGHAI).isoformat() == f"{day.isoformat()}T00:00:00+08:00"
    assert now["advised_at"]
    assert parse(now["advised_at"]).date() - parse(made["advised_at"]).date() == timedelta(days=20)
    assert made["rule"] == now["rule"]


def test_b4_what_lay_too_long_is_late_at_once_and_the_same_request_of_before_is_its_own(played: Path):
    """A letter that lay for forty days is late when it is typed in, though the same was asked for by telephone today."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        by_phone = request_new(desk, laws(played), DEAL, who, LETTER)
        day = (desk.today() - timedelta(days=40)).isoformat()
        letter = request_new(desk, laws(played), DEAL, who, {**LETTER, "received": day})
        again = request_new(desk, laws(played), DEAL, who, {**LETTER, "received": day})
        late = {one["ref"]: one["late"] for one in request_list(desk, None)["requests"]}
    assert (letter["resumed"], again["resumed"]) == (False, True)
    assert late == {by_phone["ref"]: False, letter["ref"]: True}


@pytest.mark.parametrize("wrong", [1, -367, None])
def test_b4_no_day_of_receipt_to_come_or_of_years_ago(played: Path, wrong: int | None):
    """Tomorrow, more than a year ago, and what is no day take nothing in; today is now."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        now = desk.clock.now()
        day = "1.3.2026" if wrong is None else (desk.today() + timedelta(days=wrong)).isoformat()
        assert (
            faults(lambda: request_new(desk, laws(played), DEAL, who, {**LETTER, "received": day}))
            == "request.received"
        )
        assert request_list(desk, None)["total"] == 0
        today = request_new(desk, laws(played), DEAL, who, {**LETTER, "received": desk.today().isoformat()})
    assert today["received_at"] >= stamp(now)


def test_b4_the_command_line_takes_the_day(played: Path):
    """--received is the day of receipt."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        day = (desk.today() - timedelta(days=3)).isoformat()
    words = ("--kind", "copy", "--channel", "desk", "--proof", "in-person", "--received", day)
    code, told = act(played, "seller", "zhouning", "request", "new", DEAL, who, *words)[:2]
    assert code == 0, told
    with at(played, "zhouning") as desk:
        assert [desk.day(parse(one["received_at"])).isoformat() for one in request_list(desk, None)["requests"]] == [
            day
        ]


@pytest.mark.parametrize(("place", "zone"), PLACES)
def test_b4_half_past_eleven_at_night_is_still_that_day_where_the_company_is(played: Path, place: str, zone: ZoneInfo):
    """Today there, whatever day it is in UTC, is now; the day before is a day before; tomorrow there has not come."""
    late = datetime(2026, 4, 20, 23, 30, tzinfo=zone)
    first, second = islice(everybody(played), 2)
    with at(played, "zhouning") as desk:
        night = there(desk, place, late)
        assert night.today().isoformat() == "2026-04-20"
        assert (stamp(late)[:10] == "2026-04-20") == (place == "CN")
        assert (
            faults(lambda: request_new(night, laws(played), DEAL, first, {**LETTER, "received": "2026-04-21"}))
            == "request.received"
        )
        now = request_new(night, laws(played), DEAL, first, {**LETTER, "received": "2026-04-20"})
        before = request_new(night, laws(played), DEAL, second, {**LETTER, "received": "2026-04-19"})
    assert now["received_at"][:16] == stamp(late)[:16]
    assert parse(before["received_at"]).astimezone(zone) == datetime(2026, 4, 19, tzinfo=zone)


@pytest.mark.parametrize(("place", "zone"), PLACES)
def test_b4_the_first_half_hour_of_a_day_is_of_that_day_where_the_company_is(played: Path, place: str, zone: ZoneInfo):
    """At half past midnight in Shanghai it is yesterday in UTC: what came yesterday there is told as yesterday, and today is taken."""
    early = datetime(2026, 4, 21, 0, 30, tzinfo=zone)
    with at(played, "zhouning") as desk:
        made = request_new(
            there(desk, place, early), laws(played), DEAL, somebody(played), {**LETTER, "received": "2026-04-21"}
        )
    assert made["received_at"][:16] == stamp(early)[:16]


def tried(desk: Desk, where: Path, who: str) -> Callable[[], object]:
    """Somebody who calls names what is not theirs."""
    return lambda: request_new(desk, laws(where), DEAL, who, ANY)


@pytest.mark.parametrize(("place", "zone"), PLACES)
def test_b4_the_tries_of_a_day_are_of_the_companys_own_day(played: Path, place: str, zone: ZoneInfo):
    """Ten before midnight there are all, though UTC's day turns between them; from midnight there on there are ten more."""
    evening, who = datetime(2026, 4, 20, 6 if place == "CN" else 16, 0, tzinfo=zone), somebody(played)
    night = datetime(2026, 4, 20, 23, 30, tzinfo=zone)
    assert stamp(evening)[:10] != stamp(night)[:10]
    with at(played, "zhouning") as desk:
        for n in range(TRIES - 1):  # each desk begins its clock anew: a second later than the last
            assert faults(tried(there(desk, place, evening + timedelta(seconds=n)), played, who)) == "request.identity"
        assert faults(tried(there(desk, place, night), played, who)) == "request.identity"
        assert faults(tried(there(desk, place, night + timedelta(seconds=1)), played, who)) == "request.tries"
        tomorrow = there(desk, place, night + timedelta(minutes=31))
        assert faults(tried(tomorrow, played, who)) == "request.identity"


@pytest.mark.parametrize(("place", "zone"), PLACES)
def test_b4_a_company_counts_in_the_zone_of_its_place(played: Path, place: str, zone: ZoneInfo):
    """At half past midnight it is the new day there; at a place that the law's clocks do not know days are UTC's."""
    moment = datetime(2026, 1, 1, 0, 30, tzinfo=zone)
    with at(played, "zhouning") as desk:
        assert there(desk, place, moment).day(moment).isoformat() == "2026-01-01"
        assert there(desk, "XX", moment).day(moment).isoformat() == stamp(moment)[:10]
