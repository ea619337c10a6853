"""Whether anything of somebody whose keys go had gone to the buyer of a deal: noted with the erasure, since a shredded slot says no more whose it was (spec/portal.md §3, decision 112)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

from custody.acts.marks import Marks
from custody.acts.passing import SELLER, side_of
from custody.ports.store import Cells, Row, Transaction, one

TABLE: Final = "parted"
Places = Mapping[int, tuple[int, int]]


def note(tx: Transaction, vault: str, gone: Mapping[bytes, Places], whole: Collection[bytes] = ()) -> None:
    """`gone`: whose slots go now; of the `whole` nothing is left. Of these it is noted in every deal either way, of others that something of theirs had gone: what is left of them may still go."""
    for matter in tx.find("matter", order=("id",), vault=vault, kind="deal") if gone else ():
        if side_of(tx, matter) == SELLER:
            ever = _ever(tx, matter)
            found = {who: any((part, *place) in ever for part, place in places.items()) for who, places in gone.items()}
            keep(tx, str(matter["id"]), {who: yes for who, yes in found.items() if yes or who in whole})


def note_again(
    tx: Transaction, vault: str, met: Sequence[tuple[bytes, Places]], erased: Collection[tuple[int, int, int]]
) -> None:
    """The same of an erasure that a restore does again: `met` has whose slots were among the `erased`, and all that they had."""
    gone = {who: {part: place for part, place in held.items() if (part, *place) in erased} for who, held in met}
    note(tx, vault, gone, {who for who, held in met if len(gone[who]) == len(held)})


def keep(tx: Transaction, matter: str, found: Mapping[bytes, bool]) -> None:
    """What went stays noted, whatever goes later."""
    rows = tx.among(TABLE, ("subject", "went"), "subject", found, matter=matter)
    known = {cast("bytes", who): bool(yes) for who, yes in rows}
    fresh: list[Cells] = [
        {"matter": matter, "subject": who, "went": int(yes)} for who, yes in sorted(found.items()) if who not in known
    ]
    tx.add(TABLE, fresh)
    for who, yes in found.items():
        if yes and known.get(who) is False:
            tx.change(TABLE, {"went": 1}, matter=matter, subject=who)


def parted(tx: Transaction, matter: str, who: bytes) -> bool | None:
    """Whether something of theirs had gone when their keys did; None where nothing was noted: they have all their keys, went with the deal, or were erased before this was kept."""
    row = one(tx, TABLE, matter=matter, subject=who)
    return bool(row["went"]) if row else None


def _ever(tx: Transaction, matter: Row) -> Marks:
    """The slots that any release of the deal let go, called back or not."""
    found = Marks()
    for row in tx.find("released_page", matter=str(matter["id"])):
        found.join((cast("int", row["compartment"]), cast("int", row["page"])), cast("bytes", row["live"]))
    return found
