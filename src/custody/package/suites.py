"""What a package's suite means for whoever has keys (spec/package.md §3 to §5): commitments, salts, sealed pages.

The bytes are those of spec/vault.md §2, read here on their own. The verifier needs none of it: it has no key.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm

from custody.base.errors import Malformed
from custody.base.sm import Sm4Gcm, hmac_sm3, sm3

_KEY: Final = 32
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_INNER_REST, _OUTER_REST = b"\x36" * 32, b"\x5c" * 32
_SALT: Final = b"custody/leaf/1"
_LATER_SALT: Final = b"custody/leaf/2"


class Aead(Protocol):
    """An authenticated cipher under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Plain text. Raises InvalidTag."""
        ...


@dataclass(frozen=True, slots=True)
class Primitives:
    """Hash, HMAC and cipher of one suite, and the label of a leaf's salt."""

    digest: Callable[[bytes], bytes]
    mac: Callable[[bytes, bytes], bytes]
    hash_of_hkdf: Callable[[], HashAlgorithm]
    aead: Callable[[bytes], Aead]
    salt: bytes


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    """RFC 2104 in its two hashes for a key as leaves have them: the library looks its hash up each time, which costs as much again."""
    if len(key) != _KEY:
        return hmac.digest(key, data, "sha256")
    inner = hashlib.sha256(key.translate(_INNER) + _INNER_REST + data).digest()
    return hashlib.sha256(key.translate(_OUTER) + _OUTER_REST + inner).digest()


def _sm4(key: bytes) -> Sm4Gcm:
    return Sm4Gcm(key[:16])


_KNOWN: Final = {
    1: Primitives(_sha256, _hmac_sha256, SHA256, AESGCM, _SALT),
    2: Primitives(sm3, hmac_sm3, SM3, _sm4, _LATER_SALT + b"\2"),
}
SUITES: Final = frozenset(_KNOWN)


def primitives(suite: int) -> Primitives:
    """Those of a suite. Raises Malformed `package.suite`."""
    if suite not in _KNOWN:
        raise Malformed(
            "package.suite", f"Suite {suite} is not known here.", next="Use a release that knows this suite."
        )
    return _KNOWN[suite]
