"""Suites and key identity (spec/vault.md §2, §3). A suite is pinned per vault, stands in every AAD, is never negotiated."""

import hashlib
from typing import Final

from custody.base.errors import Broken, Malformed

SUITE_AES: Final = 1
SUITE_SM: Final = 2
KEY_BYTES: Final = 32
NO_KEY: Final = bytes(KEY_BYTES)
_KEY_ID: Final = b"custody/key-id/1\0"


def require_suite(suite: int) -> None:
    """Refuse what this release cannot do. Raises Malformed `vault.suite`."""
    if suite != SUITE_AES:
        raise Malformed("vault.suite", f"Suite {suite} is not known here.", next="Use a release that knows this suite.")


def commitment(dek: bytes) -> bytes:
    """The 32 bytes that a leaf carries: SHA-256 over label and key. Raises Broken `vault.no-key` for the zero key."""
    if dek == NO_KEY or len(dek) != KEY_BYTES:
        raise Broken("vault.no-key", "There is no key in this slot.", kind="missing")
    return hashlib.sha256(_KEY_ID + dek).digest()


def key_id(dek: bytes) -> bytes:
    """The 16 bytes that a record carries: GCM alone does not commit to its key."""
    return commitment(dek)[:16]
