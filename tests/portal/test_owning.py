"""B4, E5: every open request and correction has a person and a day, and what is late is an alarm that names whose it is."""

from datetime import timedelta
from pathlib import Path

from custody.acts.corrections import ABSENT, NO_ADDRESS, OLD_NAME
from custody.acts.desk import Desk
from custody.acts.owning import lead
from custody.base.clock import stamp
from custody.services.copy_declare import copy_declare
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_list import correction_list
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from custody.services.revise import Correction
from custody.services.work_assign import work_assign
from custody.services.work_list import work_due, work_list
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.somebody import NEW, PHONE, column, put_right, refused, values

ASKED = {"kind": "copy", "channel": "desk", "proof": "in-person"}


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
        assert (before["due_on"], before["by_law"]) == (str(today + timedelta(days=3)), str(today + timedelta(days=30)))
        assert work_assign(desk, ref, "suhe", str(today))["person"] == "suhe"
        assert (line(desk, ref)["due_on"], line(desk, ref)["given"]) == (str(today), True)
        assert [one["work"] for one in work_list(desk, "suhe")["work"]] == [ref]
        work_assign(desk, ref, "zhouning", "")
        assert line(desk, ref)["due_on"] == before["due_on"]
        request_answer(desk, laws(played), ref, "", "")
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


def test_a7_a_correction_that_a_recipient_has_not_acknowledged_is_somebodys(played: Path):
    """From the correction on, until the last who has the data says that they know: the privacy officer's, or whose it was given; late with a name."""
    with at(played, "zhouning") as desk:
        who = next(one for one in everybody(played) if PHONE in values(desk, one))
        for name in ("courier", "caller"):
            copy_declare(desk, None, name, "processor")
        made = str(
            put_right(played, desk, who, Correction("会员", None, column(desk, who, PHONE), NEW, "typo"))["correction"]
        )
        (row,) = [one for one in correction_list(desk, "")["corrections"] if one["id"] == made]
        dues = [to["due_at"] for to in row["recipients"] if to["due_at"]]
        owed = line(desk, made)
        assert len(dues) == 3  # and the old number, soonest
        assert (owed["kind"], owed["person"], owed["due_on"], owed["by_law"]) == (
            "acknowledgement",
            "zhouning",
            min(dues)[:10],
            "",
        )
        assert work_assign(desk, made, "suhe", "")["person"] == "suhe"
        correction_acknowledge(desk, made, "courier")
        assert line(desk, made)["person"] == "suhe"
        with desk.store.write() as tx:
            tx.change("work_owner", {"due_on": "2026-01-01"}, work=made)
        assert work_due(desk)["people"] == [{"person": "suhe", "late": 1}]
        with (
            desk.store.write() as tx
        ):  # who has the data answered that they have no such person: that is somebody's work too
            tx.change("correction_to", {"state": ABSENT}, correction=made, name="caller")
        assert line(desk, made)["person"] == "suhe"
        correction_acknowledge(desk, made, "caller")
        assert line(desk, made)["due_on"] == "2026-01-01"
        with desk.store.write() as tx:
            tx.change("correction_to", {"state": NO_ADDRESS}, correction=made, name=OLD_NAME)
    with at(played, "suhe") as other:  # zhouning took it in
        correction_acknowledge(other, made, OLD_NAME)
    with at(played, "zhouning") as desk:
        assert work_list(desk, "")["total"] == 0
        assert refused(lambda: work_assign(desk, made, "suhe", "")) == "work.unknown"


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


def test_b4_a_request_is_of_a_privacy_officer_who_sees_its_deal(played: Path):
    """The first one of the company is not of the deal, the second is: it is theirs, and they see it; where none is, it is the lead's."""
    ref = asked(played, next(everybody(played)))
    with at(played, "suhe") as desk, desk.store.write() as tx:
        (own,) = tx.find("principal", handle="zhouning")
        (data,) = tx.find("principal", handle="limo")
        matter = str(tx.find("matter", ref=DEAL)[0]["id"])
        tx.change("deal_member", {"ended_at": stamp(desk.clock.now())}, matter=matter, principal=own["id"])
    with at(played, "suhe") as desk:
        with desk.store.read() as tx:
            leads = tx.find("principal", id=lead(tx, matter, desk.today()))[0]["handle"]
        assert line(desk, ref)["person"] == leads != "zhouning", "no privacy officer sees it"
        with desk.store.write() as tx:
            tx.change("principal", {"roles": "data,privacy"}, id=data["id"])
        assert line(desk, ref)["person"] == "limo"
    with at(played, "zhouning") as desk:
        assert [one["person"] for one in work_list(desk, "")["work"]] == ["limo"], (
            "it is of the vault: seen, and not theirs"
        )
