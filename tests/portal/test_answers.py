"""B2: answers are versioned, signed, separate, as easy to take back as to give; the gate reads them at once."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from custody.acts.asking import cooled_off
from custody.base import ids
from custody.base.canonical import b64, unb64
from custody.base.clock import parse
from custody.base.errors import CustodyError
from custody.services.answers_take import answers_take
from custody.services.consent_record import consent_record
from custody.services.gate import gate
from custody.services.portal_prove import portal_prove
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from custody.services.verify import verify
from custody.web.portal.tags import planned
from tests.portal.answering import (
    AGREED,
    ANSWERED,
    ONE_OPEN,
    ROOT,
    answer,
    asked,
    child,
    evidence,
    page,
    portal_value,
    shown_who,
    where_to,
)
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.tokens import token

BY_PHONE = {"kind": "object", "channel": "desk", "proof": "in-person"}


def refused(where: Path, *words: str, **more: str) -> str:
    with pytest.raises(CustodyError) as error:
        answer(where, *words, **more)
    return error.value.slug


@pytest.fixture
def silent(played: Path) -> tuple[str, str]:
    """Somebody who was told and owes one answer, and their link."""
    who = somebody(played, *ONE_OPEN, lacks=ANSWERED)
    return who, token(played, who)


def test_b2_silence_is_no_consent_and_nothing_is_answered_beforehand(played: Path, silent: tuple[str, str]):
    """Whoever was told and is silent has the question open, and nobody of them moves."""
    assert page(played, silent[1])["outlook"] == "waits"
    for who in everybody(played, "notice.delivered", lacks=ANSWERED):
        text = token(played, who)
        assert "consent.separate" in asked(played, text)
        assert page(played, text)["outlook"] in {"waits", "stays"}


def test_b3_nobody_who_is_asked_nothing_is_told_that_their_silence_keeps_it(played: Path):
    """While the notice is on its way it is not decided; it moves then without a word of theirs, so the page never called it theirs to decide."""
    who, text = next((who, text) for who in everybody(played, "notice.delivered") if (text := token(played, who))
                     and page(played, text)["outlook"] == "moves")  # fmt: skip
    with sqlite3.connect(played / "seller" / "core.db") as store:
        mine = ids.subject_bytes(who), "notice.delivered"
        kept = store.execute("SELECT * FROM evidence WHERE subject = ? AND type = ?", mine).fetchall()
        store.execute("DELETE FROM evidence WHERE subject = ? AND type = ?", mine)
    told = page(played, text)
    assert (told["outlook"], told["asked"]) == ("not-yet", [])
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.executemany(f"INSERT INTO evidence VALUES ({','.join('?' * len(kept[0]))})", kept)
    assert page(played, text)["outlook"] == "moves"


def test_b2_yes_no_and_taking_back_reach_the_gate(played: Path, silent: tuple[str, str]):
    """After each answer the next gate decides by it, and no evidence of the answer before is left."""
    who, text = silent
    seen = []
    for act in ("given", "withdrawn", "given", "refused", "given"):
        told = answer(played, text, "consent.separate", act)
        with at(played, "zhouning") as desk:
            counts = gate(desk, laws(played), DEAL)["by_verdict"]
        seen.append(
            (
                where_to(told),
                counts["hand_over"],
                sorted(kind for _, kind in evidence(played, who) if "separate" not in kind and "guardian" not in kind),
            )
        )
    more = seen[0][1]
    assert seen == [
        ("moves", more, []),
        ("stays", more - 1, ["withdrawal"]),
        ("moves", more, []),
        ("stays", more - 1, ["consent.refused"]),
        ("moves", more, []),
    ]


def test_b2_the_same_answer_again_changes_nothing(played: Path, silent: tuple[str, str]):
    """A form sent twice is one answer."""
    first = answer(played, silent[1], "consent.separate", "refused")
    again = answer(played, silent[1], "consent.separate", "refused")
    assert (first["resumed"], again["resumed"]) == (False, True)
    assert first["receipt"] == again["receipt"]
    with at(played, "zhouning") as desk:
        assert len(consent_record(desk, DEAL, silent[0])["records"][0]["events"]) == 1


def test_b2_an_objection_wins_until_it_is_lifted(played: Path, silent: tuple[str, str]):
    """Objecting and no longer objecting are one step each; a yes does not undo an objection."""
    _, text = silent
    assert answer(played, text, "objection", "objected")["outlook"] == "stays"
    assert answer(played, text, "consent.separate", "given")["outlook"] == "stays"
    assert where_to(answer(played, text, "objection", "lifted")) == "moves"


def test_b4_an_objection_taken_back_ends_its_request_and_the_gate_agrees(played: Path, silent: tuple[str, str]):
    """At the seller, by whatever way it came: it goes on until the person proves who they are; then the gate and the list say the same."""
    who, text = silent
    answer(played, text, "consent.separate", "given")
    with at(played, "zhouning") as desk:
        before = gate(desk, laws(played), DEAL)["by_verdict"]
        ref = request_new(desk, laws(played), DEAL, who, {**BY_PHONE, "note": ""})["ref"]
    answer(played, text, "objection", "objected")
    with at(played, "zhouning") as desk:
        assert gate(desk, laws(played), DEAL)["by_verdict"]["hand_over"] == before["hand_over"] - 1
    assert refused(played, text, "objection", "lifted", "") == "portal.proof"
    assert answer(played, text, "objection", "lifted")["ended"] == [ref]
    with at(played, "zhouning") as desk:
        assert request_list(desk, "withdrawn")["counts"] == {"withdrawn": 1}
        assert gate(desk, laws(played), DEAL)["by_verdict"] == before
    assert [one["state"] for one in page(played, text)["requests"]] == ["withdrawn"]


def test_b4_an_objection_from_the_page_is_a_request_with_its_clock(played: Path, silent: tuple[str, str]):
    """The gate honours it at once; the row waits for somebody to answer; whoever takes it back and shows who they are ends it."""
    _, text = silent
    ref = answer(played, text, "objection", "objected")["request"]
    assert answer(played, text, "objection", "objected")["resumed"] is True
    with at(played, "zhouning") as desk:
        (asked,) = request_list(desk, None)["requests"]
    assert (asked["ref"], asked["kind"], asked["channel"], asked["state"]) == (ref, "object", "portal", "open")
    assert answer(played, text, "objection", "lifted")["ended"] == [ref]
    assert [one["state"] for one in page(played, text)["requests"]] == ["withdrawn"]


def test_b2_a_forwarded_link_loosens_nothing(played: Path, silent: tuple[str, str]):
    """By the link alone a no is said, at once and in one step; no yes and no taking back, in any order, and the gate stays where it was."""
    who, text = silent
    assert refused(played, text, "consent.separate", "given", "") == "portal.proof"
    assert answer(played, text, "consent.separate", "refused", "")["act"] == "refused"
    assert refused(played, text, "consent.separate", "given", "") == "portal.proof"
    assert answer(played, text, "objection", "objected", "")["act"] == "objected"
    assert refused(played, text, "objection", "lifted", "") == "portal.proof"
    kept = evidence(played, who)
    assert {kind for _, kind in kept} == {"consent.refused", "objection", *({kind for _, kind in kept} & set(ONE_OPEN))}
    other = token(played, next(one for one in everybody(played) if one != who))
    wrong = shown_who(played, other)
    assert refused(played, text, "objection", "lifted", wrong) == "portal.proof"
    assert page(played, text)["outlook"] == "stays"
    given = answer(played, text, "consent.separate", "given")
    assert json.loads(unb64(json.loads(unb64(given["receipt"]))["payload"]))["predicate"]["proof"][0] == "link"
    assert answer(played, text, "consent.separate", "withdrawn", "")["act"] == "withdrawn"


def test_b2_a_no_to_the_sensitive_part_leaves_the_rest(played: Path):
    """Separate questions are answered apart: one no, one yes, and the person moves in part."""
    text = token(played, somebody(played, *AGREED, lacks=("objection", "consent.refused")))
    assert where_to(page(played, text)) == "moves"
    answer(played, text, "consent.separate.sensitive", "given")
    told = answer(played, text, "consent.separate.sensitive", "refused")
    shown = page(played, text)
    assert told["outlook"] in {"moves-in-part", "stays"}
    assert next(one for one in shown["answers"] if one["question"] == "consent.separate")["act"] == "given"


def test_b2_a_blanket_no_is_cut_down_by_a_yes_and_no_further(played: Path):
    """Somebody who refused everything by letter and agrees to one question here stays out for the rest."""
    who = somebody(played, "notice.delivered", "consent.refused", lacks=("objection",))
    text = token(played, who)
    assert page(played, text)["asked"] == []
    told = answer(played, text, "consent.separate", "given")
    assert (-1, "consent.refused") not in evidence(played, who)
    assert where_to(told) in {"moves", "waits"}


def test_b2_a_refusal_is_not_asked_again_within_the_cool_off(played: Path, silent: tuple[str, str]):
    """It stands under what was answered, with the day before which nobody asks; the person may change it."""
    answer(played, silent[1], "consent.separate", "refused")
    shown = page(played, silent[1])
    assert shown["asked"] == []
    assert shown["answers"][-1]["again_from"][:10] == "2027-04-20" or any(
        one["again_from"][:4] == "2027" for one in shown["answers"]
    )


def test_b2_a_second_refusal_begins_the_cool_off_anew(played: Path, silent: tuple[str, str]):
    """Asked again after a year, the same no is another answer: it is not asked again the next day."""
    who, text = silent
    answer(played, text, "consent.separate", "refused")
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        tx.change("answer", {"at": "2024-01-01T00:00:00Z"}, subject=ids.subject_bytes(who), question="consent.separate")
    assert [one["question"] for one in page(played, text)["asked"]] == ["consent.separate"]
    told = answer(played, text, "consent.separate", "refused")
    assert (told["resumed"], told["version"]) == (False, 2)
    assert page(played, text)["asked"] == []
    assert answer(played, text, "consent.separate", "refused")["resumed"] is True


def test_b2_a_no_by_list_over_a_yes_stands_on_the_page_until_a_new_yes(played: Path, silent: tuple[str, str]):
    """The page says what the gate holds; who says yes again, proven, has a new answer with its own receipt."""
    who, text = silent
    answer(played, text, "consent.separate", "given")
    with at(played, "zhouning") as desk:
        answers_take(desk, laws(played), DEAL, f"subject,answer\n{who},consent.refused\n".encode())
    shown = page(played, text)
    assert where_to(shown) == "stays"
    assert {one["act"] for one in shown["answers"] if one["question"].startswith("consent.")} == {"refused"}
    told = answer(played, text, "consent.separate", "given")
    assert (told["resumed"], told["version"]) == (False, 2)
    assert (-1, "consent.refused") not in evidence(played, who)
    assert next(one for one in page(played, text)["answers"] if one["question"] == "consent.separate")["act"] == "given"


def test_b2_what_was_never_asked_cannot_be_answered(played: Path, silent: tuple[str, str]):
    """Neither an unknown code, nor a word that is no answer, nor taking back what was not given."""
    assert refused(played, silent[1], "consent.nothing", "given") == "portal.question"
    assert refused(played, silent[1], "consent.separate", "objected") == "portal.answer"
    assert refused(played, silent[1], "consent.separate", "withdrawn") == "portal.answer"
    assert refused(played, silent[1], "objection", "given") == "portal.answer"


def test_b2_a_receipt_verifies_offline_and_names_nobody(played: Path, silent: tuple[str, str], tmp_path: Path):
    """`custody-verify` checks both signatures against the card; a changed byte is refused; no id and no value of the person is in it."""
    who, text = silent
    receipt = unb64(answer(played, text, "consent.separate", "given")["receipt"])
    file, card = tmp_path / "receipt.dsse.json", played / "handover" / "cards" / "seller.json"
    file.write_bytes(receipt)
    words = [sys.executable, "-m", "custody.cli.bare", str(file), "--trust", str(card), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["trust"]) == (0, True, "pinned")
    payload = unb64(json.loads(receipt)["payload"])
    assert who.encode() not in payload
    assert payload.count(b'"given"') == 1
    changed = json.loads(receipt)
    changed["payload"] = b64(payload.replace(b'"given"', b'"refused"'))
    file.write_bytes(json.dumps(changed, sort_keys=True, separators=(",", ":")).encode())
    assert [fault.kind for fault in verify([file]).faults] == ["signature"]
    altered = json.loads(receipt)
    altered["payload"] = (
        altered["payload"][:40] + ("A" if altered["payload"][40] != "A" else "B") + altered["payload"][41:]
    )
    file.write_bytes(json.dumps(altered, sort_keys=True, separators=(",", ":")).encode())
    assert not verify([file]).ok


def test_b2_records_have_the_form_of_the_schema(played: Path, silent: tuple[str, str]):
    """A record of several answers is valid against spec/consent.schema.json, each answer naming the one before."""
    who, text = silent
    for act in ("given", "withdrawn", "refused"):
        answer(played, text, "consent.separate", act)
    answer(played, text, "objection", "objected")
    schema = json.loads((ROOT / "spec" / "consent.schema.json").read_text(encoding="utf-8"))
    with at(played, "zhouning") as desk:
        told = consent_record(desk, DEAL, who)
    assert told["count"] == 2
    for record in told["records"]:
        jsonschema.validate(record, schema)
    states = [one["event_state"] for one in next(r for r in told["records"] if len(r["events"]) == 3)["events"]]
    assert states == ["given", "withdrawn", "refused"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told["records"][0], "more": 1}, schema)


def test_b2_a_record_that_was_changed_in_the_store_does_not_speak(played: Path, silent: tuple[str, str]):
    """The receipts are verified again whenever the record is asked for."""
    answer(played, silent[1], "consent.separate", "given")
    store = sqlite3.connect(played / "seller" / "core.db")
    (kept,) = store.execute("SELECT receipt FROM answer").fetchone()
    envelope = json.loads(kept)
    envelope["payload"] = envelope["payload"][:-8] + "AAAAAAAA"
    store.execute(
        "UPDATE answer SET receipt = ?", (json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode(),)
    )
    store.commit()
    store.close()
    with at(played, "zhouning") as desk, pytest.raises(CustodyError):
        consent_record(desk, DEAL, silent[0])


def test_b2_only_a_guardian_says_yes_for_a_child(played: Path):
    """Relation, name and a second factor are asked for a yes; a no takes the link alone. The name is in no table and no receipt."""
    who = child(played)
    text = token(played, who)
    assert page(played, text)["child"] is True
    assert refused(played, text, "consent.guardian", "given", "") == "portal.proof"
    answer(played, text, "objection", "objected")
    with at(played) as desk:
        on_file = portal_value(played, text)
        proof = portal_prove(desk, laws(played), text, *on_file)["proof"]
    answer(played, text, "objection", "lifted", proof, relation="parent", guardian="欧阳监护")
    assert refused(played, text, "consent.guardian", "given", proof) == "portal.guardian"
    assert (
        refused(played, text, "consent.guardian", "given", proof, relation="owner", guardian="x") == "portal.guardian"
    )
    told = answer(played, text, "consent.guardian", "given", proof, relation="parent", guardian="欧阳监护")
    says = json.loads(unb64(json.loads(unb64(told["receipt"]))["payload"]))["predicate"]
    assert (says["capacity"], says["relation"], says["proof"][0]) == ("guardian", "parent", "link")
    for file in (played / "seller").glob("core.db*"):
        assert "欧阳监护".encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("no", "again"),
    [("2027-06-01T03:00:00Z", "2028-06-01T03:00:00Z"), ("2028-02-29T03:00:00Z", "2029-03-01T03:00:00Z")],
)
def test_b2_a_no_cools_off_for_twelve_months(no: str, again: str):
    """Months, not days: a year with a 29 February in it is no day shorter."""
    assert cooled_off(parse(no)) == parse(again)


@pytest.mark.parametrize(
    ("lang", "now", "shown"),
    [("zh", "2026-04-20", "2027年7月20日"), ("en", "2026-04-20", "20 July 2027"), ("en", "2027-04-20", "20 July")],
)
def test_b3_a_planned_day_of_another_year_says_which(lang: str, now: str, shown: str):
    """By the year of the page's own moment."""
    assert planned("2027-07-20", now, lang) == shown
