"""Shares of a vault's key given to its party's holders, and the ledger's word that they have them (spec/vault.md §23)."""

from typing import cast

from custody.acts import escrow
from custody.acts.backed_keys import backed_keys
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.holders import enough, needed, standing
from custody.acts.vaults import UNTRIED
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction, one


def give_out(desk: Desk, vault: str) -> int:
    """Deposit shares of the key in force, and of that before while a backup stands under it; in how many places they lie. Raises as `escrow.deposit`."""
    with desk.store.read() as tx:
        row = cast("Row", one(tx, "vault", id=vault))
        keys = backed_keys(desk, tx, row)
    for generation, key in keys.items():
        places = escrow.deposit(desk, vault, key, generation)
    with desk.store.write() as tx:
        note(desk, tx, vault, cast("int", row["generation"]), places)
    return places


def give_out_where_held(desk: Desk, vault: str) -> bool:
    """Whether there are holders and places: then a vault that came after they were named is in their hands too."""
    with desk.store.read() as tx:
        held = bool(desk.outside.escrow) and enough(tx, desk.space)
    return held and give_out(desk, vault) > 0


def note(desk: Desk, tx: Transaction, vault: str, generation: int, places: int) -> None:
    """Enter a deposit; a vault that waited for somebody who could bring it back waits no longer. Of none, nothing."""
    if not places:
        return
    says: dict[str, Json] = {"vault": vault, "g": generation, "threshold": cast("int", needed(tx, desk.space)),
                             "shares": len(standing(tx, desk.space)), "places": places}  # fmt: skip
    append(tx, desk.space, stamp(desk.clock.now()), "shares-deposited", says)
    tx.change("vault", {"state": "open"}, id=vault, state=UNTRIED)
