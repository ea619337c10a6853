"""Give the ledger to whoever wants to check it: entries, leaf hashes, signed checkpoint, identity (C10)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.evidence import publish, publish_tiles
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.files import Files


def ledger_publish(desk: Desk, out: Files) -> Mapping[str, Json]:
    """Write the whole ledger into `out`; no entry names anybody."""
    made = publish(desk.store, out, desk.signer, desk.space, "")
    out.write("identity.json", canonical.encode(desk.card.identity.to_json()))
    publish(desk.store, desk.files, desk.signer, desk.space)
    publish_tiles(desk.store, desk.files, made)
    return {"space": desk.space, "size": made.size, "root": "sha256:" + made.root}
