"""G9, B2: an objection that arrives while the release is being prepared is honoured by the real release."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from custody import wiring
from custody.base import ids
from custody.base.errors import Refused
from custody.services.approve import approve
from custody.services.portal_answer import portal_answer
from custody.services.release import release
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.test_answers import AGREED, shown_who
from tests.portal.test_links import token


class Interrupted:
    """The hand-over folder; when the invitation is read, after everybody was decided, something happens elsewhere."""

    def __init__(self, folder: Path, what: Any) -> None:
        self._files, self._what = wiring.folder(folder), what

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def read(self, name: str) -> bytes:
        if name == "invite.dsse.json" and self._what:
            what, self._what = self._what, None
            what()
        return self._files.read(name)


def say(where: Path, text: str, question: str, what: str, proof: str = "") -> None:
    with at(where) as desk:
        portal_answer(desk, laws(where), text, proof, {"question": question, "act": what, "lang": "zh"})


def approved(where: Path) -> int:
    """A second person approves what a dry run told; how many customers that was."""
    folder = wiring.folder(where / "handover")
    with at(where, "zhouning") as desk:
        dry = release(desk, laws(where), DEAL, folder, dry_run=True)
    with at(where, "suhe") as desk:
        approve(desk, *dry["would"]["approve"])
    return int(dry["subjects"])


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
