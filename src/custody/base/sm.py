"""The Chinese primitives (GB/T 32905 and 32907) with the calls of those they stand beside (docs/adr: SM4-GCM is composed).

The library has SM4, GCM and SM3 but no one-shot class for SM4-GCM, so the two are joined here and nowhere else (RFC 8998
§1). Plain text leaves only after the tag was compared.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

KEY_BYTES: Final = 16
_TAG_BYTES: Final = 16


class Sm4Gcm:
    """One key of 16 bytes. Has no repr that shows it."""

    def __init__(self, key: bytes) -> None:
        self._key = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes | bytearray, associated_data: bytes) -> bytes:
        """Ciphertext and tag of 16 bytes. A nonce MUST NOT serve twice."""
        run = Cipher(self._key, GCM(nonce)).encryptor()
        run.authenticate_additional_data(associated_data)
        return run.update(data) + run.finalize() + run.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Inverse of `encrypt`. Raises InvalidTag, also for what is shorter than a tag."""
        if len(data) < _TAG_BYTES:
            raise InvalidTag
        run = Cipher(self._key, GCM(nonce, data[-_TAG_BYTES:])).decryptor()
        run.authenticate_additional_data(associated_data)
        text = run.update(data[:-_TAG_BYTES])
        return text + run.finalize()


def sm3(data: bytes) -> bytes:
    """SM3, 32 bytes."""
    run = Hash(SM3())
    run.update(data)
    return run.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC-SM3 (RFC 2104 over SM3), 32 bytes."""
    run = HMAC(key, SM3())
    run.update(data)
    return run.finalize()
