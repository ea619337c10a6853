"""A holder makes the key to which shares of the vaults will be sealed; it leaves this host in a file of their own (A4, spec/vault.md §23)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.escrow import KEYS
from custody.acts.evidence import append
from custody.acts.holders import key_name
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.files import Files
from custody.vault.escrow import HolderKey


def recovery_join(desk: Desk, own: Files, name: str, secret: bytes) -> Mapping[str, Json]:
    """The private half goes to `name` in `own`, under the holder's passphrase; only its public half stays here.

    It holds nothing until two people deposit shares. Raises Malformed `escrow.key-there` rather than replace a key.
    """
    if own.list(name) or own.path(name).exists():
        raise Malformed("escrow.key-there", "There is a file of this name already; a holder's key is never replaced.",
                        next="Name another file.")  # fmt: skip
    key = HolderKey.generate()
    own.write(name, key.seal_private(secret), secret=True)
    desk.files.write(f"{KEYS}/{desk.principal.handle}.pub", key.public)
    says: dict[str, Json] = {"principal": desk.principal.id, "key": key_name(key.public)}
    with desk.store.write() as tx:
        position = append(tx, desk.space, stamp(desk.clock.now()), "holder-joined", says)
    return {"handle": desk.principal.handle, "key": key_name(key.public), "ledger": f"{desk.space}@{position}"}
