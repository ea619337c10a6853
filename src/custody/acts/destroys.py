"""Destroys that a provider was asked for, until it says that the root is gone: one can be cancelled there, or a copied file be put back (spec/vault.md §11)."""

from collections.abc import Iterator
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.ports.store import Row, Transaction
from custody.vault.rotation import State

PENDING: Final = "pending"
GONE: Final = "gone"
BACK: Final = "back"


class Asked(NamedTuple):
    """One destroy: of which generation, where the root lay, when it was to take effect."""

    generation: int
    to: int
    ref: str
    effective_at: str


def unseen(tx: Transaction, vault: str) -> Iterator[Asked]:
    """The destroys whose root nobody has seen to be gone since their date, the oldest first."""
    for row in tx.find("rotation", order=("to_g",), vault=vault, state=str(State.DESTROYED)):
        kept = _kept(row)
        if kept.get("ref") and not kept.get("gone"):
            yield Asked(
                cast("int", row["from_g"]), cast("int", row["to_g"]), str(kept["ref"]), str(kept["effective_at"])
            )


def stands(desk: Desk, asked: Asked) -> str:
    """`gone`, `pending`, or `back` where the root is there as if nobody had asked. Raises what the provider raises."""
    state = desk.keys.state(asked.ref)
    if state == "live":
        return BACK
    return GONE if state == "gone" and desk.clock.now() >= parse(asked.effective_at) else PENDING


def moved(desk: Desk, asked: Asked) -> bool:
    """Whether a destroy that stands takes effect at another date than is written here: it was ordered anew, and that was cut off or done by somebody else.

    Safe: what is ordered already is not ordered again, it is only told.
    """
    return (
        desk.keys.state(asked.ref) == "scheduled"
        and stamp(desk.keys.destroy(asked.ref, desk.clock.now()).effective_at) != asked.effective_at
    )


def note_gone(desk: Desk, vault: str, asked: Asked) -> None:
    """The provider has it no more: the ledger says since when that is known."""
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        _keep(tx, vault, asked, {"gone": now})
        append(tx, desk.space, now, "root-gone", {"vault": vault, "g": asked.generation})


def ask_again(desk: Desk, vault: str, asked: Asked) -> str:
    """Somebody took the destroy back: it is asked for once more, and whatever it made final is final at the new date, which is returned."""
    done = desk.keys.destroy(asked.ref, desk.clock.now())
    at, now = stamp(done.effective_at), stamp(desk.clock.now())
    with desk.store.write() as tx:
        _keep(tx, vault, asked, {"effective_at": at})
        for (generation,) in {*tx.columns("erasure", ("generation",), vault=vault, final_at=asked.effective_at)}:
            if cast("int", generation) <= asked.generation:
                tx.change("erasure", {"final_at": at}, vault=vault, generation=generation, final_at=asked.effective_at)
        says: dict[str, Json] = {
            "vault": vault,
            "g": asked.generation,
            "was": asked.effective_at,
            "effective_at": at,
            "assurance": done.assurance,
        }
        append(tx, desk.space, now, "destroy-cancelled", says)
    return at


def _keep(tx: Transaction, vault: str, asked: Asked, more: dict[str, Json]) -> None:
    (row,) = tx.find("rotation", vault=vault, to_g=asked.to)
    tx.change("rotation", {"detail": canonical.encode({**_kept(row), **more})}, vault=vault, to_g=asked.to)


def _kept(row: Row) -> dict[str, Json]:
    return cast("dict[str, Json]", canonical.decode(cast("bytes", row["detail"])))
