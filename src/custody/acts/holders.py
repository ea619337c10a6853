"""Who holds recovery shares: whom two people named, for as long as they may act here (spec/vault.md §23)."""

import hashlib
from collections.abc import Collection
from typing import Final, cast

from custody.acts.evidence import append
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one

FEWEST: Final = 2


def key_name(public: bytes) -> str:
    """How a holder's key is called: the hash of its public half."""
    return hashlib.sha256(public).hexdigest()


def needed(tx: Transaction, party: str) -> int | None:
    """How many shares open a vault; None while nobody was ever named."""
    row = one(tx, "threshold", party=party)
    return max(cast("int", row["k"]), FEWEST) if row else None


def standing(tx: Transaction, party: str) -> list[Row]:
    """The holders of the next deposit. Whoever's right to act ended is none, whatever is still written of them."""
    people = tx.columns("principal", ("handle", "revoked_at"), party=party)
    gone = {handle for handle, revoked in people if revoked}
    return [row for row in tx.find("holder", order=("handle",), party=party) if row["handle"] not in gone]


def enough(tx: Transaction, party: str) -> bool:
    """Whether so many are left that their shares would open a vault."""
    k = needed(tx, party)
    return k is not None and len(standing(tx, party)) >= k


def let_go(tx: Transaction, party: str, at: str, handles: Collection[str]) -> None:
    """Strike those who leave off the holders; the ledger says whose keys, and how many are left. Of nobody who is a holder, nothing."""
    left = [row for row in tx.find("holder", order=("handle",), party=party) if row["handle"] in handles]
    if not left:
        return
    for row in left:
        tx.drop("holder", party=party, handle=row["handle"])
    told: list[Json] = [key_name(cast("bytes", row["public"])) for row in left]
    append(tx, party, at, "holders-left", {"holders": told, "left": len(standing(tx, party))})
