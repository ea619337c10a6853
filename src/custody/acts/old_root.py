"""The old root of a rotation that is to end with its destroy, and a provider that never answers again (spec/vault.md §10, §11, decision 93).

Everything lies under the new root, in every place; nothing but the order is left. Without a word the rotation stands there, every later one behind it,
and nothing that is erased is ever final. Two people may say that what the old root lay on was destroyed: the rotation ends on their word.
"""

from collections.abc import Iterator
from typing import NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.vaults import keyring_ref
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import CustodyError
from custody.ports.keys import Destroyed
from custody.ports.store import Transaction
from custody.vault.rotation import State


class OldRoot(NamedTuple):
    """The root of generation `generation`, which the rotation to `to` leaves."""

    generation: int
    to: int
    ref: str


def leaving(tx: Transaction, vault: str) -> Iterator[OldRoot]:
    """Those whose order is all that is left of a rotation, and of which nobody has given a word."""
    for row in tx.find("rotation", order=("to_g",), vault=vault, state=str(State.DESTROYING)):
        kept = cast("bytes", row["detail"])
        if not word(kept):
            yield OldRoot(cast("int", row["from_g"]), cast("int", row["to_g"]), keyring_ref(kept))


def attest(tx: Transaction, vault: str, root: OldRoot, at: str) -> None:
    """Two people say that what it lay on was destroyed."""
    (row,) = tx.find("rotation", vault=vault, to_g=root.to)
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["detail"])))
    tx.change("rotation", {"detail": canonical.encode({**told, "attested": at})}, vault=vault, to_g=root.to)


def word(kept: bytes) -> str:
    """When two people gave their word for it; '' where nobody did."""
    told = cast("dict[str, Json]", canonical.decode(kept)) if kept else {}
    return str(told.get("attested") or "")


def ended(desk: Desk, kept: bytes) -> tuple[Destroyed, bool]:
    """(what became of it, whether that is people's word alone). It is ordered to go; where nothing is heard of it, it went when they said so. Raises what its provider raises where nobody gave a word."""
    ref = keyring_ref(kept)
    try:
        return desk.keys.destroy(ref, desk.clock.now()), False
    except CustodyError:
        if not (said := word(kept)):
            raise
        return Destroyed(parse(said), desk.keys.terms(ref).assurance), True
