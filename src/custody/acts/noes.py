"""A no that somebody took down for its person, or that came with their data, is the answer that it would be on their page (spec/requests.md §8).

It is on file, with its receipt, in the transaction that takes the request in: the gate asks for answers, not for requests.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, cast

from custody.acts import lawbook
from custody.acts.answering import Said, record, ruled
from custody.acts.arrived import SAID
from custody.acts.asking import OBJECTION, WITHDRAWAL, Question, newest, numbers, own_compartments, questions
from custody.acts.contacts import language_of
from custody.acts.deciding import decide_one
from custody.acts.desk import Desk
from custody.acts.matters import EVERYTHING, record_evidence
from custody.acts.noted import OBJECT, WITHDRAW
from custody.acts.passing import BUYER, side_of
from custody.acts.reopened import TO_HAND_OVER
from custody.acts.requesting import PORTAL, intake
from custody.acts.said import AGREED
from custody.acts.standing_noes import spread
from custody.acts.went import objection
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_BACK: Final = "withdrawn"
LIST: Final = "list"
"""The channel of what came by list, and all that is known of how its person was identified."""
RECORD: Final = "imported"
"""How the person of a consent record of before is known: such a no is to the record's own question alone."""
LISTED: Final[Mapping[str, str]] = {OBJECTION: OBJECT, WITHDRAWAL: WITHDRAW}
"""{what a list says: what its person asks by it}."""


class Heard(NamedTuple):
    """Through which channel a request came, and how its person showed who they are; of a list, its digest."""

    channel: str
    proof: str
    evidence: str = ""


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
            what = Said(act, lang, (heard.proof,), expression, evidence=heard.evidence)
            record(desk, tx, matter, subject, question, what, ruled(packs, question, lang))
            said.append(question.code)
    return said if said or kind != WITHDRAW else _blanket(desk, tx, matter, subject)


def _took_all_back(tx: Transaction, matter: str, subject: Row) -> bool:
    every = set(own_compartments(subject))
    return any(
        row["act"] == _BACK and code in TO_HAND_OVER and every.issubset(numbers(str(row["compartments"])))
        for code, row in newest(tx, matter, cast("bytes", subject["id"])).items()
    )


def _blanket(desk: Desk, tx: Transaction, matter: Row, subject: Row) -> list[str]:
    """Whoever takes back a consent that is not on file says no to everything, as by list: "withdraw" is many people's word for "do not give it away". Nothing where a yes to the hand-over of all of theirs is what was taken back: of marketing, or of a part, it is not."""
    name, who = str(matter["id"]), cast("bytes", subject["id"])
    asked = tx.find("request", order=("position",), matter=name, subject=who, kind=WITHDRAW, closed_at="")
    if side_of(tx, matter) == BUYER or not asked or _took_all_back(tx, name, subject):
        return []
    told, at = [(who, EVERYTHING, WITHDRAWAL)], stamp(desk.clock.now())
    position = cast("int", asked[-1]["position"])
    if not record_evidence(tx, name, told, at, position):
        return []
    spread(tx, matter, told, at, position)
    return [WITHDRAWAL]


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
        yield objection(desk, tx, matter, subject), "objected"
    else:
        now = decide_one(tx, matter, lawbook.packs(laws), desk.today(), subject)
        asked = questions(tx, str(matter["id"]), subject, now)
        yield from ((one, "withdrawn") for one in asked if one.state == "given")


def noes_on_file(desk: Desk, tx: Transaction, row: Row) -> list[str]:
    """The entries by which what a request says no to is answered so; none while something of it stands."""
    matter, who = cast("Row", one(tx, "matter", id=row["matter"])), cast("bytes", row["subject"])
    answers, kind = newest(tx, str(matter["id"]), who), str(row["kind"])
    if side_of(tx, matter) == BUYER:
        codes = [code for code, (act, becomes) in SAID.items() if becomes == kind and _is(answers, code, act)]
        said = [answers[code] for code in codes]
    elif kind == OBJECT:
        said = [answers[OBJECTION]] if _is(answers, OBJECTION, "objected") else _listed(tx, matter, who, OBJECTION)
    elif row["proof"] != RECORD and (
        any(one_answer["act"] == "given" for one_answer in answers.values()) or _agreed(tx, matter, who)
    ):
        return []
    else:
        back = [one_answer for one_answer in answers.values() if one_answer["act"] == _BACK]
        said = _listed(tx, matter, who, WITHDRAWAL) or back
    return [f"{desk.space}@{cast('int', each['position'])}" for each in said]


def _is(answers: Mapping[str, Row], code: str, act: str) -> bool:
    return code in answers and answers[code]["act"] == act


def _listed(tx: Transaction, matter: Row, who: bytes, kind: str) -> list[Row]:
    """A no that came before lists made answers of them."""
    return tx.find("evidence", matter=str(matter["id"]), subject=who, type=kind)[:1]


def _agreed(tx: Transaction, matter: Row, who: bytes) -> bool:
    rows = tx.find("evidence", matter=str(matter["id"]), subject=who)
    return any(row["type"] in AGREED for row in rows)


def ask_as_listed(desk: Desk, tx: Transaction, laws: Laws, matter: Row, who: bytes, kind: str, digest: str) -> bool:
    """A no that a list brought, and that is evidence already, is answered and asked as by any other channel; whether it opened a request.

    What a person said and somebody saw to is not asked again because a list says it again.
    """
    subject = one(tx, "subject", vault=str(matter["vault"]), id=who, state="live")
    if subject is None:
        return False
    said = put_on_file(desk, tx, laws, matter, subject, kind, Heard(LIST, LIST, digest))
    if not said and (kind == OBJECT or _asked_since(tx, matter, who)):
        return False
    return not intake(desk, tx, laws, matter, subject, kind, LIST, LIST, "")["resumed"]


def ask_as_recorded(desk: Desk, tx: Transaction, laws: Laws, matter: Row, subject: Row, question: str) -> bool:
    """A consent that a record of before says was taken back is answered already; that somebody sees to it is asked once. Whether it opened a request."""
    vault, who = str(matter["vault"]), cast("bytes", subject["id"])
    rows = tx.find("answer", order=("version",), matter=str(matter["id"]), subject=who, question=question)
    stood = any(row["act"] == "given" for row in rows[:-1])
    if not rows or not (rows[-1]["act"] == "withdrawn" or (rows[-1]["act"] == "refused" and stood)):
        return False
    said = cast("int", rows[-1]["position"])
    if any(
        cast("int", row["position"]) > said
        for row in tx.find("request", vault=vault, subject=who, kind=WITHDRAW, matter=str(matter["id"]))
    ):
        return False
    return not intake(desk, tx, laws, matter, subject, WITHDRAW, LIST, RECORD, "")["resumed"]


def _asked_since(tx: Transaction, matter: Row, who: bytes) -> bool:
    """Whether a withdrawal of nothing that stood was asked for since it came by list."""
    came = one(tx, "evidence", matter=str(matter["id"]), subject=who, compartment=EVERYTHING, type=WITHDRAWAL)
    rows = tx.find("request", vault=str(matter["vault"]), subject=who, kind=WITHDRAW, matter=str(matter["id"]))
    return came is None or any(not row["closed_at"] or str(row["received_at"]) >= str(came["at"]) for row in rows)
