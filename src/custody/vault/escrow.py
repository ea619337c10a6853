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
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from custody.base.errors import Broken, Malformed
from custody.vault.labels import ESCROW, HOLDER
from custody.vault.record import require_id
from custody.vault.shares import Share, parse

PRIVATE_BYTES: Final = 96
PUBLIC_BYTES: Final = 1216
_KEM_PUBLIC: Final = 1184
_SEED: Final = 64
_COST: Final = 15
_COSTS: Final = range(14, 21)
_SALT: Final = 16
_NONCE: Final = 12
_FILE_HEAD: Final = len(HOLDER) + 1 + _SALT + _NONCE
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

    def seal_private(self, passphrase: bytes) -> bytes:
        """The key file of a holder: `label | log2 n u8 | salt 16 | nonce 12 | AES-256-GCM`, key by Scrypt(n, 8, 1), AAD all before."""
        head = HOLDER + bytes([_COST]) + secrets.token_bytes(_SALT + _NONCE)
        return head + AESGCM(_stretch(passphrase, head)).encrypt(head[-_NONCE:], self._bytes, head)

    @classmethod
    def open_private(cls, blob: bytes, passphrase: bytes) -> "HolderKey":
        """Inverse of `seal_private`. Raises Malformed `escrow.key`, Broken `escrow.passphrase`."""
        head = blob[:_FILE_HEAD]
        if (
            not blob.startswith(HOLDER)
            or len(blob) != _FILE_HEAD + PRIVATE_BYTES + 16
            or head[len(HOLDER)] not in _COSTS
        ):
            raise _no_key()
        try:
            return cls(AESGCM(_stretch(passphrase, head)).decrypt(head[-_NONCE:], blob[_FILE_HEAD:], head))
        except InvalidTag as error:
            raise Broken("escrow.passphrase", "The passphrase does not open this holder's key.", kind="recipient",
                         next="Each holder opens their own key with their own passphrase.") from error  # fmt: skip

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


def _stretch(passphrase: bytes, head: bytes) -> bytes:
    cost, salt = head[len(HOLDER)], head[len(HOLDER) + 1 : len(HOLDER) + 1 + _SALT]
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase)


def _info(vault: bytes, generation: int, x: int) -> bytes:
    require_id(vault)
    return ESCROW + vault + generation.to_bytes(8) + bytes((x,))


def _other() -> Broken:
    return Broken("escrow.share", "This share is not for this holder, vault and generation.", kind="recipient")


def _no_key() -> Malformed:
    return Malformed("escrow.key", "This is not the key of a holder.")
