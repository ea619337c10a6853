"""Staff look at a paper that a guardian sent: decided by the access policy, counted and entered before it opens (B2, A3; spec/consent.md §8)."""

from collections.abc import Mapping
from typing import Any, Final

from custody.acts import beside, guardian_papers, revealing
from custody.acts.desk import Desk
from custody.acts.guardians import WHO_SEE
from custody.acts.matters import deal
from custody.acts.reseal import live_subject
from custody.base import ids

PURPOSES: Final = beside.PAPER.purposes


def guardian_look(
    desk: Desk, named_deal: str, subject: str, digest: str, purpose: str, reason: str
) -> Mapping[str, Any]:
    """The picture, and what it is. Raises Missing `subject.unknown`, `guardian.no-paper`, Denied `act.role`, `reveal.denied`, `reveal.day`, Malformed `reveal.purpose`, `reveal.reason`."""
    desk.person()
    desk.require(WHO_SEE)
    who = ids.subject_bytes(subject)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        vault = str(matter["vault"])
        live_subject(tx, vault, who)
        row = guardian_papers.paper(tx, matter, who, digest)
        more = {"matter": str(matter["id"]), "sha256": digest}
        look = beside.look(desk, tx, (vault, who), beside.PAPER, (purpose, reason), more)
        if look.made.open:
            guardian_papers.looked(tx, matter, who, digest, desk.principal.id)
    if not look.made.open:
        raise revealing.denied(desk, look, purpose)
    with desk.store.read() as tx:
        held = live_subject(tx, vault, who)
        data = guardian_papers.opened(desk, tx, matter, held, row)
    return {"kind": str(row["kind"]), "sha256": digest, "data": data, "ledger": f"{desk.space}@{look.position}"}
