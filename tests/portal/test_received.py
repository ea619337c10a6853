"""B4: the clocks of a letter run from the day it was received, whenever somebody types it in (spec/requests.md §2)."""

from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from custody.base.clock import parse, stamp
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.requesting import ASKED, faults

LETTER = {**ASKED, "kind": "copy", "note": ""}


def test_b4_a_letter_of_twenty_days_ago_has_twenty_days_less(played: Path):
    """Every clock of it ends as much sooner; the entry says the day of receipt besides its own."""
    first, second = islice(everybody(played), 2)
    with at(played, "zhouning") as desk:
        now = request_new(desk, laws(played), DEAL, first, LETTER)
        day = (parse(now["received_at"]) - timedelta(days=20)).date()
        made = request_new(desk, laws(played), DEAL, second, {**LETTER, "received": day.isoformat()})
    assert made["received_at"] == f"{day.isoformat()}T00:00:00.000000Z"
    assert now["advised_at"]
    assert parse(now["advised_at"]).date() - parse(made["advised_at"]).date() == timedelta(days=20)
    assert made["rule"] == now["rule"]


def test_b4_what_lay_too_long_is_late_at_once_and_the_same_request_of_before_is_its_own(played: Path):
    """A letter that lay for forty days is late when it is typed in, though the same was asked for by telephone today."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        by_phone = request_new(desk, laws(played), DEAL, who, LETTER)
        day = (parse(by_phone["received_at"]) - timedelta(days=40)).date().isoformat()
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
        day = "1.3.2026" if wrong is None else (now + timedelta(days=wrong)).date().isoformat()
        assert (
            faults(lambda: request_new(desk, laws(played), DEAL, who, {**LETTER, "received": day}))
            == "request.received"
        )
        assert request_list(desk, None)["total"] == 0
        today = request_new(desk, laws(played), DEAL, who, {**LETTER, "received": now.date().isoformat()})
    assert today["received_at"] >= stamp(now)


def test_b4_the_command_line_takes_the_day(played: Path):
    """--received is the day of receipt."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        day = (desk.clock.now() - timedelta(days=3)).date().isoformat()
    words = ("--kind", "copy", "--channel", "desk", "--proof", "in-person", "--received", day)
    code, told = act(played, "seller", "zhouning", "request", "new", DEAL, who, *words)[:2]
    assert code == 0, told
    with at(played, "zhouning") as desk:
        assert [one["received_at"][:10] for one in request_list(desk, None)["requests"]] == [day]
