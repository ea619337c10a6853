"""Give the ledger to whoever wants to check it: entries, leaf hashes, signed checkpoint, identity (C10)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.evidence import publish, publish_tiles
from custody.acts.members import WHOLE
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.files import Files


def ledger_publish(desk: Desk, out: Files) -> Mapping[str, Json]:
    """Write the whole ledger into `out`; no entry names anybody, each tells of its deal: it is given by those who see every deal. Raises Denied `act.role`."""
    desk.require(WHOLE)
    made = ledger_aside(desk, out)
    publish_tiles(desk.store, desk.files, publish(desk.store, desk.files, desk.signer, desk.space))
    return made


def ledger_aside(desk: Desk, out: Files) -> Mapping[str, Json]:
    """The same into a folder that nobody is given: to be checked, and removed."""
    made = publish(desk.store, out, desk.signer, desk.space, "")
    out.write("identity.json", canonical.encode(desk.card.identity.to_json()))
    return {"space": desk.space, "size": made.size, "root": "sha256:" + made.root}
