"""E2, B5: incidents are on a register, each with whom the law says to tell and by when; the page for the public counts them."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from custody.base.clock import parse, stamp
from custody.base.errors import Denied, Malformed, Missing, Refused
from custody.cli.pages.openness_page import openness_page
from custody.services.deal_show import deal_show
from custody.services.incident_close import incident_close
from custody.services.incident_list import incident_list
from custody.services.incident_record import incident_record
from custody.services.incident_tell import Telling, incident_tell
from custody.services.openness import openness
from tests.portal.conftest import at, laws

WHY = "Nothing had left the house after all"


def recorded(where: Path, who: str = "limo", places: tuple[str, ...] = (), **facts) -> dict:
    """One that was discovered a day ago."""
    with at(where, who) as desk:
        found = stamp(desk.clock.now() - timedelta(days=1))
        return dict(incident_record(desk, laws(where), "", {"incident": {"discovered_at": found, **facts}}, places))


def duty(told: dict, rule: str) -> dict:
    (found,) = [line for line in told["duties"] if line["rule"] == rule]
    return found


def test_e2_the_law_says_whom_to_tell_and_by_when(played: Path):
    """PIPL 57 at once and whatever the number; GDPR 33 within 72 hours where people are in Germany; each names its text."""
    told = recorded(played, places=("DE",), affected_subjects=3, risk_level="high")
    assert told["incident"].startswith("I-")
    assert told["regimes"] == ["CN", "DE", "EU"]
    assert (duty(told, "CN-BREACH-57")["due_at"], duty(told, "CN-BREACH-57")["certain"]) == ("immediate", True)
    found = duty(told, "EU-BREACH-33")
    assert parse(found["due_at"]) - parse(told["discovered_at"]) == timedelta(hours=72)
    assert (found["certain"], found["law"], found["late"]) == (True, "GDPR 33", False)
    assert duty(told, "EU-BREACH-34")["due_at"] == "immediate"
    with at(played, "zhouning") as desk:
        desk.clock.advance(timedelta(days=3))
        (later,) = incident_list(desk, laws(played), told["incident"])["incidents"]
        assert duty(later, "EU-BREACH-33")["late"]
        assert later["late"] == len([line for line in later["duties"] if line["late"]])
        assert not duty(later, "CN-BREACH-57")["late"]


def test_e2_what_is_not_known_yet_may_be_owed(played: Path):
    """Without the level of risk the 72 hours run, uncertain, and the fact is named; unlikely ends the duty, which null brings back."""
    told = recorded(played, places=("DE",), affected_subjects=3)
    found = duty(told, "EU-BREACH-33")
    assert (found["certain"], found["missing"]) == (False, ["incident.risk_level"])
    assert found["due_at"]
    with at(played, "limo") as desk:
        for level, owed in (("unlikely", False), (None, True), ("risk", True)):
            told = incident_record(desk, laws(played), told["incident"], {"incident": {"risk_level": level}}, ())
            assert any(line["rule"] == "EU-BREACH-33" for line in told["duties"]) is owed
        assert told["version"] == 4
        again = incident_record(desk, laws(played), told["incident"], {"incident": {"risk_level": "risk"}}, ())
        assert (again["version"], again["ledger"]) == (4, "")


def test_e2_it_closes_only_when_everybody_was_told(played: Path):
    """A duty that nobody spoke of holds it open; nobody told takes a reason; afterwards nothing of it changes."""
    told = recorded(played, affected_subjects=3)
    ref = told["incident"]
    with at(played, "zhouning") as desk:
        for line in told["duties"]:
            with pytest.raises(Refused, match=line["rule"]):
                incident_close(desk, laws(played), ref, WHY)
            with pytest.raises(Malformed, match="reason"):
                incident_tell(desk, laws(played), ref, Telling(line["rule"], line["duty"], "nobody", "", "short"))
            done = incident_tell(desk, laws(played), ref, Telling(line["rule"], line["duty"], "nobody", "", WHY))
        assert done["owed"] == 0
        assert done["late"] == 0
        assert told["late"] > 0
        closed = incident_close(desk, laws(played), ref, WHY)
        assert (closed["state"], bool(closed["closed_at"])) == ("closed", True)
        for act in (
            lambda: incident_close(desk, laws(played), ref, WHY),
            lambda: incident_record(desk, laws(played), ref, {"incident": {"affected_subjects": 4}}, ()),
            lambda: incident_tell(desk, laws(played), ref, Telling("CN-BREACH-57", "", "both", "", "")),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.slug == "incident.closed"


def test_e2_only_what_the_register_holds_is_taken(played: Path):
    """No free words, no other group, no place whose law is not loaded, no moment ahead, no duty that is none, no telling before the discovery."""
    told = recorded(played, affected_subjects=3)
    ref = told["incident"]
    with at(played, "zhouning") as desk:
        ahead, before = (stamp(desk.clock.now() + timedelta(days=days)) for days in (1, -2))
        for slug, kind, act in (
            ("law.facts", Malformed, lambda: incident_record(desk, laws(played), ref, {"incident": {"story": "李梅"}}, ())),
            ("incident.facts", Malformed, lambda: incident_record(desk, laws(played), ref, {"data": {}}, ())),
            ("incident.law", Missing, lambda: incident_record(desk, laws(played), ref, {}, ("NZ",))),
            ("incident.when", Malformed, lambda: incident_record(desk, laws(played), ref, {"incident": {"discovered_at": ahead}}, ())),
            ("incident.when", Malformed, lambda: incident_record(desk, laws(played), ref, {"incident": {"discovered_at": None}}, ())),
            ("incident.when", Malformed, lambda: incident_record(desk, laws(played), "", {"incident": {"affected_subjects": 1}}, ())),
            ("incident.duty", Missing, lambda: incident_tell(desk, laws(played), ref, Telling("EU-BREACH-33", "", "both", "", ""))),
            ("incident.when", Malformed, lambda: incident_tell(desk, laws(played), ref, Telling("CN-BREACH-57", "", "both", before, ""))),
            ("incident.to", Malformed, lambda: incident_tell(desk, laws(played), ref, Telling("CN-BREACH-57", "", "press", "", ""))),
            ("incident.unknown", Missing, lambda: incident_close(desk, laws(played), "I-1999-0001", WHY)),
        ):  # fmt: skip
            with pytest.raises(kind) as refused:
                act()
            assert refused.value.slug == slug
        (after,) = incident_list(desk, laws(played), ref)["incidents"]
        assert after["version"] == told["version"]


def test_e2_who_may(played: Path):
    """Data staff record and do not decide; a machine does neither; an incident is no deal."""
    told = recorded(played, affected_subjects=3)
    with at(played, "limo") as desk:
        for act in (
            lambda: incident_close(desk, laws(played), told["incident"], WHY),
            lambda: incident_tell(desk, laws(played), told["incident"], Telling("CN-BREACH-57", "", "both", "", "")),
        ):
            with pytest.raises(Denied):
                act()
    with at(played) as desk, pytest.raises(Denied):
        incident_record(desk, laws(played), "", {}, ())
    with at(played, "suhe") as desk:
        assert {one["ref"][0] for one in deal_show(desk, None)["deals"]} == {"D"}
        with pytest.raises(Missing):
            deal_show(desk, told["incident"])


def test_b5_the_page_tells_how_many_incidents_and_nothing_else_of_them(played: Path):
    """Their number and how many are closed, of twelve months; no number of one, no count of people; the words of staff are in no entry."""
    with at(played, "zhouning") as desk:
        assert openness(desk)["incidents"] == {"total": 0, "closed": 0}
        assert "none in twelve months" in openness_page(openness(desk), "en")
    ref = recorded(played, affected_subjects=48_151)["incident"]
    told = recorded(played, affected_subjects=2)
    with at(played, "zhouning") as desk:
        for line in told["duties"]:
            incident_tell(desk, laws(played), told["incident"], Telling(line["rule"], line["duty"], "nobody", "", WHY))
        incident_close(desk, laws(played), told["incident"], "The cupboard has a lock again")
        shown = openness(desk)
        assert shown["incidents"] == {"total": 2, "closed": 1}
        page = openness_page(shown, "en")
        assert "in twelve months, 1 closed" in page
        assert "安全事件" in page
        assert not [word for word in (ref, "48,151", "48151", "cupboard") if word in page]
        desk.clock.advance(timedelta(days=400))
        assert openness(desk)["incidents"]["total"] == 0
    store = sqlite3.connect(played / "seller" / "core.db")
    entries = b"".join(entry for (entry,) in store.execute("SELECT entry FROM ledger_entry"))
    store.close()
    assert b"incident-closed" in entries
    assert b"cupboard" not in entries
    assert b"48151" not in entries
