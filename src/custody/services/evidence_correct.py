"""Correct a death that was entered by mistake: one person says so with a reason, a second one approves (spec/law.md §7)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import deaths
from custody.acts.about import append_about
from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.own_evidence import own_about
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.law.gate import DIED
from custody.ports.store import Row, Transaction

ACT: Final = "evidence-correct"
CORRECTORS: Final = ("privacy", "lawyer")
_WORDS: Final = range(10, 2001)


def evidence_correct(desk: Desk, named: str, subject: str, reason: str, *, dry_run: bool = False) -> Mapping[str, Json]:
    """The entry goes off the file of every deal over the vault and stays in the ledger, as does who corrected it and why. Nothing that was answered changes.

    Raises Missing `evidence.alive`, Malformed `evidence.reason`, Refused `act.unapproved`.
    """
    desk.require(CORRECTORS)
    if len(reason.strip()) not in _WORDS:
        raise Malformed("evidence.reason", f"A reason has {_WORDS.start} to {_WORDS.stop - 1} characters.")
    who = ids.subject_bytes(subject)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named)
        entry = _entered(tx, str(matter["id"]), who)
        # Bound to the one entry: whoever is entered as dead again needs another approval.
        content = content_hash(
            {"act": ACT, "deal": str(matter["id"]), "entry": entry, "reason": reason, "subject": subject}
        )
        told: dict[str, Json] = {"deal": str(matter["ref"]), "subject": subject, "entry": f"{desk.space}@{entry}",
                                 "reason": reason, "content": content}  # fmt: skip
        if dry_run:
            return {**told, "would": {"approve": [ACT, content]}}
        return {**told, "ledger": f"{desk.space}@{_correct(desk, tx, matter, told, entry)}"}


def _entered(tx: Transaction, matter: str, who: bytes) -> int:
    """The entry of the ledger by which this person is on file as dead, the newest of several."""
    rows = tx.find("evidence", matter=matter, subject=who, type=DIED)
    if not rows:
        raise Missing(
            "evidence.alive",
            "Nobody of that id is on file in this deal as having died.",
            next="custody customer SUBJECT",
        )
    return max(cast("int", row["position"]) for row in rows)


def _correct(desk: Desk, tx: Transaction, matter: Row, told: Mapping[str, Json], entry: int) -> int:
    content, reason, subject = (str(told[name]) for name in ("content", "reason", "subject"))
    approval = demand(desk, tx, ACT, content, deal=str(matter["id"]))
    who, vault = ids.subject_bytes(subject), str(matter["vault"])
    says: dict[str, Json] = {
        "matter": str(matter["id"]),
        "corrects": entry,
        "content": content,
        "principal": desk.principal.id,
        "approval": approval,
    }
    detail: dict[str, Json] = {"reason": reason, "type": DIED}
    at = stamp(desk.clock.now())
    person = own_about(desk, tx, vault, who, at)
    position = append_about(tx, desk.space, at, "evidence-corrected", says, who=person, detail=detail)
    deaths.forget(tx, vault, who)
    return position
