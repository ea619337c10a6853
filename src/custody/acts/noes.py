"""A no that somebody took down for its person, or that came with their data, is the answer that it would be on their page (spec/requests.md §8).

It is on file, with its receipt, in the transaction that takes the request in: the gate asks for answers, not for requests.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from custody.acts import lawbook
from custody.acts.answering import Said, record, ruled
from custody.acts.arrived import SAID
from custody.acts.asking import OBJECTION, Question, newest, own_compartments, questions
from custody.acts.contacts import language_of
from custody.acts.deciding import decide_one
from custody.acts.desk import Desk
from custody.acts.passing import BUYER, side_of
from custody.acts.requesting import OBJECT, PORTAL, WITHDRAW
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction


class Heard(NamedTuple):
    """Through which channel a request came, and how its person showed who they are."""

    channel: str
    proof: str


def put_on_file(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, subject: Row, kind: str, heard: Heard
) -> list[str]:
    """What a request of this kind says no to, answered so; the questions. One that is answered so already stays as it is."""
    if kind not in {OBJECT, WITHDRAW}:
        return []
    packs, lang = lawbook.packs(laws), _language(desk, subject)
    expression = "button" if heard.channel == PORTAL else heard.channel
    before = newest(tx, str(matter["id"]), cast("bytes", subject["id"]))
    said = list[str]()
    for question, act in list(_noes(desk, tx, laws, matter, subject, kind)):
        if question.code not in before or before[question.code]["act"] != act:
            what = Said(act, lang, (heard.proof,), expression)
            record(desk, tx, matter, subject, question, what, ruled(packs, question, lang))
            said.append(question.code)
    return said


def _language(desk: Desk, subject: Row) -> str:
    facts = cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
    return language_of(str(facts.get("residence") or desk.card.place))


def _noes(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, subject: Row, kind: str
) -> Iterator[tuple[Question, str]]:
    """(question, the no to it): of whoever gives the data, to the hand-over and to each consent given; of whoever has it, to its use."""
    every = own_compartments(subject)
    if side_of(tx, matter) == BUYER:
        yield from ((Question(code, every, ()), act) for code, (act, becomes) in SAID.items() if becomes == kind)
    elif kind == OBJECT:
        yield Question(OBJECTION, every, ()), "objected"
    else:
        now = decide_one(tx, matter, lawbook.packs(laws), desk.clock.now().date(), subject)
        asked = questions(tx, str(matter["id"]), subject, now)
        yield from ((one, "withdrawn") for one in asked if one.state == "given")
