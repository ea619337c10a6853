"""B1, E2: a letter in place of a text message holds all that the law wants told."""

from pathlib import Path

from custody.services.approve import approve
from tests.portal.campaigns import contents, planned, untold
from tests.portal.conftest import at
from tests.portal.printing import printed, unreached
from tests.portal.somebody import PHONE
from tests.portal.test_incident_texts import SHORT, notified, states, touched
from tests.portal.test_incident_told import SAID, counted
from tests.portal.test_incidents import recorded

__all__ = ["untold"]


def lines(letter: dict) -> str:
    return "\n".join(letter["lines"])


def test_b1_a_letter_in_place_of_a_text_message_holds_all_that_law_wants_told(untold: Path):
    """Whoever has no telephone reads in the letter what others read on the page behind the message, each item of it."""
    made = planned(untold, channel="sms")
    with at(untold, "zhouning") as desk:
        asked = contents(desk, untold)
    unreached(untold, made["campaign"], 10)
    shown = printed(untold, made["campaign"])[1]
    assert shown
    assert asked
    for letter in shown:
        for said in asked.values():
            assert (said[letter["lang"]] if isinstance(said, dict) else said) in lines(letter)


def test_e2_a_letter_in_place_of_a_text_message_of_an_incident_holds_the_notice(played: Path):
    """Not the line that a telephone shows: cause, harm and measures stand on the page."""
    ref, few = recorded(played)["incident"], touched(played, PHONE)[:6]
    listed = "\n".join(few).encode()
    counted(played, ref, "会员", listed=listed)
    made = notified(played, ref, listed, "sms", **SHORT)
    unreached(played, made["campaign"])
    assert set(states(played, made["campaign"]).values()) == {"no-address"}
    with at(played, "suhe") as desk:
        approve(desk, *made["approve"])
    shown = printed(played, made["campaign"])[1]
    assert shown
    for letter in shown:
        assert not [said for said in SAID.values() if said[letter["lang"]] not in lines(letter)]
