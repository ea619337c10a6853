"""B2: a line of a list is the word of who has its value as their own, never of whose order names somebody else, nor of a name."""

from collections import Counter
from pathlib import Path

from custody.acts.holdings import holdings_of
from custody.acts.listed import by_value, own_by_value
from custody.base import ids
from custody.services.answers_take import answers_take
from custody.services.consent_import import consent_import
from tests.line.test_releases import read_card
from tests.portal.answering import evidence
from tests.portal.conftest import DEAL, at, laws
from tests.portal.consent_lists import listed, vouched
from tests.portal.somebody import NUMBER, PHONE, refused

NAME = "name.full"
Told = dict[bytes, dict[str, tuple[list[str], list[str]]]]


def told(where: Path) -> Told:
    """{customer: {class: (every value in any row, those in rows of their own)}}."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        people = [row["id"] for row in tx.find("subject", vault=vault["id"], kind="customer", state="live")]
        every = holdings_of(desk, tx, str(vault["id"]), people)
        return {who: {one.cls: (list(one.values), one.own) for one in held} for who, held in every}


def sole(found: Told, cls: str, *, own: bool) -> tuple[bytes, str]:
    """Who alone has this value of a class, in a row of their own or in others alone, though rows of their own say another."""
    often = Counter(value for held in found.values() for value in held.get(cls, ((), ()))[0])
    return next(
        (who, value)
        for who, held in sorted(found.items())
        for value in held.get(cls, ((), ()))[0]
        if often[value] == 1 and held[cls][1] and (value in held[cls][1]) == own
    )


def yes(where: Path, value: str) -> bytes:
    text = f"我同意把我的信息交给{read_card(where, 'buyer').name_zh}。"
    return listed(
        {"customer": value, "question": "consent.separate", "version": "s1", "text": text, "at": "2026-04-19T02:00:00Z"}
    )


def imported(where: Path, value: str) -> tuple[int, dict]:
    vouched(where, data := yes(where, value))
    with at(where, "zhouning") as desk:
        made = consent_import(desk, laws(where), DEAL, data)
    return made["taken"], made["reasons"]


def answered(where: Path, value: str) -> dict:
    with at(where, "zhouning") as desk:
        return dict(answers_take(desk, laws(where), DEAL, f"customer,answer\n{value},objection\n".encode()))


def requests(where: Path, who: bytes) -> int:
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        return len(tx.find("request", subject=who))


def test_b2_whoever_gets_a_present_agrees_for_themselves_alone(played: Path):
    """The telephone of an order's receiver, and a bare name, name nobody: no evidence, no receipt, no request of the customer whose order it is."""
    found = told(played)
    for cls, own in ((PHONE, False), (NAME, True)):
        who, value = sole(found, cls, own=own)
        before = evidence(played, ids.subject_text(who)), requests(played, who)
        assert imported(played, value) == (0, {"nobody": 1})
        assert refused(lambda one=value: answered(played, one)) == "answers.lines"
        assert (evidence(played, ids.subject_text(who)), requests(played, who)) == before


def test_b2_what_is_their_own_names_them(played: Path):
    """By a telephone or a number in a row of theirs the same lines are taken in, each as the word of its customer."""
    found = told(played)
    who, phone = sole(found, PHONE, own=True)
    assert answered(played, phone)["counts"] == {"objection": 1}
    assert "objection" in {kind for _, kind in evidence(played, ids.subject_text(who))}
    other = next(one for one in sorted(found) if one != who and len(found[one].get(NUMBER, ((), ()))[1]) == 1)
    with at(played, "zhouning") as desk:
        with desk.store.read() as tx:
            (vault,) = tx.find("vault")
        number = found[other][NUMBER][1][0]
        assert own_by_value(desk, vault, {number, phone}) == {number: {other}, phone: {who}}


def test_b2_who_may_have_been_touched_is_whoever_has_the_value_in_any_row(played: Path):
    """A list of a leaked file is no word of anybody: the customer whose order names a receiver is found by the receiver's telephone there."""
    who, phone = sole(told(played), PHONE, own=False)
    with at(played, "zhouning") as desk:
        with desk.store.read() as tx:
            (vault,) = tx.find("vault")
        assert by_value(desk, vault, {phone}) == {phone: {who}}
        assert own_by_value(desk, vault, {phone}) == {phone: set()}
