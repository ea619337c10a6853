"""Shares of a vault's key given to its party's holders, and the ledger's word that they have them (spec/vault.md §23)."""

from typing import cast

from custody.acts import escrow
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.holders import enough, needed, standing
from custody.acts.vaults import UNTRIED, open_keyring
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Transaction


def give_out(desk: Desk, vault: str) -> int:
    """Deposit shares of the key in force; in how many places they lie. Raises as `escrow.deposit`."""
    with desk.store.read() as tx:
        ring = open_keyring(desk, tx, vault)
    places = escrow.deposit(desk, vault, ring.key, ring.generation)
    with desk.store.write() as tx:
        note(desk, tx, vault, ring.generation, places)
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
