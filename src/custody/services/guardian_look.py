"""Staff look at a paper that a guardian sent: entered before it opens (B2, A3; spec/consent.md §8)."""

from collections.abc import Mapping
from typing import Any

from custody.acts import guardian_papers
from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.guardians import WHO_SEE
from custody.acts.matters import deal
from custody.acts.own_evidence import own_about
from custody.acts.reseal import live_subject
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp


def guardian_look(desk: Desk, named_deal: str, subject: str, digest: str) -> Mapping[str, Any]:
    """The picture, and what it is. Raises Missing `subject.unknown`, `guardian.no-paper`, Denied `act.role`."""
    desk.person()
    desk.require(WHO_SEE)
    who, now = ids.subject_bytes(subject), stamp(desk.clock.now())
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        live_subject(tx, str(matter["vault"]), who)
        row = guardian_papers.paper(tx, matter, who, digest)
        says: dict[str, Json] = {"matter": str(matter["id"]), "sha256": digest, "principal": desk.principal.id}
        own = own_about(desk, tx, str(matter["vault"]), who, now)
        position = append_about(tx, desk.space, now, "guardian-paper-seen", says, who=own, detail={"subject": subject})
        guardian_papers.looked(tx, matter, who, digest, desk.principal.id)
    with desk.store.read() as tx:
        held = live_subject(tx, str(matter["vault"]), who)
        data = guardian_papers.opened(desk, tx, matter, held, row)
    return {"kind": str(row["kind"]), "sha256": digest, "data": data, "ledger": f"{desk.space}@{position}"}
