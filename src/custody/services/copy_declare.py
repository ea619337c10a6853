"""Put a copy on the list that custody cannot see: paper, a phone, a processor (docs/architecture.md §1, A6)."""

from collections.abc import Mapping

from custody.acts.copies import KINDS
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import one


def copy_declare(desk: Desk, vault: str | None, name: str, kind: str) -> Mapping[str, Json]:
    """Put a copy on the list: paper, a phone, a processor. Declaring it again changes nothing. Raises Malformed `copy.kind`."""
    desk.require(("owner", "privacy", "data", "advisor"))
    if kind not in KINDS:
        raise Malformed("copy.kind", "Copies of this kind are not known.", next=f"Say one of: {', '.join(KINDS)}.")
    with desk.store.write() as tx:
        held = str(vault_row(tx, desk.space, vault)["id"])
        known = one(tx, "copy", vault=held, name=name)
        if known is None:
            tx.add("copy", [{"vault": held, "name": name, "kind": kind, "sha256": "", "account": b""}])
            append(tx, desk.space, stamp(desk.clock.now()), "copy-declared", {"kind": kind}, detail={"name": name})
    return {"name": name, "kind": kind if known is None else str(known["kind"]), "resumed": known is not None}
