"""A paper that shows who a child's guardian is was seen at the desk: from now on that guardian's yes counts (B2; spec/consent.md §8)."""

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
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused


def guardian_prove(
    desk: Desk, named_deal: str, subject: str, given: Mapping[str, str], paper: bytes = b""
) -> Mapping[str, Json]:
    """`given`: document, relation, name (as the paper has it).

    `paper` is a picture of it, kept by its digest; or `given` names by `sha256` one that came by the page
    and that this person looked at last. Seen again, it takes the place of the one before.

    Raises Malformed `guardian.form`, Refused `guardian.other` where somebody else than the paper names said yes, `guardian.unlooked`, Missing `guardian.no-paper`, `subject.unknown`.
    """
    desk.require(WHO_SEE)
    document, relation, name = (
        given.get("document", ""),
        given.get("relation", ""),
        guardians.named(given.get("name", "")),
    )
    if document not in guardians.DOCUMENTS or relation not in guardians.RELATIONS or not (paper or given.get("sha256")):
        raise Malformed("guardian.form", "Such a paper, or such a relation, is not known, or the picture of it is empty.",
                        next=f"Say one of: {', '.join(guardians.DOCUMENTS)}; {', '.join(guardians.RELATIONS)}.")  # fmt: skip
    who, now, digest = ids.subject_bytes(subject), stamp(desk.clock.now()), given.get("sha256") or sha256(paper)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        row = live_subject(tx, str(matter["vault"]), who)
        if given.get("sha256") and guardian_papers.paper(tx, matter, who, digest)["looked_by"] != desk.principal.id:
            raise Refused("guardian.unlooked", "You have not looked at this paper.", where={"subject": subject},
                          next="Look at it on the guardian's page.")  # fmt: skip
        if any(not guardians.same(name, each) for each in guardians.said_yes(desk, tx, matter, row)):
            raise Refused("guardian.other", "The paper names another guardian than the one who said yes.",
                          where={"subject": subject}, next="Let the guardian whom the paper names answer on the page.")  # fmt: skip
        says: dict[str, Json] = {
            "matter": str(matter["id"]),
            "document": document,
            "relation": relation,
            "sha256": digest,
            "principal": desk.principal.id,
        }
        detail: dict[str, Json] = {"matter": str(matter["id"]), "subject": subject, "guardian": name}
        position = append_about(
            tx,
            desk.space,
            now,
            "guardian-proven",
            says,
            who=own_about(desk, tx, str(matter["vault"]), who, now),
            detail=detail,
        )
        guardians.forget(tx, matter, who)
        record_evidence(tx, str(matter["id"]), [(who, EVERYTHING, RELATION)], now, position)
    mirrored(desk)
    return {"deal": str(matter["ref"]), "subject": subject, "document": document, "relation": relation, "sha256": digest,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip
