"""B3, C6: who is told only after the first release is where the gate has them: they read that it may still move, until when, and may object."""

import re
import urllib.request
from datetime import timedelta
from pathlib import Path

from custody import wiring
from custody.services.deal_tell import deal_tell
from custody.services.gate import gate
from custody.services.receipt_check import receipt_check
from custody.services.release_delta import release_delta
from tests.portal.answering import answer, page
from tests.portal.conftest import DEAL, at, laws
from tests.portal.serving import portal
from tests.portal.somebody import refused
from tests.portal.test_called_back import by_two, steps
from tests.portal.told_later import left_out, listed


def days_anew(where: Path) -> dict[str, str]:
    """A delta is planned: two weeks to answer, then another to the move."""
    with at(where, "zhouning") as desk:
        told = {
            "answer_by": str(desk.today() + timedelta(days=14)),
            "closing_on": str(desk.today() + timedelta(days=21)),
        }
        deal_tell(desk, DEAL, told)
    return told


def objection_on(where: Path, text: str) -> dict[str, bool]:
    """Whether the page itself has the button, in each language."""
    found = {}
    with portal(where) as base:
        for lang in ("zh", "en"):
            with urllib.request.urlopen(f"{base}/{lang}/t/{text}") as answered:
                found[lang] = bool(re.search(r'name="act" value="objected"', answered.read().decode()))
    return found


def test_b3_who_is_told_after_the_release_may_still_object_and_the_delta_leaves_them_out(played: Path):
    """Bounced, released, told anew with new days: the page says that it will move and when, has the button, and the no is honoured."""
    who, text = left_out(played)
    waiting = page(played, text)
    assert (waiting["outlook"], waiting["may_object"]) == ("not-yet", True)
    listed(played, who, "notice.delivered")
    told = days_anew(played)
    shown = page(played, text)
    assert (shown["outlook"], shown["may_object"]) == ("moves", True)
    when = steps(shown)
    assert when["answer"] == ("now", told["answer_by"])
    assert when["moves"] == ("open", told["closing_on"])
    assert objection_on(played, text) == {"zh": True, "en": True}

    number = str(answer(played, text, "objection", "objected")["record"])
    after = page(played, text)
    assert (after["outlook"], after["objected"], after["may_object"]) == ("stayed", True, True)
    assert steps(after) == {"told": steps(shown)["told"], "answer": ("now", told["answer_by"])}, "a no is taken back"
    with at(played) as desk:
        assert receipt_check(desk, laws(played), number)["outlook"] == "stayed"
    with at(played, "zhouning") as desk:
        desk.clock.advance(timedelta(days=23))
        gate(desk, laws(played), DEAL)
        folder = wiring.folder(played / "handover")
        assert refused(lambda: release_delta(desk, laws(played), DEAL, folder, dry_run=True)) == "release.nothing"


def test_b3_who_says_nothing_then_goes_with_the_delta_and_reads_its_day(played: Path):
    """The same person without a word: nobody is told the day on which others moved; theirs is that of the delta."""
    who, text = left_out(played)
    with at(played, "zhouning") as desk:
        desk.clock.advance(timedelta(days=3))
    listed(played, who, "notice.delivered")
    assert steps(page(played, text))["moves"] == ("open", ""), "the first release was not theirs"
    with at(played, "zhouning") as desk:
        gate(desk, laws(played), DEAL)
        day = desk.today().isoformat()
    assert by_two(played, release_delta)["subjects"] >= 1
    shown = page(played, text)
    assert (shown["outlook"], shown["may_object"]) == ("moved", True)
    assert steps(shown)["moves"] == ("done", day)
    assert steps(shown)["answer"][0] == "done"
