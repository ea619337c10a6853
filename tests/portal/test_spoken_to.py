"""B1, B2: what is about a child is written to whoever has the care of it (PIPL 31; spec/consent.md §2)."""

import json
from pathlib import Path

import pytest

from custody.acts.asking import wordings
from custody.acts.campaigning import letter
from custody.acts.contacts import Contact, contacts
from custody.base import canonical, ids
from custody.base.canonical import unb64
from tests.portal.answering import answer, page
from tests.portal.conftest import at, everybody
from tests.portal.guarding import NAME, silent
from tests.portal.tokens import token

TEXTS = canonical.encode(
    {"sender": "a@b.example", "subject": "s", "text": "Words.", "text_en": "Words.", "pages": "", "page_line": ""}
)


@pytest.mark.parametrize(("lang", "guardian", "yours"), [("zh", "监护人", "您"), ("en", "uardian", "about you")])
def test_b2_a_childs_page_speaks_to_its_guardian(played: Path, lang: str, guardian: str, yours: str):
    """Its head, and each question: of the child's information, never of yours. A grown-up's page is as it was."""
    told = page(played, token(played, silent(played)), lang)
    assert guardian in told["called"]
    assert told["asked"]
    for one in told["asked"]:
        assert guardian in one["text"]
        assert yours not in one["text"].replace("和您的合同", "")  # how a purpose is called
        assert yours not in one["title"]
    grown = page(played, token(played, next(everybody(played, lacks=("consent.refused", "objection")))), lang)
    assert guardian not in grown["called"]


def test_b2_the_receipt_has_the_words_that_the_guardian_read(played: Path):
    """And their own number of wording."""
    text = token(played, silent(played))
    (shown,) = [one for one in page(played, text)["asked"] if one["question"] == "consent.separate"]
    made = answer(played, text, "consent.separate", "given", guardian=NAME, relation="parent", shown=shown["shown"])
    said = json.loads(
        unb64(json.loads(unb64(made["receipt"]))["payload"].rstrip("=").replace("+", "-").replace("/", "_"))
    )["predicate"]
    assert (said["wording"], said["text"]) == ("separate-child.1", shown["text"])


def test_b2_every_question_that_says_you_has_words_for_a_guardian():
    """A consent that is new later cannot forget the child."""
    consents = {code for code in wordings() if code.startswith("consent.") and not code.endswith(".child")}
    apart = {"consent.guardian", "consent.other", "consent.carried"}
    assert {code for code in consents - apart if f"{code}.child" not in wordings()} == set()


def test_b1_a_message_about_a_child_is_addressed_to_its_guardian(played: Path):
    """By the child's name, since the guardian's is not known; who is grown up is called by their own."""
    child, grown = silent(played), next(everybody(played))
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        found = contacts(desk, tx, str(vault["id"]), [ids.subject_bytes(who) for who in (child, grown)])
    theirs, own = (found[ids.subject_bytes(who)] for who in (child, grown))
    row = {"id": "job_1", "texts": TEXTS}
    assert letter(row, theirs, "").startswith(f"{theirs.name}的监护人\n")
    assert letter(row, own, "").startswith(f"{own.name}\n")
    abroad = Contact({"name.full": "Li Hua"}, "DE", "DE", child=True)
    assert letter(row, abroad, "").startswith("The guardian of Li Hua\n")
