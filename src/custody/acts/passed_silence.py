"""Who told the seller that nobody may contact them tells it to the buyer by that: a mark goes along with a release, no tag of a list does (spec/package.md §5).

At the buyer it is the person's own: once they, or somebody for them, took it off, no later release of the seller's puts it back.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final, cast

from custody.acts.deaths import everybody_dead
from custody.acts.desk import Desk
from custody.acts.marks import Marks
from custody.acts.suppressing import NO_CONTACT, PASSED, silenced, suppressor, tags_and_lost
from custody.acts.vaults import slot_places
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one

TOLD: Final = "told"


def going(tx: Transaction, vault: str, *there: Marks) -> list[bytes]:
    """Of those whom nobody may contact, or can, whoever has a key in what goes to the buyer, or lies there: who died since is written to there no more than here."""
    rows = tx.among("subject", ("id", "slots"), "id", silenced(tx, vault) | everybody_dead(tx, vault), vault=vault)
    return sorted(cast("bytes", who) for who, slots in rows if _lies(cast("bytes", slots), there))


def take(tx: Transaction, vault: str, people: Iterable[bytes]) -> int:
    """Mark whoever of these is here and was not told of before; how many."""
    fresh = 0
    for who in people:
        row = one(tx, "subject", vault=vault, id=who)
        if row is None or row["state"] != "live":
            continue
        facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"])))
        if PASSED not in facts:
            made = canonical.encode({**facts, NO_CONTACT: True, PASSED: TOLD})
            fresh += tx.change("subject", {"facts": made}, vault=vault, id=who)
    return fresh


def came_with(subject: Row) -> bool:
    """Whether the mark of this person came with the hand-over and stands."""
    facts = cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"])))
    return facts.get(PASSED) == TOLD and bool(facts.get(NO_CONTACT))


def is_theirs(desk: Desk, tx: Transaction, vault: str, subject: Row) -> bool:
    """Whether the mark of this person came with the hand-over and they alone can take it off: nothing of theirs stands on our own list, nor may."""
    if not came_with(subject):
        return False
    who, lost, made = cast("bytes", subject["id"]), Counter[bytes](), suppressor(desk, tx)
    if made is None:
        return True
    tags = tags_and_lost(desk, tx, vault, who, made, lost)
    return not lost[who] and not any(tx.count("suppressed", party=desk.space, kind=kind, tag=tag) for kind, tag in tags)


def _lies(slots: bytes, there: Collection[Marks]) -> bool:
    places = [(compartment, *place) for compartment, place in slot_places(slots).items()]
    return any(place in marks for marks in there for place in places)
