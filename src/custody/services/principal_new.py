"""Let one more person act, with a key of their own."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import principal_row
from custody.acts.sole import holding
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.base.signing import Signer
from custody.model.party import ROLES

_PEOPLE: Final = "+people"
"""No vault is called so."""
_HANDLE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


def principal_new(desk: Desk, handle: str, roles: Sequence[str], secret: bytes) -> Mapping[str, Json]:
    """Make the key, sealed under `secret`, then the row. Raises Malformed `principal.handle`, `principal.role`."""
    desk.require(("owner",))
    if not _HANDLE.fullmatch(handle):
        raise Malformed("principal.handle", "A handle is a-z, 0-9 and -, at most 32 long.")
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise Malformed("principal.role", f"Roles are: {', '.join(ROLES)}.")
    with holding(desk, _PEOPLE):  # from the look to the row: of two who add one name at once, the second finds it taken
        return _added(desk, handle, roles, secret)


def _added(desk: Desk, handle: str, roles: Sequence[str], secret: bytes) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        rows = tx.find("principal", party=desk.space, handle=handle)
    if rows:
        return {"id": str(rows[0]["id"]), "handle": handle, "roles": sorted(roles), "resumed": True}
    name = f"keys/principals/{handle}.key"
    signer = Signer.generate()
    desk.files.write(name, signer.seal_private(secret), secret=True)
    person = ids.new("prn")
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        tx.add("principal", [principal_row(person, desk.space, handle, roles, signer.identity, now)])
        says: dict[str, Json] = {"principal": person, "identity": signer.identity.id, "by": desk.principal.id}
        append(tx, desk.space, now, "principal-added", says)
    return {"id": person, "handle": handle, "roles": sorted(roles), "resumed": False}
