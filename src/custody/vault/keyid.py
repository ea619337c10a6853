"""What is a key (spec/vault.md §3); how a suite names one is in `suite`.

Zero is never a key: it is what a shredded slot holds, and whoever sealed under it would have
sealed under a key that everyone knows.
"""

from typing import Final

from custody.base.errors import Broken

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 16
NO_KEY: Final = bytes(KEY_BYTES)


def require_key(dek: bytes) -> None:
    """Refuse the zero key and keys of another length. Raises Broken `vault.no-key`."""
    if dek == NO_KEY or len(dek) != KEY_BYTES:
        raise Broken("vault.no-key", "There is no key in this slot.", kind="missing")
