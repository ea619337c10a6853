"""What was received and lies under keys that the seller has too: until it was sealed anew, no destroy here is the end of it (spec/vault.md §12).

The seller keeps these keys as long as it likes, so that a root that goes here takes nothing from it. A re-seal deletes what they open, from
this home and, with the next rotation begun after it, from every place for backups.
"""

from typing import Final, cast

from custody.acts.entries import entered
from custody.ports.store import Row, Transaction
from custody.vault.rotation import State

SELLER: Final = "seller-keys"
"""What a destroy spares where something lies under the keys of whoever handed it over."""


def foreign(tx: Transaction, vault: str) -> list[Row]:
    """Segments that still name another vault as their origin."""
    return [row for row in tx.find("segment", order=("id",), vault=vault) if row["origin"] != vault]


def under_sellers(tx: Transaction, vault: str) -> bool:
    """Whether the seller's keys open something of this vault here, or in a place for backups that nobody has renewed for certain."""
    return bool(foreign(tx, vault)) or waits_for_rotation(tx, vault)


def waits_for_rotation(tx: Transaction, vault: str) -> bool:
    """Whether what came was sealed anew and no rotation ended that came into force after that: each renews every place, or stops."""
    last = _resealed(tx, vault)
    if not last:
        return False
    (row,) = tx.find("vault", id=vault)
    switched = (found for found in entered(tx, str(row["party"]), "root-switched") if found.says.get("vault") == vault)
    first = 0
    for found in switched:
        if found.position < last:
            break
        first = cast("int", found.says["g"])
    ended = tx.find("rotation", vault=vault, state=str(State.DESTROYED))
    return not first or all(cast("int", each["to_g"]) < first for each in ended)


def spared(tx: Transaction, vault: str) -> list[str]:
    """What a destroy of a root of this vault does not reach, as a code."""
    return [SELLER] if under_sellers(tx, vault) else []


def _resealed(tx: Transaction, vault: str) -> int:
    """The number of the newest entry by which everything that had come was sealed anew; 0 of none."""
    numbers = (
        cast("int", said["position"])
        for matter in tx.find("matter", vault=vault)
        for said in tx.find("statement", matter=str(matter["id"]), kind="resealed")
    )
    return max(numbers, default=0)
