"""B2: a guardian's yes counts once staff saw a paper, of exactly that guardian; a no counts at once (spec/consent.md §8)."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from custody.acts import lawbook
from custody.acts.deciding import decide_one
from custody.base import ids
from custody.base.canonical import unb64
from custody.base.errors import CustodyError, Refused
from custody.services.answers_take import answers_take
from custody.services.gate import gate
from custody.services.guardian_doubt import guardian_doubt
from custody.services.guardian_prove import guardian_prove
from tests.portal.answering import answer, page
from tests.portal.conftest import DEAL, at, laws
from tests.portal.guarding import NAME, says, silent
from tests.portal.test_guardian_papers import png
from tests.portal.tokens import token

PAPER = {"document": "birth-certificate", "relation": "parent", "name": NAME}
RELATION = "guardian.relation"


@pytest.fixture
def whose(played: Path) -> str:
    """A child of whom nobody said anything yet, and no paper was seen."""
    return silent(played)


def stands(where: Path, who: str) -> tuple[set[str], set[str]]:
    """(verdicts, what is missing) of that child as the gate decides now."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        (matter,), (row,) = tx.find("matter", ref=DEAL), tx.find("subject", id=ids.subject_bytes(who))
        made = decide_one(tx, matter, lawbook.packs(laws(where)), desk.clock.now().date(), row)
    return {one.verdict for one in made.values()}, {
        code for one in made.values() for why in one.reasons for code in why.missing
    }


def proven(where: Path, who: str, **more: str) -> dict:
    """Seen by two people."""
    with at(where, "suhe") as desk:
        try:
            guardian_prove(desk, DEAL, who, {**PAPER, **more}, png())
        except Refused as error:
            if error.slug != "guardian.second":
                raise
    with at(where, "zhouning") as desk:
        return dict(guardian_prove(desk, DEAL, who, {**PAPER, **more}, png()))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def test_b2_a_guardians_yes_waits_for_the_paper(played: Path, whose: str):
    """Said with the second factor it waits, and the gate and the page say for what; the paper clears it, doubting the paper makes it wait again."""
    assert stands(played, whose)[1] >= {"consent.guardian", RELATION}
    says(played, whose, "given")
    verdicts, missing = stands(played, whose)
    assert RELATION in missing
    assert "consent.guardian" not in missing
    assert "hand_over" not in verdicts
    assert page(played, token(played, whose))["unproven"] is True
    with at(played, "zhouning") as desk:
        told = gate(desk, laws(played), DEAL)["reasons"]
    assert [one["count"] for one in told if one["rule"] == "CN-MINOR-31" and RELATION in one["missing"]]
    made = proven(played, whose)
    assert RELATION not in stands(played, whose)[1]
    assert page(played, token(played, whose))["unproven"] is False
    for file in (played / "seller").glob("core.db*"):
        assert NAME.encode() not in file.read_bytes()
    store = sqlite3.connect(played / "seller" / "core.db")
    entry = json.loads(
        store.execute(
            "SELECT entry FROM ledger_entry WHERE position = ?", (int(made["ledger"].rpartition("@")[2]),)
        ).fetchone()[0]
    )
    store.close()
    assert entry["kind"] == "guardian-proven"
    assert made["sha256"] in json.dumps(entry)
    with at(played, "zhouning") as desk:
        assert refused(lambda: guardian_doubt(desk, DEAL, whose, "no")) == "evidence.reason"
        guardian_doubt(desk, DEAL, whose, "the register shows another guardian")
        assert (
            refused(lambda: guardian_doubt(desk, DEAL, whose, "the register shows another guardian"))
            == "guardian.unseen"
        )
    assert RELATION in stands(played, whose)[1]


def test_b2_a_paper_speaks_for_the_guardian_it_names_alone(played: Path, whose: str):
    """Another's paper is refused while a yes stands; another's yes after the paper was seen makes it wait again."""
    says(played, whose, "given")
    assert refused(lambda: proven(played, whose, name="张三")) == "guardian.other"
    proven(played, whose, name=" 欧阳\u3000监护 ")
    assert RELATION not in stands(played, whose)[1]
    says(played, whose, "withdrawn")
    says(played, whose, "given", "张三")
    assert RELATION in stands(played, whose)[1]


def test_b2_a_name_put_right_is_another_answer(played: Path, whose: str):
    """A typing error is mended by saying yes again: the newest name is the one that the paper must show; the same name, however written, is the same answer."""
    text = token(played, whose)
    says(played, whose, "given", "张·三")
    says(played, whose, "given", "Maria José")
    says(played, whose, "given", " maria JOSÉ")
    with sqlite3.connect(played / "seller" / "core.db") as store:
        (versions,) = store.execute(
            "SELECT count(*) FROM answer WHERE subject = ? AND question = 'consent.guardian'",
            (ids.subject_bytes(whose),),
        ).fetchone()
    assert versions == 2
    assert refused(lambda: proven(played, whose, name="张·三")) == "guardian.other"
    proven(played, whose, name="Maria José")
    assert RELATION not in stands(played, whose)[1]
    assert page(played, text)["unproven"] is False


def test_b2_a_no_is_taken_back_for_a_child_by_a_guardian_alone(played: Path, whose: str):
    """It loosens as a yes does: name and relation are asked, the receipt says guardian, and another's word takes the seen paper off the file."""
    says(played, whose, "given")
    proven(played, whose)
    text = token(played, whose)
    answer(played, text, "objection", "objected")
    assert refused(lambda: answer(played, text, "objection", "lifted")) == "portal.guardian"
    made = answer(played, text, "objection", "lifted", guardian=NAME, relation="parent")
    said = json.loads(
        unb64(json.loads(unb64(made["receipt"]))["payload"].rstrip("=").replace("+", "-").replace("/", "_"))
    )
    assert (said["predicate"]["capacity"], said["predicate"]["relation"]) == ("guardian", "parent")
    assert RELATION not in stands(played, whose)[1]
    answer(played, text, "objection", "objected")
    answer(played, text, "objection", "lifted", guardian="张三", relation="parent")
    assert RELATION in stands(played, whose)[1]


def test_b2_a_paper_does_not_outlive_the_guardians_no(played: Path, whose: str):
    """Whoever has the link could type the same name: after it was taken back a yes waits for a paper that is seen anew."""
    says(played, whose, "given")
    proven(played, whose)
    assert RELATION not in stands(played, whose)[1]
    says(played, whose, "withdrawn")
    says(played, whose, "given")
    assert RELATION in stands(played, whose)[1]
    proven(played, whose)
    assert RELATION not in stands(played, whose)[1]


def test_b2_a_guardians_no_counts_at_once(played: Path, whose: str):
    """Without a paper, without a second factor."""
    answer(played, token(played, whose), "consent.guardian", "refused")
    assert "hand_over" not in stands(played, whose)[0]
    assert page(played, token(played, whose))["outlook"] == "stays"


@pytest.mark.parametrize(
    "more", [{"document": "letter"}, {"relation": "owner"}, {"name": ""}, {"name": "a\nb"}, {"name": "x" * 121}]
)
def test_b2_what_is_no_paper_is_refused(played: Path, whose: str, more: dict[str, str]):
    """Nor does a list say that a paper was seen, nor whoever has no role for it."""
    assert refused(lambda: proven(played, whose, **more)) == "guardian.form"
    with at(played, "zhouning") as desk:
        listed = f"subject,answer\n{whose},{RELATION}\n".encode()
        assert refused(lambda: answers_take(desk, laws(played), DEAL, listed)) == "answers.lines"
        for data in (b"", b"x", b"a picture", png()[:-1]):
            assert refused(lambda data=data: guardian_prove(desk, DEAL, whose, PAPER, data)) == "guardian.form"
    with at(played) as desk:
        assert refused(lambda: guardian_prove(desk, DEAL, whose, PAPER, png())) == "act.role"
