"""Which parts of a hand-over may be carried to the buyer: those whose own signed statement lies with them (C6)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.handing import PACKAGE, SHIPPED
from custody.acts.matters import deal
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.package.release import folder_name
from custody.package.statements import ReleasedStatement, Shipped
from custody.ports.files import Files
from custody.ports.store import Transaction

_KINDS: Final = (Shipped.KIND, ReleasedStatement.KIND)


def handover_parts(desk: Desk, named: str, out: Files) -> Mapping[str, Json]:
    """The parts that stand whole, and those of which something lies there already.

    An act lays its statement last, so that what was cut off before lies there without it; a statement counts when it is the one
    that this home committed, byte for byte, so that what was left of an earlier try is never taken for a part that stands.
    """
    names = out.list()
    with desk.store.read() as tx:
        signed = _signed(tx, str(deal(desk, tx, named)["id"]))
    begun = sorted({name.partition("/")[0] for name in names if "/" in name})
    whole = [part for part in begun if part in signed and _lies(out, names, *signed[part])]
    return {"whole": list[Json](whole), "begun": [part for part in begun if part not in whole]}


def _signed(tx: Transaction, matter: str) -> dict[str, tuple[str, str]]:
    """{part: (the name of its statement in the folder, its digest)} of everything that was signed; of packages the newest."""
    found = dict[str, tuple[str, str]]()
    for kind in _KINDS:
        for row in tx.find("statement", order=("n",), matter=matter, kind=kind):
            part = PACKAGE if kind == Shipped.KIND else folder_name(cast("int", row["n"]))
            place = SHIPPED if kind == Shipped.KIND else f"{part}/released.dsse.json"
            found[part] = (place, str(row["sha256"]))
    return found


def _lies(out: Files, names: Sequence[str], place: str, digest: str) -> bool:
    return place in names and sha256(out.read(place)) == digest
