"""Give somebody who lost their passphrase a key anew, under a passphrase that they change at once (A1; spec/identity.md §8)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import SHORTEST, principal, renewed
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed, Missing, Refused
from custody.base.signing import Signer
from custody.model.party import MACHINES
from custody.ports.store import Row, one

GIVERS: Final = ("owner",)


def principal_reset(desk: Desk, handle: str, secret: bytes) -> Mapping[str, Json]:
    """The old key opens nothing from here on; what it signed stays what it was. Run again it gives one more.

    Raises Malformed `principal.passphrase`, Missing `principal.unknown`, Denied `principal.revoked`, `act.role`, Refused `principal.own-reset`, `principal.machine`.
    """
    desk.person()
    desk.require(GIVERS)
    if len(secret.decode("utf-8", "replace")) < SHORTEST:
        raise Malformed("principal.passphrase", f"A passphrase has at least {SHORTEST} characters.", next="Take a sentence of your own.")  # fmt: skip
    with desk.store.read() as tx:
        row = _whose(desk, handle, one(tx, "principal", party=desk.space, handle=handle))
    signer, was = Signer.generate(), principal(row).identity
    # The file first: between the two nobody acts as this person, and the same command ends that.
    desk.files.write(f"keys/principals/{handle}.key", signer.seal_private(secret), secret=True)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        tx.change("principal", {"identity": renewed(row, signer.identity, now)}, id=row["id"])
        says: dict[str, Json] = {"principal": str(row["id"]), "identity": signer.identity.id, "was": was.id, "by": desk.principal.id}  # fmt: skip
        # The key itself is in the opening, so that a restore from a backup of before knows it.
        position = append(tx, desk.space, now, "principal-reset", says, detail={"identity": signer.identity.to_json()})
    return {
        "id": str(row["id"]),
        "handle": handle,
        "identity": signer.identity.id,
        "ledger": f"{desk.space}@{position}",
    }


def _whose(desk: Desk, handle: str, row: Row | None) -> Row:
    if row is None:
        raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
    if row["id"] == desk.principal.id:
        raise Refused("principal.own-reset", "Nobody gives themselves a key anew.", next="Whoever is in changes their passphrase: custody principal passphrase.")  # fmt: skip
    if row["revoked_at"]:
        raise Denied("principal.revoked", f"{handle} no longer acts here.")
    if MACHINES.intersection(str(row["roles"]).split(",")):
        raise Refused("principal.machine", "A process keeps the roles that it was made with.", next="Make another, and end this one.")  # fmt: skip
    return row
