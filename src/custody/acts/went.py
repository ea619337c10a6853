"""What of a person releases let go and recalls took back, and what they may still say no to: to the hand-over before it, afterwards to the use of what went (spec/consent.md §3)."""

from dataclasses import dataclass
from typing import Final, cast

from custody.acts import releases
from custody.acts.answered import Answer
from custody.acts.asking import OBJECTION, Question, own_compartments
from custody.acts.desk import Desk
from custody.acts.handing import counterparty, understood
from custody.acts.marks import marked
from custody.acts.parted import parted
from custody.acts.vaults import slot_places
from custody.package.statements import Recalled, ReleasedStatement
from custody.ports.store import Row, Transaction

_WENT: Final = "objection.moved"


@dataclass(frozen=True, slots=True)
class Went:
    """Which of the person's slots lie with the buyer, the release that gave the last of what ever went (0 for none), which recalls took of it, and whether something that went has no key here any more."""

    compartments: frozenset[int] = frozenset()
    by: int = 0
    back: tuple[ReleasedStatement, ...] = ()
    parted: bool = False

    @property
    def there(self) -> int:
        """How many slots lie with the buyer."""
        return len(self.compartments)


def went(desk: Desk, tx: Transaction, matter: Row, subject: Row) -> Went:
    """In the order of the releases: what one of them gave another takes back, and one after it gives again."""
    name, places, there, by = str(matter["id"]), slot_places(cast("bytes", subject["slots"])), set[int](), 0
    back = dict[int, ReleasedStatement]()
    for each in releases.made(desk, tx, name):
        for compartment in own_compartments(subject):
            page, slot = places[compartment]
            rows = tx.find("released_page", matter=name, n=each.n, compartment=compartment, page=page)
            if not rows or not marked(cast("bytes", rows[0]["live"]), slot):
                continue
            if each.kind == releases.RECALL:
                there.discard(compartment)
                back[each.n] = each
            else:
                there.add(compartment)
                by = each.n
    return Went(frozenset(there), by, tuple(back.values()), bool(parted(tx, name, cast("bytes", subject["id"]))))


def confirmed_at(desk: Desk, tx: Transaction, matter: Row, back: tuple[ReleasedStatement, ...]) -> str:
    """When the buyer answered the last of these recalls with nothing kept; '' while it owes an answer, or a hold keeps keys there: nobody can say whose."""
    name, buyer, found = str(matter["id"]), counterparty(tx, str(matter["counterparty"])), list[str]()
    for each in back:
        said = releases.answered(tx, name, "receipt", each.n)
        envelope = cast("bytes", said[-1]["envelope"]) if said else b""
        if not said or Answer(each, envelope).held(buyer, rehearsal=desk.rehearsal):
            return ""
        found.append(understood(envelope, Recalled, buyer.identity, rehearsal=desk.rehearsal).answered_at)
    return max(found, default="")


def objection(desk: Desk, tx: Transaction, matter: Row, subject: Row) -> Question:
    """The objection of this person, in words that are true now: what went stays nowhere by a no, and is not called back by it."""
    gone = went(desk, tx, matter, subject)
    return Question(OBJECTION, own_compartments(subject), (), words=_WENT if gone.there or gone.parted else "")
