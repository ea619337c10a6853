"""Record one person's answer: the evidence the gate reads, the signed record, the entry, in one transaction (spec/consent.md).

An answer takes the place of the one before it; what was answered before stays on file. The evidence of the two never
stands side by side: taking a yes back removes it in the same transaction.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from custody.acts.about import append_about
from custody.acts.asking import BLANKET, OWN_NO, Question, effect, newest, numbers, own_compartments, wordings
from custody.acts.consent_items import items, told_of, untold, wanted
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.guardians import GUARDIAN, forget, unless_seen
from custody.acts.holdings import Held, holdings
from custody.acts.matters import EVERYTHING
from custody.acts.own_evidence import own_about
from custody.acts.passing import BUYER, side_of
from custody.acts.standing_noes import spread
from custody.acts.statements import enveloped
from custody.acts.told import telling
from custody.acts.vaults import sha256
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.classify.taxonomy import classes
from custody.law.pack import Packs, Rule
from custody.model.party import PartyCard
from custody.package.answer import Answer, Called
from custody.ports.store import Row, Transaction, one

_LIVE: Final = "live"
_JOIN: Final = {"zh": "、", "en": ", "}
_STOPS: Final = re.compile(r"\.\.(?!\.)")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person did: the act, in which language, how they proved who they are, and for whom they speak."""

    act: str
    lang: str
    proof: tuple[str, ...]
    expression: str = "button"
    guardian: str = ""
    relation: str = ""
    evidence: str = ""
    """Of an act that was not done here: the digest of the list that tells of it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as it is put to this person, whole."""

    title: str
    text: str
    withdrawal: str
    wording: str
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    """What its rules want told before a yes, and nobody has told."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer on file: its record, version, and the receipt that the person gets."""

    record: str
    version: int
    receipt: bytes
    position: int
    at: str


def companies(tx: Transaction, matter: Row) -> tuple[Called, Called]:
    """Who gives and who receives, whichever of the two we are, as their cards name them, with the contact that the deal tells."""
    told, ours, theirs = telling(tx, str(matter["id"])), str(matter["party"]), str(matter["counterparty"])
    seller, buyer = (theirs, ours) if side_of(tx, matter) == BUYER else (ours, theirs)
    return _called(tx, seller, told.get("seller_contact", "")), _called(tx, buyer, told.get("buyer_contact", ""))


def controller(tx: Transaction, matter: Row) -> tuple[Called, tuple[Called, ...]]:
    """(who holds the data and answers for it: ourselves, who would receive it from us in this deal)."""
    seller, buyer = companies(tx, matter)
    return (buyer, ()) if side_of(tx, matter) == BUYER else (seller, (buyer,))


class Ruled(NamedTuple):
    """The rules behind a question, and what the first of them says to the person."""

    says: str = ""
    rules: tuple[Rule, ...] = ()


UNRULED: Final = Ruled()


def shown(
    tx: Transaction, matter: Row, held: Iterable[Held], question: Question, lang: str, by: Ruled = UNRULED
) -> Shown:
    """The words of a question for one person: their kinds of data, the purposes, the companies, and every item that its rules want told."""
    seller, buyer = companies(tx, matter)
    words = wordings().get(question.words or question.code) or wordings()["consent.other"]
    purposes, categories = _scope(held, question.compartments)
    names = {**called((seller, buyer), categories, purposes, lang), "rule": by.says}
    listed = wanted(by.rules, question.code)
    now = told_of(tx, matter)
    text = one_stop(str(words["text"][lang]).format(**names) + items(now, listed, lang, names))
    ours, _ = controller(tx, matter)
    back = one_stop(str(wordings()["withdrawal"]["text"][lang]).format(contact=ours.contact or getattr(ours, lang)))
    return Shown(str(words["title"][lang]).format(**names), text, back, str(words["wording"]), purposes, categories, untold(now, listed, lang, names))  # fmt: skip


def called(two: tuple[Called, Called], categories: Iterable[str], purposes: Iterable[str], lang: str) -> dict[str, str]:
    """What fills the places in the words: who gives and who receives, and the kinds of data and purposes of one person."""
    seller, buyer = two
    what = _JOIN[lang].join(dict.fromkeys(classes()[one].called[lang] for one in categories))
    why = _JOIN[lang].join(str(wordings()["purpose"][one][lang]) for one in purposes if one in wordings()["purpose"])
    name = getattr(seller, lang)
    return {"seller": name, "buyer": getattr(buyer, lang), "what": what or "–", "why": why or "–",
            "buyer_contact": buyer.contact, "ask": seller.contact or name}  # fmt: skip


def one_stop(text: str) -> str:
    """A company whose name ends in a stop ends the sentence with it."""
    return _STOPS.sub(".", text)


def digest_of(put: Shown) -> str:
    """What a page carries of the words it shows, so that a yes is to these and no others."""
    return sha256(canonical.encode([put.text, put.wording]))


def record(
    desk: Desk,
    tx: Transaction,
    matter: Row,
    subject: Row,
    question: Question,
    said: Said,
    by: Ruled = UNRULED,
    seen: str | None = None,
) -> Kept:
    """Keep the answer to a question as it is put here, and what follows from it. `seen` is the digest of the words that a page showed.

    Raises Refused `portal.moved` for a yes to other words than these: one more kind of data may have come on file meanwhile; `portal.untold` for a yes before everything was told that the rules behind it want told.
    """
    held = holdings(desk, tx, str(matter["vault"]), cast("bytes", subject["id"]))
    put = shown(tx, matter, held, question, said.lang, by)
    if said.act == "given" and seen is not None and seen != digest_of(put):
        raise Refused(
            "portal.moved",
            "The words changed while you read them: nothing was noted.",
            next="Read them again, then answer.",
        )
    if said.act == "given" and put.lacks:
        raise Refused(
            "portal.untold", "The company has not told everything yet that the law wants told before somebody agrees: nothing was noted. Nobody needs to agree.",
            where={"items": ", ".join(put.lacks)}, next="custody deal tell DEAL --items FILE",
        )  # fmt: skip
    return keep(desk, tx, matter, subject, question, said, put)


def keep(
    desk: Desk, tx: Transaction, matter: Row, subject: Row, question: Question, said: Said, put: Shown, at: str = ""
) -> Kept:
    """Keep the answer to a question that was put in these words, and what follows from it; `at` where it was given before now."""
    who, name, now = cast("bytes", subject["id"]), str(matter["id"]), desk.clock.now()
    answered = at or stamp(now)
    answers = newest(tx, name, who)
    before = answers.get(question.code)
    version = cast("int", before["version"]) + 1 if before else 1
    record_id = str(before["record"]) if before else ids.new("cns")
    ours, recipients = controller(tx, matter)
    says = Answer(
        record=record_id, version=version, deal=str(matter["ref"]), question=question.code, act=said.act,  # type: ignore[arg-type] # checked by the service
        controller=ours, recipients=recipients, purposes=put.purposes, categories=put.categories, text=put.text, wording=put.wording,
        language=said.lang, withdrawal=put.withdrawal, expression=said.expression, proof=said.proof,  # type: ignore[arg-type] # checked by the service
        capacity="guardian" if said.relation else "self", relation=said.relation or None, answered_at=answered,
        previous=str(before["sha256"]) if before else None, evidence=said.evidence or None,
    )  # fmt: skip
    receipt = enveloped(desk, [named("answer", hashlib.sha256(record_id.encode()).hexdigest())], says, now)
    digest = sha256(receipt)
    position = _enter(desk, tx, matter, subject, says, digest, said.guardian, stamp(now))
    tx.add("answer", [{
        "matter": name, "subject": who, "question": question.code, "version": version, "act": said.act, "record": record_id,
        "compartments": ",".join(map(str, question.compartments)), "at": answered, "sha256": digest, "receipt": receipt,
        "position": position,
    }])  # fmt: skip
    _evidence(tx, name, subject, answers, question, said.act, (stamp(now), position))
    meant = effect(question.code, said.act, question.compartments, own_compartments(subject))
    spread(tx, matter, [(who, place, kind) for place, kind in meant], stamp(now), position)
    if said.guardian:
        unless_seen(desk, tx, matter, subject, said.guardian)
    elif question.code == GUARDIAN:
        forget(tx, matter, who)
    return Kept(record_id, version, receipt, position, stamp(now))


def _enter(
    desk: Desk, tx: Transaction, matter: Row, subject: Row, says: Answer, digest: str, guardian: str, at: str
) -> int:
    """Codes and the receipt's digest in the ledger; who it was, and a guardian's name, sealed under the person's own key, as long as there is one."""
    told: dict[str, Json] = {
        "matter": str(matter["id"]),
        "act": says.act,
        "question": says.question,
        "sha256": digest,
        "capacity": says.capacity,
    }
    if subject["state"] != _LIVE:
        return append(tx, desk.space, at, "answered", told)
    who = own_about(desk, tx, str(matter["vault"]), cast("bytes", subject["id"]), at)
    detail: dict[str, Json] = {
        "matter": str(matter["id"]), "subject": ids.subject_text(who.subject), "record": says.record, "version": says.version,
        "guardian": guardian,
    }  # fmt: skip
    return append_about(tx, desk.space, at, "answered", told, who=who, detail=detail)


def _evidence(
    tx: Transaction,
    matter: str,
    subject: Row,
    before: Mapping[str, Row],
    question: Question,
    act: str,
    when: tuple[str, int],
) -> None:
    """Bring what the gate reads to what is answered now: only what earlier answers stood for goes, and what this one undoes."""
    who, every = cast("bytes", subject["id"]), own_compartments(subject)
    on_file = {
        (cast("int", row["compartment"]), str(row["type"])) for row in tx.find("evidence", matter=matter, subject=who)
    }
    kept = on_file - _effects(before, every)
    if act == "given":
        kept = set(_cut(kept, question.compartments, every)) - {(EVERYTHING, OWN_NO.get(question.code, ""))}
    # A yes stands for itself alone, wherever it reached before (`reach`).
    kept = {(place, kind) for place, kind in kept if kind != question.code}
    target = kept | _standing(newest(tx, matter, who), question.code, every, on_file)
    # A yes counts from the day it was last said: an earlier one may count no more (PIPL 31).
    anew = on_file & target & (effect(question.code, act, question.compartments, every) if act == "given" else set())
    for place, kind in (on_file - target) | anew:
        tx.drop("evidence", matter=matter, subject=who, compartment=place, type=kind)
    at, position = when
    tx.add("evidence", [
        {"matter": matter, "subject": who, "compartment": place, "type": kind, "at": at, "position": position}
        for place, kind in sorted((target - on_file) | anew)
    ])  # fmt: skip


def _standing(
    answers: Mapping[str, Row], said: str, every: tuple[int, ...], on_file: Collection[tuple[int, str]]
) -> set[tuple[int, str]]:
    """What the answers stand for: what was said now, every no, and of an earlier yes what is on file still. One that was taken off it, since it counts no more (`reopened`), comes back by being said again, and by nothing else."""
    found = set[tuple[int, str]]()
    for code, row in answers.items():
        stands = _effects({code: row}, every)
        found |= stands if code == said or row["act"] != "given" else stands.intersection(on_file)
    return found


def _effects(answers: Mapping[str, Row], every: tuple[int, ...]) -> set[tuple[int, str]]:
    found = set[tuple[int, str]]()
    for code, row in answers.items():
        found |= effect(code, str(row["act"]), numbers(str(row["compartments"])), every)
    return found


def ruled(packs: Packs, question: Question, lang: str) -> Ruled:
    """The rules behind a question; no words of theirs where none speaks to the person."""
    rules = tuple(found for one_rule in question.rules if (found := packs.rule(one_rule)))
    return Ruled(next((str(rule.to_customer[lang]) for rule in rules if rule.to_customer), ""), rules)


def listed_noes(tx: Transaction, matter: str, subject: Row) -> list[str]:
    """When each no of this person came that no answer on file stands for: it came by list."""
    who = cast("bytes", subject["id"])
    ours = _effects(newest(tx, matter, who), own_compartments(subject))
    rows = [row for kind in BLANKET for row in tx.find("evidence", matter=matter, subject=who, type=kind)]
    return [str(row["at"]) for row in rows if (cast("int", row["compartment"]), str(row["type"])) not in ours]


def _cut(kept: Iterable[tuple[int, str]], given: tuple[int, ...], every: tuple[int, ...]) -> Iterable[tuple[int, str]]:
    """A no that came by list and that a yes undoes in part: it goes on for all that the yes does not speak of."""
    for place, kind in kept:
        if kind not in BLANKET:
            yield place, kind
        elif place == EVERYTHING:
            yield from ((one, kind) for one in every if one not in given)
        elif place not in given:
            yield place, kind


def _scope(held: Iterable[Held], compartments: Iterable[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(purposes, classes) of what this person really has in these compartments."""
    wanted = set(compartments)
    inside = [(one.cls, why) for one in held for place, why in one.where.items() if place in wanted]
    purposes = dict.fromkeys(one for _, why in inside for one in why if one)
    return tuple(purposes), tuple(dict.fromkeys(cls for cls, _ in inside if cls in classes()))


def _called(tx: Transaction, party: str, contact: str) -> Called:
    row = one(tx, "party", id=party)
    if row is None:
        return Called("–", "–", contact)
    card = PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))
    return Called(card.name_zh, card.name_en or card.name_zh, contact)
