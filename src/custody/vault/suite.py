"""Suites (spec/vault.md §2). A vault writes in one; what lies there says in which it was written, and is never negotiated.

What a suite is stands in one table; nothing else asks which number it has. Suite 1 was first and says its number in
records, pages and segments only. Every later one also says it as the first byte of wraps, keyring heads and index keys,
and under labels of its own, so that nothing written in one suite can be read as of another.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from custody.base.errors import Broken, Malformed
from custody.base.sm import Sm4Gcm, hmac_sm3, sm3
from custody.vault.keyid import KEY_BYTES, KEY_ID_BYTES, require_key
from custody.vault.labels import KEY_ID, LATER

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
SUITE_AES: Final = 1
SUITE_SM: Final = 2
NOT_SM: Final = (
    "party-signatures", "key-exchange", "ledger-and-hashes", "backup-objects", "recovery-shares", "provider-root", "suppression-tags",
)  # fmt: skip
"""What of a vault is SM in no suite (§2); `earlier-openings` beside them, where somebody came before a renewal."""


class Aead(Protocol):
    """An authenticated cipher under one key: nonce 12 bytes, tag 16 at the end."""

    def encrypt(self, nonce: bytes, data: bytes | bytearray, associated_data: bytes, /) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Plain text. Raises InvalidTag."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """One row of the table: number, names, how many bytes of a key the cipher takes, cipher, hash, HMAC."""

    number: int
    cipher_name: str
    hash_name: str
    cipher_key_bytes: int
    aead: Callable[[bytes], Aead]
    digest: Callable[[bytes], bytes]
    mac: Callable[[bytes, bytes], bytes]
    hash_of_hkdf: Callable[[], HashAlgorithm]

    def cipher(self, key: bytes) -> Aead:
        """The cipher under the first bytes of a 32-byte key. Raises Broken `vault.no-key`, also when those alone are zero."""
        require_key(key)
        taken = key[: self.cipher_key_bytes]
        if self.cipher_key_bytes < KEY_BYTES and not any(taken):
            raise Broken("vault.no-key", "There is no key in this slot.", kind="missing")
        return self.aead(taken)

    def commitment(self, dek: bytes) -> bytes:
        """The 32 bytes that a leaf carries. Raises Broken `vault.no-key`."""
        require_key(dek)
        return self.digest(KEY_ID + dek)

    def key_id(self, dek: bytes) -> bytes:
        """The 16 bytes that a record carries. Raises Broken `vault.no-key`."""
        return self.commitment(dek)[:KEY_ID_BYTES]

    def label(self, first: bytes) -> bytes:
        """A label under this suite: that of suite 1 as it always was, later ones with the number after them."""
        return first if self.number == SUITE_AES else LATER[first] + self.lead

    def derive(self, key: bytes, info: bytes) -> bytes:
        """HKDF with this suite's hash and no salt, 32 bytes."""
        return HKDF(self.hash_of_hkdf(), KEY_BYTES, salt=None, info=info).derive(key)

    @property
    def lead(self) -> bytes:
        """What a blob of this suite begins with: nothing in suite 1, its number later."""
        return b"" if self.number == SUITE_AES else bytes([self.number])

    def wrap(self, key: bytes, nonce: bytes, data: bytes, aad: tuple[bytes, bytes]) -> bytes:
        """`lead | nonce | ciphertext | tag` of a small secret; `aad` is (label of suite 1, what it is bound to)."""
        return self.lead + nonce + self.cipher(key).encrypt(nonce, data, self.label(aad[0]) + aad[1])

    def unwrap(self, key: bytes, blob: bytes, aad: tuple[bytes, bytes]) -> bytes:
        """Inverse of `wrap`, without its lead. Raises InvalidTag."""
        return self.cipher(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], self.label(aad[0]) + aad[1])


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


AES: Final = Suite(SUITE_AES, "AES-256-GCM", "SHA-256", 32, AESGCM, _sha256, _hmac_sha256, SHA256)
SM: Final = Suite(SUITE_SM, "SM4-GCM", "SM3", 16, Sm4Gcm, sm3, hmac_sm3, SM3)
_SUITES: Final = {one.number: one for one in (AES, SM)}


def suite_of(number: int) -> Suite:
    """The suite of that number. Raises Malformed `vault.suite`."""
    found = _SUITES.get(number)
    if found is None:
        raise Malformed(
            "vault.suite", f"Suite {number} is not known here.", next="Use a release that knows this suite."
        )
    return found


def taken_apart(blob: bytes, size: int) -> tuple[Suite, bytes]:
    """(suite, the rest) of a blob whose form in suite 1 has `size` bytes. Raises Malformed `vault.suite`, InvalidTag for no form."""
    if len(blob) == size:
        return AES, blob
    # Suite 1 has one form only: a blob that says it is of suite 1 was made by nobody.
    if len(blob) != size + 1 or blob[0] == SUITE_AES:
        raise InvalidTag
    return suite_of(blob[0]), blob[1:]
