"""B2: a no to a recipient holds in every deal with that recipient over the same vault (spec/consent.md §2)."""

import sqlite3
from pathlib import Path

import pytest

from custody.acts.matters import deal, facts_of
from custody.base import ids
from custody.services.answers_take import answers_take
from custody.services.deal_new import deal_new
from custody.services.link_new import link_new
from custody.services.portal_show import portal_show
from tests.portal.answering import answer, page, shown_who
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.tokens import token

LACKS = ("consent.separate", "consent.refused", "objection", "withdrawal")


@pytest.fixture
def whose(played: Path) -> str:
    """Somebody grown up who was told, said nothing yet, and is asked for a separate consent."""
    people = everybody(played, "notice.delivered", lacks=LACKS)
    return next(one for one in people if "consent.separate" in asked(page(played, token(played, one))))


def asked(told: dict) -> list[str]:
    return [one["question"] for one in told["asked"]]


def second(where: Path) -> str:
    """Another deal with the same buyer over the same vault: one fact differs."""
    with at(where, "suhe") as desk:
        with desk.store.read() as tx:
            matter = deal(desk, tx, DEAL)
            facts = facts_of(tx, str(matter["id"]))
        made = deal_new(desk, laws(where), {**facts, "deal.authority_approved": False}, str(matter["counterparty"]), None)  # fmt: skip
        assert made["resumed"] is False
        return str(made["ref"])


def link_of(where: Path, ref: str, who: str) -> str:
    with at(where, "suhe") as desk:
        return str(link_new(desk, ref, who, "email", 60)["path"])[3:]


def shown(where: Path, text: str) -> dict:
    with at(where) as desk:
        return dict(portal_show(desk, laws(where), text, "", "en"))


def test_b2_a_second_deal_with_the_same_buyer_knows_the_noes_of_the_first(played: Path, whose: str):
    """An objection stands, and what was refused is not asked again before its day; the person alone ends it, in this deal."""
    first = token(played, whose)
    answer(played, first, "objection", "objected")
    answer(played, first, "consent.separate", "refused")
    before = page(played, first)
    again = {one["question"]: one["again_from"] for one in before["answers"]}
    ref = second(played)
    text = link_of(played, ref, whose)
    told = shown(played, text)
    assert (told["objected"], told["outlook"]) == (True, "stays")
    assert "consent.separate" not in asked(told)
    assert {one["question"]: one["again_from"] for one in told["answers"]}["consent.separate"][:10] == again["consent.separate"][:10]  # fmt: skip
    answer(played, text, "objection", "lifted", shown_who(played, text))
    assert shown(played, text)["objected"] is False
    assert page(played, first)["objected"] is True


def test_b2_a_no_in_one_deal_holds_at_once_in_the_other(played: Path, whose: str):
    """From the page and from a list; whoever changed their mind in the other deal stays so when the same list is taken again."""
    ref = second(played)
    text = link_of(played, ref, whose)
    assert shown(played, text)["objected"] is False
    data = f"subject,answer\n{whose},objection\n".encode()
    with at(played, "zhouning") as desk:
        answers_take(desk, laws(played), DEAL, data)
    assert shown(played, text)["objected"] is True
    answer(played, text, "objection", "lifted", shown_who(played, text))
    with at(played, "zhouning") as desk:
        answers_take(desk, laws(played), DEAL, data)
    assert shown(played, text)["objected"] is False
    answer(played, token(played, whose), "consent.separate", "refused")
    assert "consent.separate" not in asked(shown(played, text))


def test_b2_a_yes_is_carried_nowhere(played: Path, whose: str):
    """The other deal asks for itself, and the evidence on file there is noes alone."""
    first = token(played, whose)
    answer(played, first, "consent.separate", "given", shown_who(played, first))
    ref = second(played)
    assert "consent.separate" in asked(shown(played, link_of(played, ref, whose)))
    with sqlite3.connect(played / "seller" / "core.db") as store:
        (matter,) = store.execute("SELECT id FROM matter WHERE ref = ?", (ref,)).fetchone()
        kinds = store.execute("SELECT DISTINCT type FROM evidence WHERE matter = ?", (matter,)).fetchall()
        mine = store.execute("SELECT count(*) FROM evidence WHERE matter = ? AND subject = ?", (matter, ids.subject_bytes(whose))).fetchone()  # fmt: skip
    assert {kind for (kind,) in kinds} <= {"objection", "consent.refused", "withdrawal", "consent.refused.sensitive"}
    assert mine == (0,)
