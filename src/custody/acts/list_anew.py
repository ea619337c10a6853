"""A suppression list whose key went with a lost provider begins anew: nobody can read the old one, and it must not stop everything (spec/retention.md §7).

No sheet and no share holds its key. Whoever is still here and marked as not to be contacted is put on the new list; who was
erased is not, and the entry counts what was lost.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.suppressing import CONTACT, Tags, open_list, silenced, suppress, tags_of
from custody.base.canonical import Json, b64, unb64
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Unavailable
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.suppression import Suppressor

ENTRY: Final = "suppression-renewed"
_AGAIN: Final = "list-renewed"


def begin_anew(desk: Desk) -> Mapping[str, Json] | None:
    """{lost, relisted} where the list's key is gone for good; None where it is live or there is no list. Raises Unavailable `keys.*`."""
    with desk.store.read() as tx:
        key = one(tx, "suppression_key", party=desk.space)
        if key is None or desk.keys.state(str(key["ref"])) == "live":
            return None
        vaults = [str(row["id"]) for row in tx.find("vault", order=("id",), party=desk.space)]
    with desk.store.write() as tx:
        lost = tx.drop("suppressed", party=desk.space)
        tx.drop("suppression_key", party=desk.space)
        made = open_list(desk, tx)
        fresh = cast("Row", one(tx, "suppression_key", party=desk.space))
        detail: dict[str, Json] = {"ref": str(fresh["ref"]), "key": b64(cast("bytes", fresh["wrapped"]))}
        says: dict[str, Json] = {"lost": lost, "principal": desk.principal.id}
        append(tx, desk.space, stamp(desk.clock.now()), ENTRY, says, detail=detail)
        tags = set[tuple[str, bytes]]().union(*(_marked(desk, tx, vault, made) for vault in vaults))
        again = suppress(desk, tx, tags, CONTACT, _AGAIN)[0] if tags else 0
    return {"lost": lost, "relisted": again}


def begun_anew(tx: Transaction, space: str, detail: Mapping[str, Json]) -> None:
    """What the entry did: for a restore."""
    tx.drop("suppressed", party=space)
    tx.drop("suppression_key", party=space)
    row: Cells = {"party": space, "ref": str(detail["ref"]), "wrapped": unb64(str(detail["key"]))}
    tx.add("suppression_key", [row])


def _marked(desk: Desk, tx: Transaction, vault: str, made: Suppressor) -> Tags:
    """Tags of whoever of this vault nobody may contact; none of a vault that does not open yet."""
    try:
        return tags_of(desk, tx, vault, sorted(silenced(tx, vault)), made)
    except Unavailable:
        raise
    except CustodyError:
        return set()
