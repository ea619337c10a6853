"""A holder gives the own share to the holder who collects; nobody can give another's (A4, spec/vault.md §23)."""

from collections.abc import Mapping
from typing import cast

from custody.acts import escrow
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.holders import standing
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied
from custody.ports.store import one
from custody.vault.escrow import HolderKey


def recovery_give(desk: Desk, key: HolderKey, to: str, vault: str | None) -> Mapping[str, Json]:
    """Needs no root: shares are opened by their holder's key alone. Raises Denied `escrow.not-holder`, Missing `escrow.missing`."""
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        mine = one(tx, "holder", party=desk.space, handle=desk.principal.handle)
        collector = next((row for row in standing(tx, desk.space) if row["handle"] == to), None)
    if mine is None or collector is None or mine["public"] != key.public:
        raise Denied("escrow.not-holder", "This key holds no share of this vault's generation.",
                     next="Each holder gives their own share, to another holder.")  # fmt: skip
    name, generation = str(row["id"]), cast("int", row["generation"])
    _, own = escrow.own_shares(desk.outside.escrow, name, generation, key)
    for share in own:  # of every set there is: which of them the others have too is seen by whoever collects
        escrow.give(desk, name, share, collector)
    share = own[0]
    says: dict[str, Json] = {"vault": name, "g": generation, "share": share.x, "principal": desk.principal.id, "to": to}
    with desk.store.write() as tx:
        position = append(tx, desk.space, stamp(desk.clock.now()), "share-given", says)
    return {"vault": str(row["name"]), "generation": generation, "share": share.x, "needed": share.k, "to": to,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip
