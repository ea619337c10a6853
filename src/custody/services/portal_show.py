"""One person's own page of a deal: what is held, why, who receives it, where it stands, what is asked, what was answered (B3)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.answering import companies, controller, digest_of, ruled, shown
from custody.acts.arrived import SAID, arrived
from custody.acts.asking import CARRIED, OBJECTION, USE, Question, blanket, newest
from custody.acts.bounds import told as clocks
from custody.acts.campaigning import notices
from custody.acts.clock_steps import steps
from custody.acts.contacts import guardian_of
from custody.acts.copies import PROCESSOR, processors
from custody.acts.desk import Desk
from custody.acts.freshening import fresh
from custody.acts.holdings import Held, holdings, identifiers
from custody.acts.kept_copies import handed, holding
from custody.acts.line import ABORTED
from custody.acts.moved_days import day, days
from custody.acts.noted import CLOSING, ERASED
from custody.acts.passed_silence import is_theirs
from custody.acts.passing import BUYER
from custody.acts.refusals import told as refusal
from custody.acts.said import RELATION
from custody.acts.suppressing import NO_CONTACT
from custody.acts.told import answer_until, telling
from custody.acts.twins import alone
from custody.acts.visiting import CALLED_BACK, HERE, RELEASED, Visit, outlook, releases_more, still_counts, visit
from custody.acts.went import objection
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.package.answer import Called
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_ONE_RECORD: Final = "erased-one"
# A link that went to one address proves that address; the second factor is another one.
_WENT_TO: Final = {"email": "email", "phone": "phone"}


_OF_NO_DEAL: Final[Mapping[str, Json]] = {
    "deal": "", "buyer": {"name": {"zh": "", "en": ""}, "contact": ""}, "child": False, "unproven": False, "steps": [], "told": {}, "asked": [], "questions": [], "answers": [],
    "objected": False, "objection": None, "received": {"printers": [], "copies": []},
}  # fmt: skip
"""What the page of a link shows that keeps silent of its deal: with whom it is, on which days, what is asked for it, and who has copies for its sake."""


_WITH_BUYER: Final = ("moved", "moved-in-part")
"""Where the buyer has data of theirs, and hears of a wish of after that with a later release alone."""


def portal_show(desk: Desk, laws: Laws, token: str, proof: str, lang: str) -> Mapping[str, Json]:
    """Everything on the page, in `lang` where it is recorded wording. Raises Denied `portal.link`."""
    with desk.store.read() as tx:
        seen = visit(desk, tx, laws, token, proof)
        held = holdings(desk, tx, str(seen.matter["vault"]), seen.link.subject) if seen.live else []
        seller, buyer = companies(tx, seen.matter)
        told = telling(tx, seen.link.matter)
        now, becomes = stamp(desk.clock.now()), outlook(desk, tx, seen)
        shown: dict[str, Json] = {
            "deal": str(seen.matter["ref"]), "side": seen.side, "us": _company(controller(tx, seen.matter)[0]), "link": seen.link.name, "expires_at": seen.link.expires_at, "now": now, "today": desk.today().isoformat(), "rehearsal": desk.rehearsal,
            "proved": seen.proof, "proofs": list[Json](_proofs(seen, held)), "child": seen.guarded(desk.today().isoformat()), "unproven": _unproven(seen),
            "called": _spoken_to(desk, seen, held, lang), "seller": _company(seller), "buyer": _company(buyer),
            "fingerprint": desk.card.identity.fingerprint, "identity": desk.card.identity.id, "outlook": becomes,
            "steps": _steps(desk, tx, seen, told, becomes), "told": dict(sorted(told.items())), "held": [one.to_json(whole=bool(seen.proof)) for one in held],
            "asked": [_asked(tx, seen, held, one, lang) for one in seen.questions if seen.live and not seen.off and one.asked_again(desk.clock.now())],
            # Whoever said no may change their mind at any time; only being asked again has to wait.
            "questions": [_asked(tx, seen, held, one, lang) for one in seen.questions],
            "answers": _answers(tx, seen), "objected": _objected(tx, seen), "may_object": becomes in (*_WITH_BUYER, CALLED_BACK) or releases_more(tx, seen),
            "objection": _asked(tx, seen, held, _objection(desk, tx, seen), lang), "requests": _requests(desk, tx, seen),
            "processors": _processors(tx, seen), "received": _received(desk, tx, seen), "silent": _silent(tx, seen), "silence_came": seen.live and is_theirs(desk, tx, str(seen.matter["vault"]), seen.subject), "silence_later": becomes in _WITH_BUYER and _silent(tx, seen), "notices": notices(tx, seen.link.matter, seen.link.subject, lang, apart=seen.unannounced), **fresh(desk, tx, seen),
            **_home(desk, tx, seen, held, lang),
        }  # fmt: skip
        return {**shown, **_OF_NO_DEAL} if seen.unannounced else shown


def _home(desk: Desk, tx: Transaction, seen: Visit, held: list[Held], lang: str) -> Mapping[str, Json]:
    """At the company that received the data: where it came from, and the consent that may be taken back."""
    if seen.side != BUYER:
        return {}
    return {**arrived(desk, tx, seen), "carried": _asked(tx, seen, held, Question(CARRIED, (), ()), lang)}


def _unproven(seen: Visit) -> bool:
    """Whether the law waits for a paper of the guardian's."""
    return any(RELATION in reason.missing for one in seen.decisions.values() for reason in one.reasons)


def _proofs(seen: Visit, held: list[Held]) -> list[str]:
    return [kind for kind in sorted(identifiers(held)) if kind != _WENT_TO.get(seen.link.channel)]


def _called(held: list[Held], *, whole: bool) -> str:
    names = next((one for one in held if one.cls.startswith("name.")), None)
    return cast("str", cast("list[Json]", names.to_json(whole=whole)["values"])[0]) if names else ""


def _spoken_to(desk: Desk, seen: Visit, held: list[Held], lang: str) -> str:
    """The person, or whoever has the care of a child: it is the guardian whom the law wants told and asked."""
    name = _called(held, whole=bool(seen.proof))
    return guardian_of(name, lang) if seen.guarded(desk.today().isoformat()) else name


def _company(one: Called) -> Json:
    return {"name": {"zh": one.zh, "en": one.en}, "contact": one.contact}


def _steps(desk: Desk, tx: Transaction, seen: Visit, told: Mapping[str, str], becomes: str) -> list[Json]:
    """Told, may answer, moves, is called back or deleted here: each with the day it happened or is planned for; of a deal that is off, since when. Nobody is told of a move that is not theirs; what may still go is answered after a release as before it."""
    matter, who = seen.link.matter, seen.link.subject
    notices = tx.find("evidence", matter=matter, subject=who, type="notice.delivered")
    own = days(desk, tx, seen, becomes)
    released = "" if still_counts(desk, tx, seen, becomes) else own.moved or day(tx, matter, RELEASED)
    told_at = str(notices[0]["at"]) if notices else ""
    if seen.off or becomes == "deleted":
        known: list[Json] = [{"step": "told", "at": told_at, "state": "done"}] if told_at else []
        return [*known, {"step": "off", "at": day(tx, matter, ABORTED), "state": "done"}] if seen.off else known
    until = answer_until(told)
    if released and not "" < until <= released:  # what has moved is answered no more, whatever day was told
        until = released
    mine: list[Json] = [
        {"step": "told", "at": told_at, "state": "done" if told_at else "now"},
        {"step": "answer", "at": until, "state": "done" if released else "now"},
    ]
    if becomes in HERE:
        return mine
    mine.append(_step("moves", own.moved, _to_come(desk, tx, matter, told.get("closing_on", "")), "open"))
    if becomes == CALLED_BACK:
        return [*mine, _step(CALLED_BACK, own.called_back, "", "now")]
    return [*mine, _step("destroyed", own.destroyed, told.get("destroy_by", ""), "open")]


def _to_come(desk: Desk, tx: Transaction, matter: str, planned: str) -> str:
    """The day of the move, unless it was that of others: whoever a release left out is told none that is over."""
    return "" if planned < desk.today().isoformat() and day(tx, matter, RELEASED) else planned


def _step(name: str, at: str, planned: str, before: str) -> Json:
    return {"step": name, "at": at or planned, "state": "done" if at else before}


def _asked(tx: Transaction, seen: Visit, held: list[Held], question: Question, lang: str) -> Json:
    said = shown(tx, seen.matter, held, question, lang, ruled(seen.packs, question, lang))
    rules = [found for one in question.rules if (found := seen.packs.rule(one))]
    law: list[Json] = [dict(one.reference) for one in rules]
    return {
        "question": question.code,
        "title": said.title,
        "text": said.text,
        "shown": digest_of(said),
        "wording": said.wording,
        "withdrawal": said.withdrawal,
        "lacks": list[Json](said.lacks),
        "before": question.before,
        "law": law,
    }


def _answers(tx: Transaction, seen: Visit) -> list[Json]:
    """What was answered last to each question, with its receipt; answers taken in by list have none."""
    kept = newest(tx, seen.link.matter, seen.link.subject)
    told: list[Json] = []
    for one in seen.questions:
        if one.state == "open" and not one.agreed:
            continue
        row = kept.get(one.code)
        receipt = b64(cast("bytes", row["receipt"])) if row else None
        told.append({"question": one.code, "act": "given" if one.agreed else one.state, "at": one.before or one.at, "asked_anew": bool(one.before), "again_from": one.again_from, "receipt": receipt,
                     "record": str(row["record"]) if row else None})  # fmt: skip
    for code in (OBJECTION, *SAID):
        if code not in kept:
            continue
        row = kept[code]
        told.append({"question": code, "act": str(row["act"]), "at": str(row["at"]), "asked_anew": False, "again_from": "",
                     "receipt": b64(cast("bytes", row["receipt"])), "record": str(row["record"])})  # fmt: skip
    return told


def _objection(desk: Desk, tx: Transaction, seen: Visit) -> Question:
    return Question(USE, (), ()) if seen.side == BUYER else objection(desk, tx, seen.matter, seen.subject)


def _objected(tx: Transaction, seen: Visit) -> bool:
    noes = blanket(tx, seen.link.matter, seen.subject, seen.questions, seen.decisions)
    return bool(noes) or bool(
        tx.count(
            "evidence",
            matter=seen.link.matter,
            subject=seen.link.subject,
            type=USE if seen.side == BUYER else OBJECTION,
        )
    )


def _requests(desk: Desk, tx: Transaction, seen: Visit) -> list[Json]:
    """Each with its days as the company's own, which is over when the law's is, and what was done to its clock: why, once it is sure who asks."""
    rows = tx.find("request", order=("received_at",), vault=str(seen.matter["vault"]), subject=seen.link.subject)
    names, whose = ("ref", "kind", "state", "received_at", "due_at", "closed_at"), None
    if seen.proof and seen.live:
        whose = seen.subject
    return [
        {
            **{name: str(row[name]) for name in names},
            **clocks(row),
            **refusal(row),
            "done": _done(tx, row),
            "due_on": desk.last_day(str(row["due_at"])),
            "advised_on": desk.last_day(str(row["advised_at"])),
            "steps": steps(desk, tx, row, whose),
        }
        for row in rows
    ]


def _done(tx: Transaction, row: Row) -> list[Json]:
    """By what it was done, each kind of act once. That everything is gone is said only where no other record may be theirs, too."""
    acts = tx.find("request_act", order=("at",), request=row["id"], answers=1)
    one_record = not alone(tx, str(row["vault"]), cast("bytes", row["subject"]))
    return list(
        dict.fromkeys(_ONE_RECORD if each["what"] == ERASED and one_record else str(each["what"]) for each in acts)
    )


def _silent(tx: Transaction, seen: Visit) -> bool:
    """Whether this person is on the list of those whom nobody may contact; of who is gone, whether they were put there because they closed their account."""
    if seen.live:
        return f'"{NO_CONTACT}":true'.encode() in cast("bytes", seen.subject["facts"])
    rows = tx.find("request", vault=str(seen.matter["vault"]), subject=seen.link.subject, kind=CLOSING)
    return any(tx.count("request_act", request=row["id"], what=ERASED) for row in rows)


def _processors(tx: Transaction, seen: Visit) -> list[Json]:
    found = processors(tx, str(seen.matter["vault"]))
    return [{"name": name, "purposes": list[Json](why)} for name, why in found.items()]


def _received(desk: Desk, tx: Transaction, seen: Visit) -> Json:
    """Who else was given something of this person, and what lies outside the vault and holds them, or may; who of the staff keeps it is not told."""
    if not seen.live:
        return {"printers": [], "copies": []}
    vault, who = str(seen.matter["vault"]), seen.link.subject
    printers = handed(desk, tx, vault, who)
    named = {each.keeper for each in printers}  # theirs is told with their name, and once
    kept = [one for one in holding(tx, vault, who) if one.kind != PROCESSOR and one.keeper not in named]
    return {
        "printers": [{"name": each.keeper, "at": each.at} for each in printers],
        "copies": [{"kind": each.kind, "until": each.until, "certain": each.certain} for each in kept],
    }
