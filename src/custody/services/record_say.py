"""Somebody looked at two records that share an identifier, and says whether they are one person's (spec/law.md §7)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import twins
from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.reseal import live_subject
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Cells, Transaction

SAYERS: Final = ("owner", "privacy", "lawyer")
_LONGEST: Final = 400


def record_say(desk: Desk, subject: str, other: str, word: str, reason: str, vault: str | None) -> Mapping[str, Json]:
    """`same` or `other`; the newest word of each who says one counts, and two who contradict each other leave it open. `reason` is kept sealed under each person's own key.

    Raises Malformed `record.word`, Missing `record.apart`, `subject.unknown`.
    """
    desk.require(SAYERS)
    desk.person()
    if word not in twins.WORDS or not 0 < len(reason.strip()) <= _LONGEST:
        raise Malformed(
            "record.word",
            "Say same or other, and how you know, in at most 400 characters.",
            next='custody record say SUB SUB same --reason "…"',
        )
    first, second = sorted((ids.subject_bytes(subject), ids.subject_bytes(other)))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
    name = str(row["id"])
    twins.seek(desk, row, [first])
    with desk.store.write() as tx:
        for who in (first, second):
            live_subject(tx, name, who)
        if not any(each.other == second for each in twins.beside(tx, name, first)):
            raise Missing("record.apart", "These two records share no identifier.", next="custody customer SUBJECT")
        positions = _enter(desk, tx, name, (first, second), word, reason.strip())
        (now,) = (each for each in twins.beside(tx, name, first) if each.other == second)
    mirrored(desk)
    return {"subject": subject, "other": other, "word": word, "said": now.said or "open", "by": now.by,
            "ledger": f"{desk.space}@{positions[-1]}"}  # fmt: skip


def _enter(desk: Desk, tx: Transaction, vault: str, pair: tuple[bytes, bytes], word: str, reason: str) -> list[int]:
    """One entry about each of the two, so that it stands in the history of both and goes with either."""
    now = stamp(desk.clock.now())
    key: Cells = {"vault": vault, "subject": pair[0], "other": pair[1], "principal": desk.principal.id}
    says: dict[str, Json] = {"vault": vault, "word": word, "principal": desk.principal.id}
    positions = list[int]()
    for who, beside in (pair, pair[::-1]):
        detail: dict[str, Json] = {
            "subject": ids.subject_text(who),
            "other": ids.subject_text(beside),
            "reason": reason,
        }
        person = own_about(desk, tx, vault, who, now)
        positions.append(append_about(tx, desk.space, now, "records-said", says, who=person, detail=detail))
    tx.drop("twin_said", **key)
    row: Cells = {**key, "word": word, "at": now, "position": positions[-1]}
    tx.add("twin_said", [row])
    return positions
