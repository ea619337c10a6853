"""What customers answered and a restore lost: nobody is released on what was on file before it (spec/vault.md §21, G9).

The entry of an answer is sealed under the person's key and names them in its header, so the ledger says who answered between the facts of
a backup and the restore from it, and not what. A recall of then was put back: it says whom it took.
"""

from collections.abc import Iterator
from typing import Final

from custody.acts import let_go
from custody.acts.desk import Desk
from custody.acts.entries import KIND, MATTER, SUBJECT, entered, positions
from custody.acts.handing import every
from custody.acts.marks import Marks
from custody.acts.releases import RECALL
from custody.acts.vaults import slot_places
from custody.base import ids
from custody.base.errors import Refused
from custody.package.statements import Gate, ReleasedStatement
from custody.ports.store import Row, Transaction, Within, one

_ANSWERED: Final = "answered"
_OF_MANY: Final = ("answers-taken", "notice-recorded", "consent-recorded", "object-recorded", "request-received")
"""Entries that do not say in clear whom they are about, or end in no answer: after them the gate decides anew."""
_NAMED: Final = 20


def require_answers(desk: Desk, tx: Transaction, matter: Row, live: Marks) -> None:
    """Raises Refused `release.answers-lost` where a restore lost answers and no gate decided since, or where somebody would be released whose answer is lost, or whom a recall of then took, and who has not answered anew."""
    name, vault = str(matter["id"]), str(matter["vault"])
    for lost in _windows(desk, tx):
        people, back = _answered(desk, tx, lost), _called_back(desk, tx, matter, lost)
        if not (people or len(back) or any(_within(desk, tx, f"entry.{kind}", lost) for kind in _OF_MANY)):
            continue
        if not _within(desk, tx, f"statement.{Gate.KIND}", range(lost.stop, 1 << 62), name):
            raise Refused("release.answers-lost", "Answers of customers went with the store that was lost, and the gate decided before that.",
                          next="Bring in again what came since the backup (not_in_backup of the restore), then custody gate DEAL")  # fmt: skip
        if waiting := [who for who in _given(tx, vault, live, people, back) if not _since(desk, tx, who, lost)]:
            raise Refused("release.answers-lost", "Somebody would be released whose answer went with the store that was lost, or whom a recall took then.",
                          where={"subjects": ", ".join(sorted(waiting)[:_NAMED])},
                          next="Enter their answers again, then custody gate DEAL")  # fmt: skip


def _windows(desk: Desk, tx: Transaction) -> Iterator[range]:
    """The entries that each restore lost the rows of."""
    every = ((number, says.get("facts")) for number, _, says in entered(tx, desk.space, "restored"))
    return (
        range(first, last) for first, last in sorted({(first, last) for last, first in every if isinstance(first, int)})
    )


def _within(desk: Desk, tx: Transaction, what: str, lost: range, matter: str = "") -> bool:
    """Whether something of this kind, of a deal where one is named, was entered then."""
    rows = tx.first(
        "entry_about",
        None,
        (Within("position", lost.start, lost.stop),),
        order=(),
        space=desk.space,
        topic=KIND,
        whom=what,
    )
    of = set(positions(tx, desk.space, MATTER, matter)) if matter else None
    return any(of is None or row["position"] in of for row in rows)


def _answered(desk: Desk, tx: Transaction, lost: range) -> set[str]:
    """Who answered then."""
    where = (Within("position", lost.start, lost.stop),)
    rows = tx.first("entry_about", None, where, order=(), space=desk.space, topic=SUBJECT, kind=_ANSWERED)
    return {str(row["whom"]) for row in rows}


def _called_back(desk: Desk, tx: Transaction, matter: Row, lost: range) -> Marks:
    """What recalls of then took."""
    found, name = Marks(), str(matter["id"])
    for n, says in every(desk, tx, name, ReleasedStatement):
        (row,) = tx.find("statement", matter=name, kind=ReleasedStatement.KIND, n=n)
        if says.kind == RECALL and row["position"] in lost:
            let_go.gather(tx, matter, n, into=found)
    return found


def _given(tx: Transaction, vault: str, live: Marks, people: set[str], back: Marks) -> set[str]:
    """Who of these would be released."""
    found = set[str]()
    for who in people:
        row = one(tx, "subject", vault=vault, id=ids.subject_bytes(who))
        slots = slot_places(row["slots"]) if row else {}  # type: ignore[arg-type]
        found |= {who} if any((number, *place) in live for number, place in slots.items()) else set()
    again = ((spot, [slot for slot in slots if (*spot, slot) in live]) for spot, slots in back.pages())
    return found | {ids.subject_text(who) for who, _ in let_go.whose(tx, vault, again)}


def _since(desk: Desk, tx: Transaction, who: str, lost: range) -> bool:
    """Whether they answered after the restore."""
    where = (Within("position", lost.stop, None),)
    return bool(tx.first("entry_about", 1, where, order=(), space=desk.space, topic=SUBJECT, whom=who, kind=_ANSWERED))
