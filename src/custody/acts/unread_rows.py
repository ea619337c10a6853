"""Rows set aside that nobody could read when somebody was erased: whether they name that person nobody knows (spec/vault.md §9).

Who is erased is known by nothing afterwards, so a row that opens again later can be looked through no more. The opening of the
erasure therefore says which rows it did not see; they are unseen for as long as they are there, whether or not they open by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple, cast

from custody.acts.entries import entered
from custody.acts.expiring import QUARANTINED
from custody.acts.vaults import QUARANTINE
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.ports.store import Transaction, one

SAYS: Final = "aside_unread"
"""How many there were, in what the entry says."""
_ERASED: Final = "erased"


class Unseen(NamedTuple):
    """An erasure, and what it did not see of rows that are still there."""

    entry: int
    rows: Mapping[bytes, set[int]]


def said(rows: Mapping[bytes, Collection[int]]) -> dict[str, Json]:
    """What the opening of an erasure says of rows that it did not see."""
    told: list[Json] = [
        [ids.subject_text(who), *run] for who, numbers in sorted(rows.items()) for run in _runs(numbers)
    ]
    return {SAYS: told} if told else {}


def unseen(tx: Transaction, space: str, vault: str) -> Iterator[Unseen]:
    """The erasures that did not see rows which are still there, the newest first."""
    there = _there(tx, vault)
    for found in entered(tx, space, _ERASED) if there else ():
        if found.says.get("vault") == vault and found.says.get(SAYS):
            rows = {who: numbers for who, numbers in _read(tx, space, found.position, there).items() if numbers}
            if rows:
                yield Unseen(found.position, rows)


def unlooked(tx: Transaction, space: str, vault: str) -> Mapping[bytes, set[int]]:
    """{quarantine: the numbers of its records} of all of them."""
    found = defaultdict[bytes, set[int]](set)
    for one_act in unseen(tx, space, vault):
        for who, numbers in one_act.rows.items():
            found[who] |= numbers
    return found


def _there(tx: Transaction, vault: str) -> Mapping[bytes, set[int]]:
    aside = [cast("bytes", row["id"]) for row in tx.find("subject", vault=vault, kind=QUARANTINED, state="live")]
    return {
        who: {cast("int", number) for (number,) in tx.columns("record", ("record",), vault=vault, subject=who, compartment=QUARANTINE)}
        for who in aside
    }  # fmt: skip


def _read(tx: Transaction, space: str, entry: int, there: Mapping[bytes, set[int]]) -> Mapping[bytes, set[int]]:
    row, found = one(tx, "opening", space=space, position=entry), defaultdict[bytes, set[int]](set)
    told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["detail"]))) if row else {}
    for name, first, last in cast("list[tuple[str, int, int]]", told.get(SAYS, [])):
        who = ids.subject_bytes(name)
        found[who] |= {number for number in there.get(who, ()) if first <= number <= last}
    return found


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
