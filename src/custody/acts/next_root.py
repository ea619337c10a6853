"""The root of the next generation: made, and before the switch made again where it does not open (spec/vault.md §10).

Nothing stands under it yet, so nothing is lost with it. What answers and opens nothing (a file that rotted, or that another process made
under a passphrase of before; a service that denies that one key) never will; what does not answer may come back, and is awaited.
Whoever asks must be able to open the root in force: else it is they who have the wrong passphrase.
"""

import secrets
from typing import Final

from custody.acts.desk import Desk
from custody.acts.new_root import stand_in, wrap_anew
from custody.acts.vaults import read_keyring
from custody.base import canonical
from custody.base.canonical import b64
from custody.base.errors import Broken, CustodyError, Malformed

AGAIN: Final = "root-made-again"
DENIED: Final = "keys.denied"


def never_opens(error: CustodyError) -> bool:
    """Whether it answered, and trying again changes nothing."""
    return isinstance(error, (Broken, Malformed)) or error.slug == DENIED


def make_next(desk: Desk, vault: str, generation: int) -> bytes:
    """What the store keeps of a new key under a new root, read back. A label that is barred is freed, or where its provider cannot do that left, and another one taken.

    Raises what the provider raises; Broken `keys.*` where the root in force does not open here either.
    """
    key = secrets.token_bytes(32)
    try:
        ref, wrapped = wrap_anew(desk.keys, vault, generation, key)
    except CustodyError as error:
        if not never_opens(error):
            raise
        require_live(desk, vault)
        ref, wrapped = wrap_anew(desk.keys, stand_in(vault, f"next-{generation}"), generation, key)
    return canonical.encode({"ref": ref, "key": b64(wrapped), "head": ""})


def require_live(desk: Desk, vault: str) -> None:
    """The root in force opens here. Raises what its provider raises."""
    with desk.store.read() as tx:
        read_keyring(desk, tx, vault)
