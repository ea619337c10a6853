"""Recovery shares sealed to their holders' keys, for an escrow store that no backup copies (spec/vault.md §23).

A share on paper is handed back by nobody; a sealed share can be removed with its generation. The seal is bound to
vault, generation and holder's number, so that a share of another generation is refused and not merely useless.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from custody.base.errors import Broken, Malformed
from custody.vault.labels import ESCROW
from custody.vault.record import require_id
from custody.vault.shares import Share, parse

PRIVATE_BYTES: Final = 96
PUBLIC_BYTES: Final = 1216
_KEM_PUBLIC: Final = 1184
_SEED: Final = 64
_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class HolderKey:
    """The private half of a holder: 64-byte ML-KEM seed and 32-byte X25519 key. Its repr shows neither."""

    def __init__(self, private: bytes) -> None:
        if len(private) != PRIVATE_BYTES:
            raise _no_key()
        self._bytes = private
        self._kem = MLKEM768PrivateKey.from_seed_bytes(private[:_SEED])
        self._ec = X25519PrivateKey.from_private_bytes(private[_SEED:])
        self.public = self._kem.public_key().public_bytes_raw() + self._ec.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> "HolderKey":
        """A new key from the system's randomness."""
        return cls(secrets.token_bytes(PRIVATE_BYTES))

    def private(self) -> bytes:
        """The 96 bytes, to be kept only under the holder's own passphrase."""
        return self._bytes

    def open(self, vault: bytes, generation: int, x: int, sealed: bytes) -> Share:
        """The share. Raises Broken `escrow.share` (recipient)."""
        try:
            data = _SUITE.decrypt(
                sealed, hpke.MLKEM768X25519PrivateKey(self._kem, self._ec), _info(vault, generation, x)
            )
        except (InvalidTag, ValueError) as error:
            raise _other() from error
        share = parse(data)
        if (share.generation, share.x) != (generation, x):
            raise _other()
        return share


def seal_share(vault: bytes, share: Share, public: bytes) -> bytes:
    """Seal one share to its holder's public key. Raises Malformed `escrow.key`."""
    if len(public) != PUBLIC_BYTES:
        raise _no_key()
    try:
        kem = MLKEM768PublicKey.from_public_bytes(public[:_KEM_PUBLIC])
        key = hpke.MLKEM768X25519PublicKey(kem, X25519PublicKey.from_public_bytes(public[_KEM_PUBLIC:]))
    except ValueError as error:
        raise _no_key() from error
    return _SUITE.encrypt(share.encode(), key, _info(vault, share.generation, share.x))


def _info(vault: bytes, generation: int, x: int) -> bytes:
    require_id(vault)
    return ESCROW + vault + generation.to_bytes(8) + bytes((x,))


def _other() -> Broken:
    return Broken("escrow.share", "This share is not for this holder, vault and generation.", kind="recipient")


def _no_key() -> Malformed:
    return Malformed("escrow.key", "This is not the key of a holder.")
