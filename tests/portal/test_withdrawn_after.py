"""B2, B4: what somebody agreed to is taken back by the same link also once nothing of them is left at the seller, and the buyer hears it (decision 98)."""

import json
import sqlite3
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.base.canonical import unb64
from custody.base.errors import CustodyError
from custody.services.erase import erase
from custody.services.portal_answer import portal_answer
from custody.services.portal_late import portal_late
from custody.services.request_close import request_close
from custody.services.request_pass import request_pass
from custody.services.request_take import request_take
from custody.services.work_list import work_list
from tests.portal.answering import AGREED, answer, page
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.destroyed import accounted, delivered, gone
from tests.portal.passed_on import buyer
from tests.portal.requesting import faults
from tests.portal.tokens import token

SEVERAL = 6
"""Of some a part stays by law."""
CODE = "consent.separate"
FREE = ("objection", "consent.refused", "withdrawal")


def agreed(where: Path, many: int = 1) -> list[tuple[str, str, str]]:
    """Some who said yes on their page and will move, each with their link and the number of their receipt."""
    found = islice(everybody(where, *AGREED, lacks=FREE), many)
    told = [(who, token(where, who)) for who in found]
    return [(who, text, str(answer(where, text, CODE, "given")["record"])) for who, text in told]


def of(told: dict, code: str = CODE) -> dict:
    (found,) = [one for one in told["answers"] if one["question"] == code]
    return found


def entries(where: Path) -> list[dict]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        return [json.loads(one) for (one,) in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]


def at_buyer(where: Path, who: str) -> set[tuple[str, str]]:
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        rows = store.execute("SELECT question, act FROM answer WHERE subject = ?", (ids.subject_bytes(who),))
        return set(rows.fetchall())


def test_b2_after_the_destruction_a_yes_is_taken_back_by_its_link_and_the_buyer_hears_it(played: Path):
    """The receipts stay on the page; one press withdraws, signed; it is work that names the deal; passed, taken and settled it has ended, and the buyer has it on file."""
    some, folder = agreed(played, SEVERAL), wiring.folder(played / "handover")
    delivered(played)
    accounted(played)
    gone(played)
    who, text, number = next(one for one in some if page(played, one[1])["outlook"] == "gone")
    before = page(played, text)
    assert (before["outlook"], before["held"], before["asked"]) == ("gone", [], [])
    assert (of(before)["act"], of(before)["record"]) == ("given", number)
    assert of(before)["receipt"]

    made = answer(played, text, CODE, "withdrawn")
    assert (made["record"], made["version"], made["outlook"]) == (number, 2, "gone")
    receipt = json.loads(unb64(str(made["receipt"])))
    said = json.loads(unb64(receipt["payload"]))["predicate"]
    old = json.loads(unb64(json.loads(unb64(str(of(before)["receipt"])))["payload"]))["predicate"]
    assert (said["act"], said["text"], said["categories"]) == ("withdrawn", old["text"], old["categories"])
    assert answer(played, text, CODE, "withdrawn")["resumed"]
    assert of(page(played, text))["act"] == "withdrawn"
    last = [one for one in entries(played) if one["kind"] in {"answered", "request-received"}][-2:]
    assert who not in json.dumps(last)

    ref = str(made["request"])
    with at(played, "zhouning") as desk:
        (work,) = [one for one in work_list(desk, "")["work"] if one["work"] == ref]
        assert (work["kind"], work["pass_to"]) == ("request", DEAL)
    with at(played, "zhouning") as desk:
        assert faults(lambda: request_close(desk, laws(played), ref, "granted", "")) == "request.elsewhere"
        assert request_pass(desk, DEAL, folder)["requests"] == 1
        (work,) = [one for one in work_list(desk, "")["work"] if one["work"] == ref]
        assert "pass_to" not in work
    with buyer(played) as desk:
        assert request_take(desk, laws(played), DEAL, folder)["taken"] == 1
    assert ("consent.carried", "withdrawn") in at_buyer(played, who)


def test_b2_past_its_time_too_and_after_an_erasure(played: Path):
    """A link whose time is over opens the yes of who is gone and takes it back; of whoever was erased before anything went nothing is passed."""
    ((who, text, _),) = agreed(played)
    delivered(played)
    with at(played, "zhouning") as desk:
        erase(desk, [who], None)
    rules, word = laws(played), {"question": CODE, "lang": "en"}
    with at(played) as desk:
        desk.clock.advance(timedelta(days=61))
        told = portal_late(desk, rules, text, "en")
        assert of(told)["stands"]
        for act in ("given", "refused"):
            with pytest.raises(CustodyError) as error:
                portal_answer(desk, rules, text, "", {**word, "act": act})
            assert error.value.slug in {"portal.link", "portal.answer"}
        made = portal_answer(desk, rules, text, "", {**word, "act": "withdrawn"})
        assert made["request"]
        assert not of(portal_late(desk, rules, text, "en"))["stands"]


def test_b2_who_was_erased_before_anything_went_takes_it_back_and_nothing_is_passed(played: Path):
    """The buyer never hears of them."""
    ((who, text, _),) = agreed(played)
    with at(played, "zhouning") as desk:
        erase(desk, [who], None)
    delivered(played)
    assert page(played, text)["outlook"] == "deleted"
    made = answer(played, text, CODE, "withdrawn")
    assert "request" not in made
    with at(played, "zhouning") as desk:
        assert request_pass(desk, DEAL, wiring.folder(played / "handover"))["requests"] == 0
