"""G9, B2: an objection that arrives while the release is being prepared is honoured by the real release."""

import sqlite3
from pathlib import Path

import pytest

from custody.base import ids
from custody.base.errors import Refused
from custody.services.portal_answer import portal_answer
from custody.services.release import release
from tests.line.conftest import act
from tests.portal.answering import AGREED, shown_who
from tests.portal.closing import Interrupted, approved
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.tokens import token


def say(where: Path, text: str, question: str, what: str, proof: str = "") -> None:
    with at(where) as desk:
        portal_answer(desk, laws(where), text, proof, {"question": question, "act": what, "lang": "zh"})


def test_g9_an_objection_during_closing_is_honoured(played: Path):
    """It arrives after everybody was decided and before a key is written: one customer fewer is released, and the buyer's receipt agrees."""
    who = somebody(played, *AGREED, lacks=("objection", "consent.refused"))
    text = token(played, who)
    planned = approved(played)
    out = Interrupted(played / "handover", lambda: say(played, text, "objection", "objected"))
    with at(played, "zhouning") as desk:
        made = release(desk, laws(played), DEAL, out)
    store = sqlite3.connect(played / "seller" / "core.db")
    assert store.execute(
        "SELECT count(*) FROM evidence WHERE type = 'objection' AND subject = ?", (ids.subject_bytes(who),)
    ).fetchone() == (1,)
    store.close()
    code, taken = act(played, "buyer", "fanyuan", "receive", DEAL, "--at", played / "handover")
    assert code == 0, taken
    buyer = sqlite3.connect(played / "buyer" / "core.db")
    held = {row[0] for row in buyer.execute("SELECT id FROM subject")}
    buyer.close()
    assert ids.subject_bytes(who) not in held
    assert made["subjects"] < planned


def test_g9_more_than_was_approved_is_never_released(played: Path):
    """Somebody who no longer objects in between, which would release somebody more, stops the release until it is approved anew."""
    text = token(played, somebody(played, *AGREED, lacks=("objection", "consent.refused")))
    say(played, text, "objection", "objected")
    approved(played)
    proof = shown_who(played, text)
    out = Interrupted(played / "handover", lambda: say(played, text, "objection", "lifted", proof))
    with at(played, "zhouning") as desk, pytest.raises(Refused) as refused:
        release(desk, laws(played), DEAL, out)
    assert refused.value.slug == "release.moved"
    assert not (played / "handover" / "release-1" / "pages.bin").exists()


def test_g9_a_look_at_a_page_during_closing_changes_nothing(played: Path):
    """What decides nothing, like a new link, does not disturb the release."""
    planned = approved(played)
    out = Interrupted(played / "handover", lambda: token(played, somebody(played)))
    with at(played, "zhouning") as desk:
        assert release(desk, laws(played), DEAL, out)["subjects"] == planned
