"""Recovery shares of the live keyring key, sealed to their holders, in an escrow store outside every backup (§23)."""

from typing import Final, cast

from custody.acts.desk import Desk
from custody.base import ids
from custody.base.errors import Broken, CustodyError, Missing
from custody.ports.store import Row, one
from custody.vault import shares
from custody.vault.escrow import seal_share

_FEWEST: Final = 2


def wanted(desk: Desk) -> int:
    """How many places must hold the shares."""
    return len(desk.outside.escrow)


def deposit(desk: Desk, vault: str, key: bytes, generation: int) -> int:
    """Split, seal, write, read back; returns in how many places all shares lie. Raises Missing `escrow.holders`."""
    if not desk.outside.escrow:
        return 0
    with desk.store.read() as tx:
        holders = tx.find("holder", order=("handle",), party=desk.space)
        row = one(tx, "threshold", party=desk.space)
    k = cast("int", row["k"]) if row else _FEWEST
    if len(holders) < max(k, _FEWEST):
        raise Missing("escrow.holders", f"An escrow store is set up, and {len(holders)} of {k} holders have a key.",
                      next="Holders cannot join yet: take escrow out of custody.toml, and use custody recovery print")  # fmt: skip
    made = shares.split(key, k, len(holders), generation)
    blobs = {_name(vault, generation, share.x): _sealed(vault, share, holder)
             for share, holder in zip(made, holders, strict=True)}  # fmt: skip
    held = 0
    for place in desk.outside.escrow:
        place.remove(_folder(vault, generation))
        for name, blob in blobs.items():
            place.write(name, blob, secret=True)
        if any(place.read(name) != blob for name, blob in blobs.items()):
            raise Broken(
                "escrow.readback", "A place of the escrow store does not return what it was given.", kind="altered"
            )
        held += 1
    return held


def forget(desk: Desk, vault: str, generation: int) -> None:
    """Remove the shares of a generation whose root goes, everywhere."""
    for place in desk.outside.escrow:
        place.remove(_folder(vault, generation))


def found(desk: Desk, vault: str, generation: int, x: int) -> bytes:
    """The sealed share x, from whichever place answers. Raises Missing `escrow.missing`."""
    for place in desk.outside.escrow:
        try:
            return place.read(_name(vault, generation, x))
        except CustodyError:
            continue
    raise Missing("escrow.missing", "No place of the escrow store holds this share.")


def _sealed(vault: str, share: shares.Share, holder: Row) -> bytes:
    return seal_share(ids.id_bytes(vault), share, cast("bytes", holder["public"]))


def _folder(vault: str, generation: int) -> str:
    return f"{vault}/{generation:020d}"


def _name(vault: str, generation: int, x: int) -> str:
    return f"{_folder(vault, generation)}/{x}.share"
