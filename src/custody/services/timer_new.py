"""Let a home run its own schedule: a principal of its own, whose passphrase lies beside its key (A8, E8; decision 84)."""

import secrets
from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import principal_row
from custody.acts.timing import ROLES, secret_of, timer
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.signing import Signer

_BYTES: Final = 32


def timer_new(desk: Desk) -> Mapping[str, Json]:
    """Make it once; after one that was ended another, by a handle of its own. Raises Denied `act.role`, `act.machine`.

    Killed in the middle it leaves files that nothing names; run again it writes them anew.
    """
    desk.require(("owner",))
    desk.person()
    with desk.store.read() as tx:
        known, handle = timer(tx, desk.space)
    if known and not known["revoked_at"]:
        return {"id": str(known["id"]), "handle": str(known["handle"]), "resumed": True}
    secret, signer, person = secrets.token_hex(_BYTES).encode(), Signer.generate(), ids.new("prn")
    desk.files.write(secret_of(handle), secret, secret=True)
    desk.files.write(f"keys/principals/{handle}.key", signer.seal_private(secret), secret=True)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        tx.add("principal", [principal_row(person, desk.space, handle, ROLES, signer.identity, now)])
        append(tx, desk.space, now, "principal-added", {"principal": person, "identity": signer.identity.id})
    return {"id": person, "handle": handle, "resumed": False}
