"""So many customers one person erases alone in a day, wholly or in part; beyond that a second person approves just these (threat model G19)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.approval import content_hash, demand
from custody.acts.counter import add_up_to
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.ports.store import Transaction

ALONE: Final = 100
"""A day of the company and vault, for each person."""
ACT: Final = "erase"


def require_second(
    desk: Desk, tx: Transaction, vault: str, people: int, what: Mapping[str, Json], *, alone: bool = True
) -> None:
    """Count them, unless that were too many, or it is not for one person `alone`: then `what` needs an approval. Raises Refused `act.unapproved`."""
    counter = f"erased-alone:{vault}:{desk.principal.id}:{desk.today()}"
    if not alone or not add_up_to(tx, counter, people, most=ALONE):
        demand(desk, tx, ACT, content_hash({"act": ACT, "vault": vault, **what}))
