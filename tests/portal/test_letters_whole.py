"""B1, E2: a letter in place of a text message holds all that the law wants told, and one that is printed again has a code that opens its page."""

from datetime import timedelta
from pathlib import Path

from custody import wiring
from custody.acts.links import LIFE
from custody.base.clock import stamp
from custody.services.approve import approve
from custody.services.portal_code import portal_code
from custody.services.portal_show import portal_show
from tests.portal.campaigns import contents, planned, untold
from tests.portal.conftest import at, laws
from tests.portal.printing import printed, unreached
from tests.portal.somebody import PHONE, refused
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


def test_b3_a_letter_printed_again_has_a_code_that_opens_its_page(untold: Path):
    """A week later, after a jam: what either sheet says opens the same page, and goes on after the first one's days."""
    made = planned(untold)
    _, first = printed(untold, made["campaign"])
    with at(untold) as desk:
        later = stamp(desk.clock.now() + timedelta(days=7))
    wiring.move_clock(untold / "seller", later)
    _, again = printed(untold, made["campaign"])
    assert [one["number"] for one in again] == [one["number"] for one in first]
    with at(untold) as desk:
        desk.clock.advance(LIFE - timedelta(days=3))
        for one, other in zip(first, again, strict=True):
            seen = [
                portal_show(desk, laws(untold), portal_code(desk, laws(untold), code), "", "zh")["link"]
                for code in (one["code"], other["code"])
            ]
            assert seen[0] == seen[1]
        assert refused(lambda: portal_code(desk, laws(untold), "0" * 16)) == "portal.link"
