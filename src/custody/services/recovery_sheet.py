"""A holder's shares as sheets, from the escrow store and the holder's key alone: for the day when the home is gone too (A4).

While a rotation waits for a place, shares of two generations lie there, and which of them opens depends on the backup that is left:
a sheet of each is made, and the restore takes the one it needs.
"""

from collections.abc import Mapping
from typing import TypeAlias

from custody.acts import escrow
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ports.files import Files
from custody.vault import sheet
from custody.vault.escrow import HolderKey
from custody.vault.shares import Share

_Opened: TypeAlias = tuple[escrow.Listed, Share]


def recovery_sheet(place: Files, key: HolderKey, vault: str | None) -> Mapping[str, Json]:
    """{"text"}: what `custody restore --sheet` takes, a sheet for each of `generations`, the newest first. `vault` is an id.

    `generation`, `share` and `needed` are of the newest. What does not open is in the way of no other. Raises Missing `escrow.missing`, `vault.which`, Broken `escrow.share`.
    """
    name, generations = escrow.named_in(place, key, vault)
    opened = _opened(place, key, name, generations)
    listed, newest = opened[0]
    return {
        "vault": listed.name,
        "generation": newest.generation,
        "generations": [share.generation for _, share in opened],
        "holder": listed.holders[newest.x]["handle"],
        "share": newest.x,
        "needed": newest.k,
        "text": "\n".join(_text(*one) for one in opened),
    }


def _opened(place: Files, key: HolderKey, vault: str, generations: list[int]) -> list[_Opened]:
    found: list[_Opened] = []
    fault: CustodyError | None = None
    for generation in reversed(generations):
        try:
            found.append(escrow.own_share((place,), vault, generation, key))
        except CustodyError as error:
            fault = fault or error
    if not found:
        assert fault is not None
        raise fault
    return found


def _text(listed: escrow.Listed, share: Share) -> str:
    return sheet.sheet(share, party=listed.party, vault=listed.name, holder=listed.holders[share.x]["handle"])
