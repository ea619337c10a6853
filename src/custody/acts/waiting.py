"""At the buyer: what lies in the hand-over's folder, was not taken yet, and opens with the deal's key alone (spec/requests.md §4)."""

from collections.abc import Callable

from custody.acts import bundling, passing
from custody.acts.arriving import invited
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Malformed, Refused
from custody.package.corrected import Adopted
from custody.package.release_seal import DealKey
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, Within


def next_corrections(tx: Transaction, matter: str) -> int:
    """The number of the bundle of corrections to be taken next."""
    return tx.count("statement", matter=matter, kind=Adopted.KIND) + 1


def require_taken(desk: Desk, matter: Row, source: Files) -> None:
    """To be asked before the key goes. Raises Refused `reseal.waiting`.

    What the key does not open is no reason to keep it: the seller seals it again to the next.
    """
    name, ref = str(matter["id"]), str(matter["ref"])
    with desk.store.read() as tx:
        key = _key(desk, tx, name)
        requests, corrections = passing.next_bundle(tx, name), next_corrections(tx, name)
    if key is None:
        return
    if _lies(source, passing.bundle(requests), lambda data: passing.opened(key, ref, requests, data)):
        raise _waits("request take")
    file = f"{bundling.folder(corrections)}/{bundling.FILE}"
    if _lies(source, file, lambda data: bundling.opened(key, ref, corrections, data)):
        raise _waits("correction take")


def _key(desk: Desk, tx: Transaction, matter: str) -> DealKey | None:
    """The deal's key; None where a re-seal that was killed has overwritten it already, and had asked before, or two people say that what it lay on was destroyed: nothing opens with it."""
    try:
        key = invited(desk, tx, matter).key
    except CustodyError as error:
        overwritten = isinstance(error, Malformed) and error.slug == "keys.file"
        if not overwritten and not tx.count("deal_root", (Within("attested", "0"),), matter=matter, gone=""):
            raise
        return None
    return key if isinstance(key, DealKey) else None


def _lies(source: Files, name: str, opens: Callable[[bytes], object]) -> bool:
    """Whether it is there, and opens."""
    try:
        opens(source.read(name))
    except CustodyError:
        return False
    return True


def _waits(act: str) -> Refused:
    return Refused("reseal.waiting", "The seller passed on what only the key of this deal opens, and a re-seal deletes that key.",
                   next=f"custody {act} DEAL --at FOLDER, then run it again")  # fmt: skip
