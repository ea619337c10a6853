"""Keys, ids and nonces of the vectors: each follows from its name."""

from hashlib import sha256

Case = dict[str, object]
GOOD = "opens"


def seed(name: str, size: int = 32) -> bytes:
    """`size` bytes that follow from a name."""
    return sha256(b"custody/vector/" + name.encode()).digest()[:size]


def flip(data: bytes, byte: int, bit: int = 0) -> bytes:
    """One bit changed."""
    changed = bytearray(data)
    changed[byte] ^= 1 << bit
    return bytes(changed)


VAULT, OTHER, SEGMENT, SUBJECT = seed("vault", 16), seed("other vault", 16), seed("segment", 16), seed("subject", 16)
DEK, DEK2, KEYRING = seed("dek"), seed("dek 2"), seed("keyring")
