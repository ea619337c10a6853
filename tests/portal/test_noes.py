"""B4, G9: a no is an answer by whatever channel it comes: on file for the gate when the request is, at the seller and at the buyer."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.asking import newest
from custody.acts.matters import deal
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import unb64
from custody.base.clock import stamp
from custody.services.answers_take import answers_take
from custody.services.consent_import import consent_import
from custody.services.portal_answer import portal_answer
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_take import request_take
from tests.line.conftest import act
from tests.portal.answering import AGREED
from tests.portal.both_proofs import with_both
from tests.portal.closing import Interrupted, approved
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.consent_lists import listed
from tests.portal.passed_on import buyer, released
from tests.portal.somebody import NUMBER
from tests.portal.tokens import token

NO = {"kind": "object", "channel": "desk", "proof": "in-person", "note": "请不要移交"}
BACK = {"kind": "withdraw_consent", "channel": "desk", "proof": "in-person", "note": ""}


def asked(where: Path, who: str, given: dict[str, str]) -> dict:
    """Taken down by somebody of the company."""
    with at(where, "zhouning") as desk:
        return dict(request_new(desk, laws(where), DEAL, who, given))


def on_file(where: Path, who: str, side: str = "seller") -> dict[str, str]:
    """{question: how it is answered} of one person."""
    with buyer(where) if side == "buyer" else at(where, "zhouning") as desk, desk.store.read() as tx:
        rows = newest(tx, str(deal(desk, tx, DEAL)["id"]), ids.subject_bytes(who))
    return {code: str(row["act"]) for code, row in rows.items()}


def test_b4_an_objection_at_the_desk_is_on_file_with_its_receipt(played: Path):
    """The same no as on the page: once, signed, with its channel and proof; said again it is the same request and the same answer."""
    who = somebody(played, *AGREED, lacks=("objection", "consent.refused"))
    assert asked(played, who, NO)["answered"] == ["objection"]
    assert "answered" not in asked(played, who, {**NO, "note": ""})
    assert on_file(played, who)["objection"] == "objected"
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        (row,) = tx.find("answer", subject=ids.subject_bytes(who), question="objection")
        (open_request,) = tx.find("request", subject=ids.subject_bytes(who), kind="object")
    said = json.loads(unb64(json.loads(row["receipt"])["payload"]))["predicate"]
    assert (said["expression"], said["proof"], said["act"]) == ("desk", ["in-person"], "objected")
    assert open_request["state"] == "open", "somebody says what became of it"


def by_letter(where: Path, who: str, number: str) -> None:
    """With the customer number that is on file."""
    asked(where, who, {**NO, "channel": "letter", "proof": "customer-number", "said": f"customer-number,{number}"})


def by_list(where: Path, who: str, _: str) -> None:
    """From the list of a call centre."""
    with at(where, "zhouning") as desk:
        answers_take(desk, laws(where), DEAL, f"subject,answer\n{who},objection\n".encode())


def by_record(where: Path, who: str, _: str) -> None:
    """From the list of another system that asked for both consents."""
    with at(where, "zhouning") as desk:
        said = {"subject": who, "act": "withdrawn", "at": stamp(desk.clock.now()), "version": "s1"}
        codes = ("consent.separate", "consent.separate.sensitive")
        told = consent_import(desk, laws(where), DEAL, listed(*({**said, "question": code} for code in codes)))
    assert told["taken"] == 2


@pytest.mark.parametrize(
    "say",
    [lambda where, who, _: asked(where, who, NO), by_letter, by_list, by_record],
    ids=["desk", "letter", "list", "record"],
)
def test_g9_an_objection_during_closing_is_honoured_by_every_channel(
    played: Path, say: Callable[[Path, str, str], object]
):
    """It is taken down after everybody was decided and before a key is written: that customer's key is not released."""
    agreed = set(everybody(played, *AGREED, lacks=("objection", "consent.refused")))
    who, mine = next((who, mine) for who, mine in with_both(played) if who in agreed)
    planned = approved(played)
    out = Interrupted(played / "handover", lambda: say(played, who, mine[NUMBER]))
    with at(played, "zhouning") as desk:
        made = release(desk, laws(played), DEAL, out)
    assert made["subjects"] < planned
    code, taken = act(played, "buyer", "fanyuan", "receive", DEAL, "--at", played / "handover")
    assert code == 0, taken
    with sqlite3.connect(played / "buyer" / "core.db") as store:
        held = {row[0] for row in store.execute("SELECT id FROM subject")}
    assert ids.subject_bytes(who) not in held


def test_b4_a_withdrawal_at_the_desk_takes_each_consent_back(played: Path):
    """Every consent that stood is withdrawn; where none stood it is the no to everything."""
    who = somebody(played, "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
    answered = asked(played, who, BACK)["answered"]
    assert "consent.separate" in answered
    assert {on_file(played, who)[code] for code in answered} == {"withdrawn"}
    other = somebody(played, lacks=("consent.separate", "consent.separate.sensitive", "consent.guardian", "withdrawal"))
    assert asked(played, other, BACK)["answered"] == ["withdrawal"]


@pytest.mark.parametrize(("said", "kind"), [("objection", "object"), ("withdrawal", "withdraw_consent")])
def test_b4_a_no_by_list_is_a_request_with_its_clock(played: Path, said: str, kind: str):
    """As by any other channel: an answer with its receipt, which names the list, and one request with the clock of its law; the list again opens no second one."""
    who = somebody(played, "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
    data = f"subject,answer\n{who},{said}\n".encode()
    with at(played, "zhouning") as desk:
        made = answers_take(desk, laws(played), DEAL, data)
        again = answers_take(desk, laws(played), DEAL, data)
        (row,) = [one for one in request_list(desk, None)["requests"] if (one["subject"], one["kind"]) == (who, kind)]
        with desk.store.read() as tx:
            answers = newest(tx, str(deal(desk, tx, DEAL)["id"]), ids.subject_bytes(who))
        assert (made["requests"], again["requests"], again["resumed"]) == (1, 0, True)
        assert (row["state"], row["channel"], bool(row["due_at"] or row["advised_at"])) == ("open", "list", True)
        receipt = answers["objection" if said == "objection" else "consent.separate"]
        says = json.loads(unb64(json.loads(receipt["receipt"])["payload"]))["predicate"]
        assert (says["expression"], says["proof"], says["evidence"]) == ("list", ["list"], sha256(data))
    with at(played, "suhe") as desk:
        request_close(desk, laws(played), row["ref"], "granted", "")
    with at(played, "zhouning") as desk:
        assert answers_take(desk, laws(played), DEAL, data)["requests"] == 0, "somebody saw to it"


@pytest.mark.parametrize(
    ("no", "question", "answer"), [(NO, "objection.use", "objected"), (BACK, "consent.carried", "withdrawn")]
)
def test_b4_a_no_that_goes_on_at_the_buyer_binds_the_buyer(played: Path, no: dict, question: str, answer: str):
    """After the release it comes with the bundle: whoever has the data now has the no on file, and asks nobody to enter it again."""
    who, _ = released(played)
    asked(played, who, no)
    folder = wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        request_pass(desk, DEAL, folder)
    with buyer(played) as desk:
        assert request_take(desk, laws(played), DEAL, folder)["taken"] == 2
        kinds = {one["kind"] for one in request_list(desk, None)["requests"] if one["subject"] == who}
    assert no["kind"] in kinds
    assert on_file(played, who, "buyer") == {question: answer}


def test_b4_a_consent_taken_back_on_the_page_after_the_keys_went_reaches_the_buyer(played: Path):
    """As at the desk: a request of its own that goes on at who has the data; before the release the answer alone is enough."""
    who, _ = released(played)
    text = token(played, who)
    with at(played) as desk:
        told = portal_answer(
            desk, laws(played), text, "", {"question": "consent.separate", "act": "withdrawn", "lang": "zh"}
        )
    folder = wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        (row,) = [one for one in request_list(desk, None)["requests"] if one["ref"] == told["request"]]
        assert (row["kind"], row["state"]) == ("withdraw_consent", "open")
        assert request_pass(desk, DEAL, folder)["requests"] == 2
    with buyer(played) as desk:
        assert request_take(desk, laws(played), DEAL, folder)["taken"] == 2
