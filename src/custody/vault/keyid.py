"""Key identity: what a record and a leaf say of their key (spec/vault.md §3).

AES-GCM does not commit to its key, so the key id is compared before anything is decrypted. Zero is never a key: it is
what a shredded slot holds, and whoever sealed under it would have sealed under a key that everyone knows.
"""

import hashlib
from typing import Final

from custody.base.errors import Broken
from custody.vault.labels import KEY_ID

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 16
NO_KEY: Final = bytes(KEY_BYTES)


def require_key(dek: bytes) -> None:
    """Refuse the zero key and keys of another length. Raises Broken `vault.no-key`."""
    if dek == NO_KEY or len(dek) != KEY_BYTES:
        raise Broken("vault.no-key", "There is no key in this slot.", kind="missing")


def commitment(dek: bytes) -> bytes:
    """The 32 bytes that a leaf carries: SHA-256 over label and key. Raises Broken `vault.no-key`."""
    require_key(dek)
    return hashlib.sha256(KEY_ID + dek).digest()


def key_id(dek: bytes) -> bytes:
    """The 16 bytes that a record carries. Raises Broken `vault.no-key`."""
    return commitment(dek)[:KEY_ID_BYTES]
