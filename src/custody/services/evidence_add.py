"""Put evidence on file for a whole deal: the assessment made, the contract signed, the opinion given (spec/law.md, E4)."""

from collections.abc import Mapping

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import EVERYBODY, EVERYTHING, deal, record_evidence
from custody.acts.said import ANSWERS
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.law.gate import opinion
from custody.law.pack import Packs
from custody.ports.laws import Laws


def evidence_add(desk: Desk, laws: Laws, named_deal: str, kind: str, shown: bytes) -> Mapping[str, Json]:
    """`shown` is the paper itself, kept by its digest; filing the same kind again adds an entry and changes nothing else.

    Raises Malformed `evidence.kind` for evidence that no rule asks for, `evidence.personal` for what each customer says alone: no
    paper is everybody's consent; `evidence.empty` for a paper on which nothing stands.
    """
    desk.require(("lawyer", "privacy", "owner", "advisor"))
    known = kinds(lawbook.packs(laws))
    if not shown:
        raise Malformed("evidence.empty", "This paper is empty.", next="Choose the file again.")
    if kind in ANSWERS:
        raise Malformed(
            "evidence.personal",
            f"{kind} is recorded customer by customer.",
            next="custody answers DEAL answers.csv; a yes: custody consent-import DEAL consents.csv",
        )
    if kind not in known:
        raise Malformed("evidence.kind", f"No rule asks for {kind}.", next=f"Say one of: {', '.join(sorted(known))}.")
    digest = sha256(shown)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        matter = deal(desk, tx, named_deal)
        says: dict[str, Json] = {"type": kind, "sha256": digest, "principal": desk.principal.id}
        position = append(tx, desk.space, now, "evidence-filed", says, detail={"matter": str(matter["id"])})
        fresh = record_evidence(tx, str(matter["id"]), [(EVERYBODY, EVERYTHING, kind)], now, position)
    return {
        "deal": str(matter["ref"]),
        "type": kind,
        "sha256": digest,
        "ledger": f"{desk.space}@{position}",
        "resumed": not fresh,
    }


def kinds(packs: Packs) -> frozenset[str]:
    """Every kind of evidence that some rule asks of the deal, and a legal opinion on the law of each place."""
    opinions = {opinion(place) for place in packs.regimes}
    return (frozenset(kind for rule in packs.rules for kind in rule.evidence) | opinions) - ANSWERS


def evidence_kinds(laws: Laws) -> list[str]:
    """The same, for those who choose one."""
    return sorted(kinds(lawbook.packs(laws)))
