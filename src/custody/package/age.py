"""Files sealed in the age format (C2SP `age.md`, v1), for people who have `age` and not custody: to a passphrase or to an X25519 recipient.

- Only sealing is here: custody never opens what it gave away.
- The primitives are `cryptography`'s; this is their order and framing.
- A passphrase is the only recipient of its file, as the format demands.
"""

import hashlib
import hmac
import os
from base64 import b64encode
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from custody.base.errors import Malformed

_VERSION: Final = b"age-encryption.org/v1"
_CHUNK: Final = 64 * 1024
_WORK: Final = 18
_ZERO: Final = bytes(12)
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_WIDTH: Final = 64
_RECIPIENT: Final = "age"


def to_passphrase(data: bytes, passphrase: str, work: int = _WORK) -> bytes:
    """Sealed under a passphrase; `work` is log2 of what guessing costs."""
    file_key, salt = os.urandom(16), os.urandom(16)
    stretch = Scrypt(salt=_VERSION + b"/scrypt" + salt, length=32, n=2**work, r=8, p=1)
    return _file(data, file_key, b"scrypt " + _b64(salt) + b" %d" % work, stretch.derive(passphrase.encode()))


def to_recipient(data: bytes, recipient: str) -> bytes:
    """Sealed to `age1…`. Raises Malformed `age.recipient`."""
    public, own = _public(recipient), X25519PrivateKey.generate()
    share = own.public_key().public_bytes_raw()
    try:
        secret = own.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:  # a point of low order
        raise _no_recipient() from error
    wrap = HKDF(SHA256(), 32, salt=share + public, info=_VERSION + b"/X25519").derive(secret)
    return _file(data, os.urandom(16), b"X25519 " + _b64(share), wrap)


def _file(data: bytes, file_key: bytes, stanza: bytes, wrap: bytes) -> bytes:
    body = _b64(ChaCha20Poly1305(wrap).encrypt(_ZERO, file_key, None))
    lines = [body[start : start + _WIDTH] for start in range(0, len(body) + 1, _WIDTH)]
    header = _VERSION + b"\n-> " + stanza + b"\n" + b"\n".join(lines) + b"\n---"
    key = HKDF(SHA256(), 32, salt=None, info=b"header").derive(file_key)
    head = header + b" " + _b64(hmac.digest(key, header, hashlib.sha256)) + b"\n"
    nonce = os.urandom(16)
    return head + nonce + _stream(HKDF(SHA256(), 32, salt=nonce, info=b"payload").derive(file_key), data)


def _stream(key: bytes, data: bytes) -> bytes:
    """Chunks of 64 KiB, each under its number; the last says that it is the last, so that nothing can be cut off unseen."""
    cipher, size = ChaCha20Poly1305(key), max(1, -(-len(data) // _CHUNK))
    chunks = (
        cipher.encrypt(n.to_bytes(11) + bytes([n == size - 1]), data[n * _CHUNK : (n + 1) * _CHUNK], None)
        for n in range(size)
    )
    return b"".join(chunks)


def _b64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _public(recipient: str) -> bytes:
    """The 32 bytes of an `age1…` recipient (Bech32, BIP 173)."""
    text = recipient.strip()
    human, one, rest = text.lower().rpartition("1")
    if (text not in {text.lower(), text.upper()}) or human != _RECIPIENT or not one or set(rest) - set(_BECH32):
        raise _no_recipient()
    values = [_BECH32.index(sign) for sign in rest]
    expanded = [ord(sign) >> 5 for sign in human] + [0] + [ord(sign) & 31 for sign in human]
    if len(values) != 58 or _polymod(expanded + values) != 1:
        raise _no_recipient()
    number = int("".join(f"{one:05b}" for one in values[:-6]), 2)
    if number & 0b1111:  # 52 signs hold 260 bits: the last four are none of the key's
        raise _no_recipient()
    return (number >> 4).to_bytes(32)


def _polymod(values: list[int]) -> int:
    made = 1
    for value in values:
        top = made >> 25
        made = (made & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            made ^= generator if top >> place & 1 else 0
    return made


def _no_recipient() -> Malformed:
    return Malformed("age.recipient", "This is no age recipient.", next="It begins with age1; age-keygen prints one.")
