"""What customers answered and a restore lost: nobody is released on what was on file before it (spec/vault.md §21, G9).

The entry of an answer is sealed under the person's key and names them in its header, so the ledger says who answered between the facts of
a backup and the restore from it, and not what. A request says of what kind it was. A recall of then was put back: it says whom it took.
What customers were told then, and what came back of it, is not put back either: nothing goes before it is said, or taken in, again.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple, cast

from custody.acts import let_go
from custody.acts.desk import Desk
from custody.acts.entries import KIND, MATTER, SUBJECT, entered, positions, read_at
from custody.acts.handing import every
from custody.acts.marks import Marks
from custody.acts.noted import LETTING_GO, SAYING_NO
from custody.acts.releases import RECALL
from custody.acts.vaults import slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.package.statements import Gate, ReleasedStatement
from custody.ports.store import OneOf, Row, Transaction, Within, one

_ANSWERED: Final = "answered"
_OF_MANY: Final = ("answers-taken", "notice-recorded", "consent-recorded", "object-recorded", "request-received")
"""Entries that do not say in clear whom they are about, or end in no answer: after them the gate decides anew."""
_ASKED: Final = "request-received"
_TOLD: Final = "deal-told"
_CAME_BACK: Final = "campaign-bounced"
_NAMED: Final = 20


class _Said(NamedTuple):
    """Somebody said something; `goes` is that they be deleted, which no answer to anything else replaces."""

    who: str
    goes: bool = False


def require_answers(desk: Desk, tx: Transaction, matter: Row, live: Marks) -> None:
    """Raises Refused `release.answers-lost` where a restore lost answers and no gate decided since, or where somebody would be released whose answer is lost, or whom a recall of then took, and who has not answered anew; `release.told-lost` where what they were told then, or what came back, was not said or taken in again."""
    name, vault = str(matter["id"]), str(matter["vault"])
    for lost in _windows(desk, tx):
        _require_told(desk, tx, name, lost)
        people, back = _answered(desk, tx, lost), _called_back(desk, tx, matter, lost)
        if not (people or len(back) or any(_within(desk, tx, f"entry.{kind}", lost) for kind in _OF_MANY)):
            continue
        if not _within(desk, tx, f"statement.{Gate.KIND}", range(lost.stop, 1 << 62), name):
            raise Refused("release.answers-lost", "Answers of customers went with the store that was lost, and the gate decided before that.",
                          next="Bring in again what came since the backup (not_in_backup of the restore), then custody gate DEAL")  # fmt: skip
        taken = {_Said(who) for who in _whose(tx, vault, live, back)}
        missing = (people | taken) - _answered(desk, tx, range(lost.stop, 1 << 62))
        if waiting := _given(tx, vault, live, {said.who for said in missing}) | {said.who for said in missing & taken}:
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


def _require_told(desk: Desk, tx: Transaction, name: str, lost: range) -> None:
    """Raises Refused `release.told-lost`. Of a campaign that went with the store nobody counts as told: what came back of it takes nothing from anybody."""
    since = range(lost.stop, 1 << 62)
    fields = _told(desk, tx, name, lost) - _told(desk, tx, name, since)
    came = _came_back(desk, tx, lost) - _came_back(desk, tx, since, nothing=True)
    refs = [str(row["ref"]) for one_id in came for row in tx.find("campaign", id=one_id, matter=name)]
    if fields or refs:
        raise Refused("release.told-lost", "What customers were told, or what came back of it, went with the store that was lost: by what is here more people count as told, or earlier days bind.",
                      where={"fields": ", ".join(sorted(fields)), "campaigns": ", ".join(sorted(refs))},
                      next="custody deal tell DEAL with the same again; custody campaign bounces CAMPAIGN with its mailbox again")  # fmt: skip


def _told(desk: Desk, tx: Transaction, name: str, span: range) -> set[str]:
    """What was told of the deal then, by name; the entry does not say what."""
    told = (says for says in _entries(desk, tx, _TOLD, span) if says.get("matter") == name)
    return {str(field) for says in told for field in cast("list[Json]", says["fields"])}


def _came_back(desk: Desk, tx: Transaction, span: range, *, nothing: bool = False) -> set[str]:
    """The campaigns of which something came back then; `nothing`: also those whose mailbox held nothing new."""
    return {
        str(says["campaign"])
        for says in _entries(desk, tx, _CAME_BACK, span)
        if nothing or says["bounced"] or says.get("replies")
    }


def _entries(desk: Desk, tx: Transaction, kind: str, span: range) -> Iterator[Mapping[str, Json]]:
    where = (Within("position", span.start, span.stop),)
    rows = tx.first("entry_about", None, where, order=(), space=desk.space, topic=KIND, whom=f"entry.{kind}")
    return (read_at(tx, desk.space, cast("int", row["position"])).says for row in rows)


def _answered(desk: Desk, tx: Transaction, span: range) -> set[_Said]:
    """Who said something then that may keep their data: an answer, a no, or that they be deleted."""
    where = (Within("position", span.start, span.stop), OneOf("kind", (_ANSWERED, _ASKED)))
    found = set[_Said]()
    for row in tx.first("entry_about", None, where, order=(), space=desk.space, topic=SUBJECT):
        asked = read_at(tx, desk.space, cast("int", row["position"])).says["kind"] if row["kind"] == _ASKED else ""
        if row["kind"] == _ANSWERED or asked in (*SAYING_NO, *LETTING_GO):
            found.add(_Said(str(row["whom"]), asked in LETTING_GO))
    return found


def _called_back(desk: Desk, tx: Transaction, matter: Row, lost: range) -> Marks:
    """What recalls of then took."""
    found, name = Marks(), str(matter["id"])
    for n, says in every(desk, tx, name, ReleasedStatement):
        (row,) = tx.find("statement", matter=name, kind=ReleasedStatement.KIND, n=n)
        if says.kind == RECALL and row["position"] in lost:
            let_go.gather(tx, matter, n, into=found)
    return found


def _given(tx: Transaction, vault: str, live: Marks, people: Collection[str]) -> set[str]:
    """Who of these would be released."""
    found = set[str]()
    for who in people:
        row = one(tx, "subject", vault=vault, id=ids.subject_bytes(who))
        slots = slot_places(row["slots"]) if row else {}  # type: ignore[arg-type]
        found |= {who} if any((number, *place) in live for number, place in slots.items()) else set()
    return found


def _whose(tx: Transaction, vault: str, live: Marks, back: Marks) -> set[str]:
    """Whose slots would go that a recall of then took."""
    again = ((spot, [slot for slot in slots if (*spot, slot) in live]) for spot, slots in back.pages())
    return {ids.subject_text(who) for who, _ in let_go.whose(tx, vault, again)}
