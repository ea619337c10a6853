"""Suites (spec/vault.md §2). A suite is pinned per vault, stands in every AAD and is never negotiated.

What a suite is stands in one table; nothing else asks which number it has. `SERVED` are those that a vault may have: a
record of suite 2 is sealed and opened, but no vault, segment or package takes it before all of its parts are SM.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SM3, Hash

from custody.base.errors import Broken, Malformed
from custody.vault.keyid import KEY_BYTES, KEY_ID_BYTES, NO_KEY, commitment, key_id, require_key
from custody.vault.labels import KEY_ID
from custody.vault.sm4 import Sm4Gcm

__all__ = [
    "AES", "KEY_BYTES", "NO_KEY", "SERVED", "SM", "SUITE_AES", "SUITE_SM", "Suite", "commitment", "key_id", "require_key",
    "require_suite", "suite_of",
]  # fmt: skip

SUITE_AES: Final = 1
SUITE_SM: Final = 2
SERVED: Final = frozenset((SUITE_AES,))


class Aead(Protocol):
    """An authenticated cipher under one key: nonce 12 bytes, tag 16 at the end."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Plain text. Raises InvalidTag."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """One row of the table: number, names, how many bytes of a DEK the cipher takes, cipher, hash."""

    number: int
    cipher_name: str
    hash_name: str
    cipher_key_bytes: int
    aead: Callable[[bytes], Aead]
    digest: Callable[[bytes], bytes]

    def cipher(self, dek: bytes) -> Aead:
        """The cipher under the first bytes of a DEK. Raises Broken `vault.no-key`, also when those alone are zero."""
        require_key(dek)
        key = dek[: self.cipher_key_bytes]
        if self.cipher_key_bytes < KEY_BYTES and not any(key):
            raise Broken("vault.no-key", "There is no key in this slot.", kind="missing")
        return self.aead(key)

    def commitment(self, dek: bytes) -> bytes:
        """The 32 bytes that a leaf carries. Raises Broken `vault.no-key`."""
        require_key(dek)
        return self.digest(KEY_ID + dek)

    def key_id(self, dek: bytes) -> bytes:
        """The 16 bytes that a record carries. Raises Broken `vault.no-key`."""
        return self.commitment(dek)[:KEY_ID_BYTES]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    run = Hash(SM3())
    run.update(data)
    return run.finalize()


AES: Final = Suite(SUITE_AES, "AES-256-GCM", "SHA-256", 32, AESGCM, _sha256)
SM: Final = Suite(SUITE_SM, "SM4-GCM", "SM3", 16, Sm4Gcm, _sm3)
_SUITES: Final = {one.number: one for one in (AES, SM)}


def suite_of(number: int) -> Suite:
    """The suite of that number. Raises Malformed `vault.suite`."""
    found = _SUITES.get(number)
    if found is None:
        raise _unknown(number)
    return found


def require_suite(suite: int) -> None:
    """Refuse what no vault may have. Raises Malformed `vault.suite`."""
    if suite not in SERVED:
        raise _unknown(suite)


def _unknown(suite: int) -> Malformed:
    return Malformed("vault.suite", f"Suite {suite} is not known here.", next="Use a release that knows this suite.")
