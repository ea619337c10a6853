"""The suppression list's key under a root at the provider in use, where it lay at another one (spec/retention.md §7).

The key stays as it is, so every tag does. The root of before stays where it was: it opens what copies of the store hold, and goes
with its provider. Nothing of today needs it once this is in the mirror: a restore of an older backup puts the key where the entry says.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.new_root import wrap_anew
from custody.base.canonical import Json, b64, unb64
from custody.base.clock import stamp
from custody.base.errors import CustodyError
from custody.ports.store import Cells, Transaction, one

MOVED: Final = "suppression-moved"


class Tried(NamedTuple):
    """Whether it was moved now, and why it could not be."""

    moved: bool = False
    fault: str = ""


def move_list(desk: Desk) -> Tried:
    """For whoever moves a vault. A provider that does not answer keeps no vault waiting: the list moves with a later rotation."""
    with desk.store.read() as tx:
        row = one(tx, "suppression_key", party=desk.space)
    if row is None:
        return Tried()
    old, provider = str(row["ref"]), desk.keys.terms().provider
    try:
        if desk.keys.terms(old).provider == provider:
            desk.keys.state(old)  # of the same kind is not the same place: what only settings of before reached is told
            return Tried()
        ref, wrapped = wrap_anew(desk.keys, desk.space, 1, desk.keys.unwrap(old, cast("bytes", row["wrapped"])))
    except CustodyError as error:
        return Tried(fault=error.slug)
    detail: dict[str, Json] = {"ref": ref, "key": b64(wrapped), "old": old}
    with desk.store.write() as tx:
        if one(tx, "suppression_key", party=desk.space) != row:
            return Tried()  # somebody else did it meanwhile, or began the list anew
        moved_to(tx, desk.space, detail)
        says: dict[str, Json] = {"provider": provider, "principal": desk.principal.id}
        append(tx, desk.space, stamp(desk.clock.now()), MOVED, says, detail=detail)
    return Tried(moved=True)


def moved_to(tx: Transaction, space: str, detail: Mapping[str, Json]) -> None:
    """What the entry did, for a restore too: a list that the facts do not know has its key in the entry that made it."""
    row: Cells = {"ref": str(detail["ref"]), "wrapped": unb64(str(detail["key"]))}
    tx.change("suppression_key", row, party=space)
