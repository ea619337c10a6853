"""Notices, consents and objections as evidence: who was told, who agreed, who said no (B1, B2).

Each run records a batch: rows for the gate, one ledger entry with the count, one statement with the totals.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, cast

from custody.acts import assume, lawbook
from custody.acts.assume import Assumptions
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.guardians import GUARDIAN
from custody.acts.matters import EVERYBODY, EVERYTHING, deal, evidence_of, record_evidence
from custody.acts.said import RELATION
from custody.acts.statements import issue
from custody.acts.suppressing import NO_CONTACT
from custody.acts.vaults import sha256
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.law.pack import Packs
from custody.package.statements import Consent, Notice
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

Evidence = list[tuple[bytes, int, str]]
_CONTENTS: Final = ("recipient.name", "recipient.contact", "purpose", "method", "categories", "rights")


def notice(desk: Desk, named_deal: str, assumptions: str) -> Mapping[str, Json]:
    """Notices sent to every customer of the deal, and what became of them."""
    return _record(desk, named_deal, assumptions, "notice", _notices)


def consent(desk: Desk, laws: Laws, named_deal: str, assumptions: str) -> Mapping[str, Json]:
    """Answers of those who were reached. Silence records nothing: silence is not consent. Only where a rule asks for a guardian does one answer."""
    packs = lawbook.packs(laws)

    def made(desk: Desk, tx: Transaction, matter: str, vault: str, assumed: Assumptions) -> Evidence:
        return _consents(tx, matter, vault, assumed, _guarded(desk, tx, matter, packs))

    return _record(desk, named_deal, assumptions, "consent", made)


def objections(desk: Desk, named_deal: str, assumptions: str) -> Mapping[str, Json]:
    """Objections that arrive after shipping, from people who had agreed before."""
    return _record(desk, named_deal, assumptions, "object", _objections)


def _record(
    desk: Desk,
    named_deal: str,
    text: str,
    kind: str,
    made: Callable[[Desk, Transaction, str, str, Assumptions], Evidence],
) -> Mapping[str, Json]:
    desk.require(("privacy", "data"))
    assumed = assume.read(desk, text)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        name = str(matter["id"])
        known = one(tx, "job", key=f"{kind}:{name}")
        if known is not None:
            return {**_load(known["result"]), "resumed": True}
        rows = made(desk, tx, name, str(matter["vault"]), assumed)
        counts: dict[str, Json] = dict(sorted(Counter(one_row[2] for one_row in rows).items()))
        at = stamp(desk.clock.now())
        position = append(tx, desk.space, at, f"{kind}-recorded", {"counts": counts, "seed": assumed.seed})
        record_evidence(tx, name, rows, at, position)
        _say(desk, tx, kind, matter, rows)
        result: dict[str, Json] = {"deal": str(matter["ref"]), "recorded": len(rows), "counts": counts}
        tx.add("job", [{"key": f"{kind}:{name}", "id": name, "kind": kind, "state": "done", "started_at": at,
                        "result": canonical.encode(result)}])  # fmt: skip
    return {**result, "resumed": False}


def _say(desk: Desk, tx: Transaction, kind: str, matter: Row, rows: Evidence) -> None:
    """The statement of a batch, by numbers and a root; objections are entered, and speak at the release."""
    counts = Counter(one_row[2] for one_row in rows)
    name, ref = str(matter["id"]), str(matter["ref"])
    if kind == "notice":
        delivered, bounced = counts["notice.delivered"], counts["notice.bounced"]
        text = sha256(canonical.encode({"deal": ref, "contents": list(_CONTENTS)}))
        said = Notice(deal=ref, law=("CN-NOTICE-17", "CN-PROVIDE-23"), languages=("zh", "en"), recipients=delivered + bounced,
                      delivered=delivered, bounced=bounced, channels={"assumed": delivered + bounced}, text=text)  # fmt: skip
        issue(desk, tx, name, [named("notice", text)], said)
    elif kind == "consent":
        leaves = [merkle.leaf_hash(canonical.encode([who.hex(), what])) for who, _, what in sorted(rows)]
        root = merkle.root(leaves).hex()
        given, refused = counts["consent.separate"], counts["consent.refused"]
        told = sum(1 for by in evidence_of(tx, name).values() if "notice.delivered" in by.get(EVERYTHING, set()))
        asked = Consent(
            deal=ref,
            purpose="handover",
            asked=told,
            given=given,
            refused=refused,
            withdrawn=0,
            root=root,
            count=len(leaves),
        )
        issue(desk, tx, name, [named("consent", root)], asked)


def _notices(desk: Desk, tx: Transaction, matter: str, vault: str, assumed: Assumptions) -> Evidence:  # noqa: ARG001 - one shape for all three
    rows: Evidence = [(EVERYBODY, EVERYTHING, kind) for kind in assumed.matter_evidence]
    rows += [(EVERYBODY, EVERYTHING, f"assumed.clear.{place}") for place in assumed.clear]
    if assumed.adults:
        rows.append((EVERYBODY, EVERYTHING, "assumed.adults"))
    if assumed.residence:
        rows.append((EVERYBODY, EVERYTHING, f"assumed.residence.{assumed.residence}"))
    for subject, place, facts in assume.customers(tx, vault):
        if f'"{NO_CONTACT}":true' in facts:
            continue  # on the suppression list: nobody writes to them, so nothing clears them either
        told = assumed.draw("notice_delivered", place)
        rows.append((subject, EVERYTHING, "notice.delivered" if told else "notice.bounced"))
    return rows


def _guarded(desk: Desk, tx: Transaction, matter: str, packs: Packs) -> set[bytes]:
    """For whom a rule asks for a guardian's yes, as everything stands before anybody answers."""
    row = cast("Row", one(tx, "matter", id=matter))
    made = decide(tx, row, packs, desk.today())
    wants = {
        number
        for number, one_case in enumerate(made.decisions)
        if any(GUARDIAN in why.missing for why in one_case.reasons)
    }
    return {who for who, _, _, number in made.each() if number in wants}


def _consents(tx: Transaction, matter: str, vault: str, assumed: Assumptions, guarded: AbstractSet[bytes]) -> Evidence:
    held = evidence_of(tx, matter)
    rows: Evidence = []
    for subject, place, facts in assume.customers(tx, vault):
        if "notice.delivered" not in held.get(subject, {}).get(EVERYTHING, set()) or '"objected":true' in facts:
            continue
        if assumed.draw("refused", place):
            rows.append((subject, EVERYTHING, "consent.refused"))
            continue
        for question, kind in _QUESTIONS:
            if (kind != GUARDIAN or subject in guarded) and assumed.draw(question, place):
                rows.append((subject, EVERYTHING, kind))
                # Who is assumed to agree as guardian is assumed to have shown a paper.
                rows += [(subject, EVERYTHING, RELATION)] if kind == GUARDIAN else []
    return rows


def _objections(desk: Desk, tx: Transaction, matter: str, vault: str, assumed: Assumptions) -> Evidence:  # noqa: ARG001 - one shape for all three
    held = evidence_of(tx, matter)
    return [
        (subject, EVERYTHING, "objection")
        for subject, place, _ in assume.customers(tx, vault)
        if "consent.separate" in held.get(subject, {}).get(EVERYTHING, set())
        and assumed.draw("objection_after_shipping", place)
    ]


_QUESTIONS: Final = (
    ("consent_separate", "consent.separate"),
    ("consent_sensitive", "consent.separate.sensitive"),
    ("consent_guardian", GUARDIAN),
)


def _load(data: object) -> dict[str, Json]:
    assert isinstance(data, bytes)
    value = canonical.decode(data)
    assert isinstance(value, dict)
    return value
