"""A paper that was seen proves nothing after all: the guardian's yes waits again, and what was entered stays in the ledger (spec/consent.md §8)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import guardians
from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.reseal import live_subject
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing

DOUBTERS: Final = ("owner", "privacy", "lawyer", "department")
_WORDS: Final = range(10, 2001)


def guardian_doubt(desk: Desk, named_deal: str, subject: str, reason: str) -> Mapping[str, Json]:
    """Stricter at once, by one person. Raises Malformed `evidence.reason`, Missing `guardian.unseen`, `subject.unknown`."""
    desk.require(DOUBTERS)
    if len(reason.strip()) not in _WORDS:
        raise Malformed("evidence.reason", f"A reason has {_WORDS.start} to {_WORDS.stop - 1} characters.")
    who = ids.subject_bytes(subject)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        matter = deal(desk, tx, named_deal)
        live_subject(tx, str(matter["vault"]), who)
        seen = guardians.seen(tx, str(matter["id"]), who)
        if seen is None:
            raise Missing("guardian.unseen", "No paper of a guardian of this customer is on file.", next="custody guardian prove")  # fmt: skip
        says: dict[str, Json] = {
            "matter": str(matter["id"]),
            "doubts": seen["position"],
            "principal": desk.principal.id,
        }
        detail: dict[str, Json] = {"matter": str(matter["id"]), "subject": subject, "reason": reason.strip()}
        person = own_about(desk, tx, str(matter["vault"]), who, now)
        position = append_about(tx, desk.space, now, "guardian-doubted", says, who=person, detail=detail)
        guardians.forget(tx, matter, who)
    mirrored(desk)
    return {"deal": str(matter["ref"]), "subject": subject, "ledger": f"{desk.space}@{position}"}
