"""Rows set aside that nobody could read when somebody was erased: whether they name that person nobody knows (spec/vault.md §9).

Who is erased is known by nothing afterwards, so a row that opens again later can be looked through no more. The opening of the
erasure therefore says which rows it did not see; they are unseen for as long as they are there, whether or not they open by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final, cast

from custody.acts.entries import entered
from custody.acts.vaults import QUARANTINE
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.ports.store import Cells, Transaction, Within, one

SAYS: Final = "aside_unread"
"""How many there were, in what the entry says."""
_ERASED: Final = "erased"


def said(rows: Mapping[bytes, Collection[int]]) -> dict[str, Json]:
    """What the opening of an erasure says of rows that it did not see."""
    told: list[Json] = [
        [ids.subject_text(who), *run] for who, numbers in sorted(rows.items()) for run in _runs(numbers)
    ]
    return {SAYS: told} if told else {}


def unseen(tx: Transaction, space: str, vault: str, entry: int) -> int:
    """How many rows are still there of those that the erasure of this entry did not see."""
    return sum(tx.count("record", (within,), **where) for where, within in _told(tx, space, vault, entry))


def unlooked(tx: Transaction, space: str, vault: str) -> Mapping[bytes, set[int]]:
    """{quarantine: the numbers of its records} of all rows that are still there and some erasure did not see."""
    found = defaultdict[bytes, set[int]](set)
    for act in entered(tx, space, _ERASED):
        if act.says.get("vault") == vault and act.says.get(SAYS):
            for where, within in _told(tx, space, vault, act.position):
                rows = tx.scan("record", (within,), order=("record",), **where)
                found[cast("bytes", where["subject"])].update(cast("int", row["record"]) for row in rows)
    return found


def _told(tx: Transaction, space: str, vault: str, entry: int) -> Iterator[tuple[Cells, Within]]:
    """Where the rows lie of which the opening of this entry says that nobody could read them."""
    row = one(tx, "opening", space=space, position=entry)
    told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["detail"]))) if row else {}
    for name, first, last in cast("list[tuple[str, int, int]]", told.get(SAYS, [])):
        yield (
            {"vault": vault, "subject": ids.subject_bytes(name), "compartment": QUARANTINE},
            Within("record", first, last + 1),
        )


def _runs(numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of numbers that follow one another: a lost segment has as many rows as it likes."""
    first = last = -1
    for number in sorted(numbers):
        if first >= 0 and number == last + 1:
            last = number
            continue
        if first >= 0:
            yield first, last
        first = last = number
    if first >= 0:
        yield first, last
