"""A paper that shows who a child's guardian is was seen at the desk: from now on that guardian's yes counts (B2; spec/consent.md §8).

Whoever says that they saw one says so alone: it counts when a second person stands for exactly that picture (acts/vouching.py). One that came by the page was sent by the guardian, and is there to be looked at again.
"""

from collections.abc import Mapping

from custody.acts import guardian_papers, guardians
from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.guardians import WHO_SEE
from custody.acts.matters import EVERYTHING, deal, record_evidence
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.reseal import live_subject
from custody.acts.said import RELATION
from custody.acts.vaults import sha256
from custody.acts.vouching import ACT, seen_of, vouched
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.base.pictures import recognised
from custody.ports.store import Row, Transaction


def guardian_prove(
    desk: Desk, named_deal: str, subject: str, given: Mapping[str, str], paper: bytes = b""
) -> Mapping[str, Json]:
    """`given`: document, relation, name (as the paper has it).

    `paper` is a picture of it (a whole PNG or JPEG), kept by its digest; or `given` names by `sha256` one that came by the page
    and that this person looked at last. Seen again, it takes the place of the one before.

    Raises Malformed `guardian.form`, Refused `guardian.second` while one person alone says that they saw it, `guardian.other` where somebody else than the paper names said yes, `guardian.unlooked`, Missing `guardian.no-paper`, `subject.unknown`.
    """
    desk.require(WHO_SEE)
    document, relation, name = (
        given.get("document", ""),
        given.get("relation", ""),
        guardians.named(given.get("name", "")),
    )
    if (
        document not in guardians.DOCUMENTS
        or relation not in guardians.RELATIONS
        or not (given.get("sha256") or recognised(paper))
    ):
        raise Malformed("guardian.form", "Such a paper, or such a relation, is not known, or what was given is no whole picture of it (PNG or JPEG).",
                        next=f"Say one of: {', '.join(guardians.DOCUMENTS)}; {', '.join(guardians.RELATIONS)}.")  # fmt: skip
    who, digest = ids.subject_bytes(subject), given.get("sha256") or sha256(paper)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        row = live_subject(tx, str(matter["vault"]), who)
        if given.get("sha256") and guardian_papers.paper(tx, matter, who, digest)["looked_by"] != desk.principal.id:
            raise Refused("guardian.unlooked", "You have not looked at this paper.", where={"subject": subject},
                          next="Look at it on the guardian's page.")  # fmt: skip
        if any(not guardians.same(name, each) for each in guardians.said_yes(desk, tx, matter, row)):
            raise Refused("guardian.other", "The paper names another guardian than the one who said yes.",
                          where={"subject": subject}, next="Let the guardian whom the paper names answer on the page.")  # fmt: skip
        content = seen_of(str(matter["id"]), subject, document, relation, digest)
        by = "" if given.get("sha256") else vouched(desk, tx, str(matter["id"]), content)
        if by or given.get("sha256"):
            told = {"document": document, "relation": relation, "sha256": digest, **({"approval": by} if by else {})}
            position = _enter(desk, tx, matter, who, told, name)
    if not (
        by or given.get("sha256")
    ):  # said after the commit: the word of whoever is here is kept, for the second person
        raise Refused("guardian.second", "One person alone says that they saw this paper: it counts when a second one shows the same picture within 24 hours, or approves it.",
                      where={"subject": subject}, next=f"custody approve {ACT} {content}")  # fmt: skip
    mirrored(desk)
    return {"deal": str(matter["ref"]), "subject": subject, "document": document, "relation": relation, "sha256": digest,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _enter(desk: Desk, tx: Transaction, matter: Row, who: bytes, told: Mapping[str, str], name: str) -> int:
    """The entry, and what the gate reads."""
    now, deal_id, subject = stamp(desk.clock.now()), str(matter["id"]), ids.subject_text(who)
    says: dict[str, Json] = {"matter": deal_id, **told, "principal": desk.principal.id}
    detail: dict[str, Json] = {"matter": deal_id, "subject": subject, "guardian": name}
    person = own_about(desk, tx, str(matter["vault"]), who, now)
    position = append_about(tx, desk.space, now, "guardian-proven", says, who=person, detail=detail)
    guardians.forget(tx, matter, who)
    record_evidence(tx, deal_id, [(who, EVERYTHING, RELATION)], now, position)
    return position
