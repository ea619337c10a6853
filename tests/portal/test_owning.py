"""B4, E5: every open request and correction has a person and a day, and what is late is an alarm that names whose it is."""

from datetime import timedelta
from pathlib import Path

from custody.acts.desk import Desk
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from custody.services.work_assign import work_assign
from custody.services.work_list import work_due, work_list
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.test_freshness import refused

ASKED = {"kind": "copy", "channel": "phone", "proof": "customer-number"}


def line(desk: Desk, work: str) -> dict:
    """One piece of open work."""
    (found,) = [one for one in work_list(desk, "")["work"] if one["work"] == work]
    return found


def asked(where: Path, who: str) -> str:
    """A request that came by telephone."""
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, ASKED)["ref"])


def test_b4_nothing_open_is_nobodys(played: Path):
    """Before anybody gave it: the privacy officer's, until the law's day or the house's; given: that person's; ended: nobody's."""
    ref = asked(played, next(everybody(played)))
    with at(played, "zhouning") as desk:
        today = desk.clock.now().date()
        before = line(desk, ref)
        assert (before["person"], before["given"], before["late"]) == ("zhouning", False, False)
        assert before["due_on"] == (before["by_law"] or str(today + timedelta(days=15)))
        assert work_assign(desk, ref, "suhe", str(today))["person"] == "suhe"
        assert (line(desk, ref)["due_on"], line(desk, ref)["given"]) == (str(today), True)
        assert [one["work"] for one in work_list(desk, "suhe")["work"]] == [ref]
        work_assign(desk, ref, "zhouning", "")
        assert line(desk, ref)["due_on"] == before["due_on"]
        request_close(desk, laws(played), ref, "granted", "")
        assert work_list(desk, "")["total"] == 0
        assert refused(lambda: work_assign(desk, ref, "suhe", "")) == "work.unknown"


def test_b4_a_day_that_is_none_or_later_than_the_law_is_refused(played: Path):
    """And so is a person who acts no more, is nobody, or whose roles see to no such work."""
    ref = asked(played, next(everybody(played)))
    with at(played, "zhouning") as desk:
        today, last = desk.clock.now().date(), line(desk, ref)["by_law"]
        days = ["soon", str(today - timedelta(days=1)), *(["9999-01-01"] if last else [])]
        for day in days:
            assert refused(lambda day=day: work_assign(desk, ref, "suhe", day)) == "work.day"
        assert refused(lambda: work_assign(desk, ref, "nobody", "")) == "principal.unknown"
        assert refused(lambda: work_assign(desk, ref, "portal", "")) == "work.hands"


def test_b4_work_whose_person_left_comes_back(played: Path):
    """What was given to somebody who acts no more is the privacy officer's again, until the law's day."""
    ref = asked(played, next(everybody(played)))
    with at(played, "zhouning") as desk:
        before = line(desk, ref)["due_on"]
        work_assign(desk, ref, "suhe", str(desk.clock.now().date()))
        with desk.store.write() as tx:
            tx.change("principal", {"revoked_at": "2026-04-20T00:00:00.000000Z"}, handle="suhe")
        assert (line(desk, ref)["person"], line(desk, ref)["due_on"], line(desk, ref)["given"]) == (
            "zhouning",
            before,
            False,
        )


def test_b4_what_is_late_alarms_with_a_name(played: Path):
    """The scheduled task is well while every day is to come, and names whose work is late when one has passed."""
    ref = asked(played, next(everybody(played)))
    with at(played, "zhouning") as desk:
        assert work_due(desk) == {"open": 1, "late": 0, "people": [], "ok": True}
        work_assign(desk, ref, "suhe", str(desk.clock.now().date()))
        with desk.store.write() as tx:
            tx.change("work_owner", {"due_on": "2026-01-01"}, work=ref)
        assert work_due(desk) == {"open": 1, "late": 1, "people": [{"person": "suhe", "late": 1}], "ok": False}
        assert work_list(desk, "")["late"] == 1
