"""A yes of somebody of whom nothing is left here, taken back: in the words of the answer that it takes back, since their data says no more what they would be (spec/consent.md §5, decision 98)."""

from dataclasses import replace
from typing import cast

from custody.acts.answering import UNRULED, Kept, Ruled, Said, Shown, keep, shown
from custody.acts.asking import Question, newest
from custody.acts.desk import Desk
from custody.acts.handing import understood
from custody.package.answer import Answer
from custody.ports.store import Row, Transaction


def taken_back_after(
    desk: Desk,
    tx: Transaction,
    matter: Row,
    subject: Row,
    question: Question,
    said: Said,
    by: Ruled = UNRULED,
    seen: str | None = None,  # noqa: ARG001 - a no needs no words; signed as `record` is, which takes all other answers
) -> Kept:
    """Keep it; nothing of theirs is opened."""
    before = newest(tx, str(matter["id"]), cast("bytes", subject["id"])).get(question.code)
    if before is None:  # a yes of before custody, of which there is no receipt
        return keep(desk, tx, matter, subject, question, said, shown(tx, matter, (), question, said.lang, by))
    was = understood(cast("bytes", before["receipt"]), Answer, desk.card.identity, rehearsal=desk.rehearsal)
    put = Shown("", was.text, was.withdrawal, was.wording, was.purposes, was.categories)
    return keep(desk, tx, matter, subject, question, replace(said, lang=was.language), put)
