"""B4: an answer to an access request holds what custody itself keeps about the person, and names no member of staff and no deal they do not know of."""

import json
from pathlib import Path

import pytest

from custody.services.portal_request import portal_request
from tests.portal.answering import answer, portal_value, shown_who
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at, laws, somebody
from tests.portal.test_request_answers import asked, packed
from tests.portal.tokens import token

__all__ = ["untold"]
WORDS = "MY-OWN-WORDS 改我的名字"


@pytest.mark.parametrize("kind", ["access", "copy"])
def test_b4_what_was_said_asked_and_told_is_in_it(played: Path, kind: str):
    """Answers with their receipts, the earlier one too; requests in the person's words; what is on file; links."""
    who = somebody(played, "notice.delivered", lacks=("objection",))
    text = token(played, who)
    proof = shown_who(played, text)
    first = answer(played, text, "objection", "objected")
    answer(played, text, "objection", "lifted")
    with at(played) as desk:
        made = portal_request(desk, laws(played), text, proof, {"kind": "correct", "note": WORDS})
    _, found = packed(played, asked(played, who, kind))
    own = json.loads(found.read("own.json"))
    assert [(one["question"], one["act"]) for one in own["answers"]][:2] == [("objection", "objected"), ("objection", "lifted")]  # fmt: skip
    assert own["answers"][0]["receipt"] == first["receipt"]
    (request,) = [one for one in own["requests"] if one["ref"] == made["ref"]]
    assert (request["note"], request["kind"]) == (WORDS, "correct")
    assert "notice.delivered" in {one["type"] for one in own["on_file"]}
    assert own["links"]
    assert b"own.json" in found.read("README.txt")
    whole = found.read("own.json").decode()
    assert not [name for name in ("zhouning", "suhe", "limo", "prn_") if name in whole]


def test_b4_what_was_told_is_in_it_in_both_languages(untold: Path):
    """The whole notice as it went, and none that was only planned."""
    who = somebody(untold, lacks=("objection",))
    planned(untold)
    _, before = packed(untold, asked(untold, who))
    assert json.loads(before.read("own.json"))["told"] == []
    with at(untold, "zhouning") as desk, desk.store.write() as tx:
        tx.change("sending", {"state": "sent", "at": "2026-04-20T10:00:00Z"}, state="planned")
        tx.change("sending", {"state": "posted", "at": "2026-04-20T10:00:00Z"}, state="no-address")
    _, after = packed(untold, asked(untold, who, "access"))
    (told,) = json.loads(after.read("own.json"))["told"]
    assert "privacy@zhiwei.example" in told["zh"]
    assert "Storing and using" in told["en"]


def test_b4_portability_moves_what_the_person_gave_and_nothing_of_ours(played: Path):
    """Another company gets no receipts and no requests."""
    who = somebody(played, "notice.delivered")
    assert portal_value(played, token(played, who))
    _, found = packed(played, asked(played, who, "portability"))
    assert "own.json" not in found.namelist()
