"""B4, G9: whoever withdraws by telephone, letter or at the desk a consent that is not on file says no to everything, as by list; nothing of theirs moves until they lift it themselves."""

from pathlib import Path

from custody.acts.matters import deal, facts_of
from custody.base.clock import stamp
from custody.services.consent_import import consent_import
from custody.services.deal_new import deal_new
from custody.services.link_new import link_new
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.portal.answering import answer, evidence, page, shown_who
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.consent_lists import listed
from tests.portal.test_noes import BACK, asked
from tests.portal.tokens import token

NOES = ("objection", "consent.refused", "withdrawal")
YES = ("consent.separate", "consent.separate.sensitive", "consent.guardian")


def silent(where: Path) -> tuple[str, str]:
    """Somebody who agreed to nothing and refused nothing, and their link."""
    who = next(everybody(where, "notice.delivered", lacks=(*NOES, *YES)))
    return who, token(where, who)


def test_b4_a_withdrawal_of_nothing_that_stands_is_a_no_to_everything(played: Path):
    """On file for the gate with the request's entry, which grants it; said again nothing is entered; taken in alone it grants nothing."""
    who, text = silent(played)
    made = asked(played, who, BACK)
    assert made["answered"] == ["withdrawal"]
    assert evidence(played, who) == {(-1, "withdrawal")}
    assert page(played, text)["outlook"] == "stays"
    again = asked(played, who, BACK)
    assert (again["resumed"], "answered" in again) == (True, False)
    with at(played, "zhouning") as desk:
        assert request_close(desk, laws(played), made["ref"], "granted", "")["state"] == "granted"


def told_alone(where: Path) -> tuple[str, str, str]:
    """A merger with the same buyer over the vault, of which everybody is told, and asked for the sensitive part alone: the deal, somebody of it, their link."""
    with at(where, "suhe") as desk:
        with desk.store.read() as tx:
            matter = deal(desk, tx, DEAL)
            facts = facts_of(tx, str(matter["id"]))
        ref = str(deal_new(desk, laws(where), {**facts, "deal.structure": "merger"}, str(matter["counterparty"]), None)["ref"])  # fmt: skip
        for who in everybody(where, "notice.delivered", lacks=(*NOES, *YES)):
            text = str(link_new(desk, ref, who, "email", 60)["path"]).removeprefix("/t/")
            if [one["question"] for one in page(where, text)["questions"]] == ["consent.separate.sensitive"]:
                return ref, who, text
    raise AssertionError("the sample has such a customer")


def test_b4_where_nothing_is_asked_of_them_it_is_lifted_as_an_objection_is(played: Path):
    """Their page says that they object; with the second factor they take it back, and what they asked by it ends."""
    named, who, text = told_alone(played)
    before = page(played, text)["outlook"]
    with at(played, "suhe") as desk:
        ref = str(request_new(desk, laws(played), named, who, BACK)["ref"])
    shown = page(played, text)
    assert (shown["objected"], shown["outlook"]) == (True, "stays")
    assert before != "stays"
    assert answer(played, text, "objection", "lifted", shown_who(played, text))["ended"] == [ref]
    after = page(played, text)
    assert (after["objected"], after["outlook"]) == (False, before)
    assert [one["act"] for one in after["answers"] if one["question"] != "objection"] == ["refused"], (
        "what is asked of them stays answered"
    )


def test_b4_a_withdrawal_is_heard_though_something_else_was_taken_back_before(played: Path):
    """Marketing of before was taken back, one line of a list: "I withdraw my consent" by telephone afterwards is a no to everything all the same, and grants itself."""
    named, who, text = told_alone(played)
    before = page(played, text)["outlook"]
    old = {"subject": who, "act": "withdrawn", "question": "consent.marketing", "version": "s1"}
    with at(played, "suhe") as desk:
        consent_import(desk, laws(played), named, listed({**old, "at": stamp(desk.clock.now())}))
    assert page(played, text)["outlook"] == before
    with at(played, "suhe") as desk:
        made = request_new(desk, laws(played), named, who, BACK)
    assert made["answered"] == ["withdrawal"]
    assert page(played, text)["outlook"] == "stays"
