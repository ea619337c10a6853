"""An answer package opened with its reader's own key."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def opened(file: bytes, passphrase: str) -> bytes:
    """Written after the specification, and not after our code."""
    head, _, rest = file.partition(b"\n--- ")
    mac, _, payload = rest.partition(b"\n")
    version, stanza, body = head.split(b"\n")
    assert version == b"age-encryption.org/v1"
    _, kind, salt, work = stanza.split(b" ")
    assert kind == b"scrypt"
    raw = [base64.b64decode(one + b"=" * (-len(one) % 4)) for one in (salt, body, mac)]
    stretched = hashlib.scrypt(
        passphrase.encode(),
        salt=b"age-encryption.org/v1/scrypt" + raw[0],
        n=2 ** int(work),
        r=8,
        p=1,
        dklen=32,
        maxmem=2**30,
    )
    file_key = ChaCha20Poly1305(stretched).decrypt(bytes(12), raw[1], None)
    key = HKDF(SHA256(), 32, salt=None, info=b"header").derive(file_key)
    assert hmac.compare_digest(hmac.new(key, head + b"\n---", hashlib.sha256).digest(), raw[2])
    cipher = ChaCha20Poly1305(HKDF(SHA256(), 32, salt=payload[:16], info=b"payload").derive(file_key))
    sealed, out, n = payload[16:], b"", 0
    while True:
        chunk, sealed = sealed[: 65536 + 16], sealed[65536 + 16 :]
        out += cipher.decrypt(n.to_bytes(11) + bytes([not sealed]), chunk, None)
        n += 1
        if not sealed:
            return out
