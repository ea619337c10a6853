"""A holder's share as a sheet, from the escrow store and the holder's key alone: for the day when the home is gone too (A4)."""

from collections.abc import Mapping

from custody.acts import escrow
from custody.base.canonical import Json
from custody.ports.files import Files
from custody.vault import sheet
from custody.vault.escrow import HolderKey


def recovery_sheet(place: Files, key: HolderKey, vault: str | None) -> Mapping[str, Json]:
    """{"text"}: what `custody restore --sheet` takes. `vault` is an id. Raises Missing `escrow.missing`, `vault.which`."""
    name, generation = escrow.newest(place, key, vault)
    listed, share = escrow.own_share((place,), name, generation, key)
    holder = listed.holders[share.x]["handle"]
    text = sheet.sheet(share, party=listed.party, vault=listed.name, holder=holder)
    return {
        "vault": listed.name,
        "generation": generation,
        "holder": holder,
        "share": share.x,
        "needed": share.k,
        "text": text,
    }
