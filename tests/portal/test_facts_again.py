"""A7, B2: a correction changes a value and not where a person stands; a yes that counts no more is asked for anew."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.acts.guardians import named
from custody.base import canonical, ids
from custody.services.portal_answer import portal_answer
from custody.services.portal_correct import portal_correct
from custody.services.portal_prove import portal_prove
from custody.services.portal_request import portal_request
from custody.services.portal_show import portal_show
from custody.services.portal_undo import portal_undo
from custody.services.request_show import request_show
from custody.services.revise import Correction
from tests.portal.conftest import at, everybody, laws
from tests.portal.somebody import NUMBER, column, proven, put_right, values
from tests.portal.tokens import token

ADDRESS, BORN = "contact.address", "person.birth_date"
CLEARED = ("notice.delivered", "consent.separate", "consent.separate.sensitive")
NOES = ("objection", "consent.refused", "withdrawal")


def facts(where: Path, who: str) -> dict:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        row = store.execute("SELECT facts FROM subject WHERE id = ?", (ids.subject_bytes(who),)).fetchone()
    return json.loads(row[0])


def with_a_street(where: Path) -> str:
    """Somebody who may go, whose place no assumption of the rehearsal states, and who has a street address."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM evidence WHERE type LIKE 'assumed.%'")
    for who in everybody(where, *CLEARED, lacks=NOES):
        with at(where, "zhouning") as desk:
            held = values(desk, who)
        if len(held.get(NUMBER, ())) == 1 and held.get(ADDRESS):
            return who
    raise AssertionError


def test_a7_a_corrected_street_moves_nobody_out_of_the_sale(played: Path):
    """Their country stands elsewhere on file: facts and outlook are what they were, and are so again when it is taken back."""
    who = with_a_street(played)
    before, (text, proof) = facts(played, who), proven(played, who, "email")
    with at(played) as desk:
        outlook = portal_show(desk, laws(played), text, proof, "en")["outlook"]
        assert outlook in {"moves", "moves-in-part"}
        told = {"class": ADDRESS, "which": "0", "value": "浙江省杭州市西湖区文三路 99 号"}
        made = portal_correct(desk, laws(played), text, proof, told)
        assert made["did"] == "done"
        assert portal_show(desk, laws(played), text, proof, "en")["outlook"] == outlook
        assert facts(played, who) == before
        portal_undo(desk, laws(played), text, proof, made["corrections"][0])
        assert portal_show(desk, laws(played), text, proof, "en")["outlook"] == outlook
    assert facts(played, who) == before


def test_a7_what_no_row_says_any_more_is_unknown(played: Path):
    """A country that nobody can read is known from other rows; a date of birth that nobody can read is not, says so, and is known again when it is put right."""
    who = born = ""
    with at(played, "zhouning") as desk:
        for who in everybody(played, *CLEARED, lacks=NOES):
            held = values(desk, who)
            if len(held.get(NUMBER, ())) == 1 and BORN in held and "id.cn_resident" not in held:
                born = held[BORN][0]
                break
        before = facts(played, who)
        assert put_right(played, desk, who, written(desk, who, "contact.country", "?!"))["facts_unknown"] == []
        assert facts(played, who) == before
        gone = put_right(played, desk, who, written(desk, who, BORN, "?!"))["facts_unknown"]
        assert set(gone) == {name for name in before if name.startswith("turns_")} != set()
        assert not set(gone) & set(facts(played, who))
        assert put_right(played, desk, who, written(desk, who, BORN, born))["facts_unknown"] == []
    assert facts(played, who) == before


def written(desk: Desk, who: str, cls: str, value: str) -> Correction:
    return Correction("会员", None, column(desk, who, cls), value, "typo")


@pytest.fixture
def child(played: Path) -> str:
    """Somebody who turns 14 on 25 April, whom nobody has answered for yet."""
    for who in everybody(played, "notice.delivered", lacks=NOES):
        with at(played, "zhouning") as desk:
            held = values(desk, who)
        if len(held.get(NUMBER, ())) == 1:
            break
    born = {
        "turns_13_on": "2025-04-25",
        "turns_14_on": "2026-04-25",
        "turns_16_on": "2028-04-25",
        "turns_18_on": "2030-04-25",
    }
    mine = ids.subject_bytes(who)
    told = canonical.encode(facts(played, who) | born)
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.execute("DELETE FROM evidence WHERE subject = ? AND type LIKE 'consent%'", (mine,))
        store.execute("DELETE FROM answer WHERE subject = ?", (mine,))
        store.execute("UPDATE subject SET facts = ? WHERE id = ?", (told, mine))
    return who


def test_b2_whoever_turns_14_is_asked_themselves(played: Path, child: str):
    """What the guardian said speaks for them no more: the questions are open, their own yes is another one and clears."""
    text = token(played, child)
    with at(played, "zhouning") as desk:
        number = values(desk, child)[NUMBER][0]
    with at(played) as desk:
        book = laws(played)
        proof = str(portal_prove(desk, book, text, "customer-number", number)["proof"])
        asked = portal_show(desk, book, text, proof, "en")["asked"]
        for one in asked:
            told = {
                "question": one["question"],
                "act": "given",
                "lang": "en",
                "shown": one["shown"],
                "guardian": "Anna",
                "relation": "parent",
            }
            portal_answer(desk, book, text, proof, told)
        assert portal_show(desk, book, text, proof, "en")["asked"] == []
        desk.clock.advance(timedelta(days=10))
        proof = str(portal_prove(desk, book, text, "customer-number", number)["proof"])
        grown = portal_show(desk, book, text, proof, "en")
        assert not grown["child"]
        own = grown["asked"]
        assert {one["question"] for one in own} == {one["question"] for one in asked} - {"consent.guardian"}
        for one in own:
            told = {"question": one["question"], "act": "given", "lang": "en", "shown": one["shown"]}
            assert not portal_answer(desk, book, text, proof, told)["resumed"]
            assert portal_answer(desk, book, text, proof, told)["resumed"]
        done = portal_show(desk, book, text, proof, "en")
        assert (done["asked"], done["outlook"]) == ([], "moves")


def test_b3_blanks_of_a_chinese_keyboard_are_blanks(played: Path):
    """A guardian's name, a company and an address with U+3000 in them are what they say."""
    who = with_a_street(played)
    text, proof = proven(played, who, "email")
    with at(played) as desk:
        told = {"class": ADDRESS, "which": "0", "value": "浙江省　杭州市西湖区文三路 9 号"}
        assert portal_correct(desk, laws(played), text, proof, told)["did"] == "done"
        asked = portal_request(
            desk, laws(played), text, proof, {"kind": "portability", "controller": "青山　图书有限公司"}
        )
        assert asked["ref"]
    with at(played, "zhouning") as desk:
        assert "浙江省 杭州市西湖区文三路 9 号" in values(desk, who)[ADDRESS]
        assert request_show(desk, str(asked["ref"]))["controller"] == "青山 图书有限公司"
    assert named("张　三") == "张 三"
