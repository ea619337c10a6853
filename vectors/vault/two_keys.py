"""One AES-GCM ciphertext that opens under two keys to two texts: why the key id is checked (spec/vault.md §3)."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from seeds import DEK, DEK2, SUBJECT, VAULT, seed

from custody.vault import labels, payload, record
from custody.vault.suite import AES


def two_keys() -> tuple[bytes, bytes]:
    """One ciphertext that opens, padding and all, under DEK and under DEK2; and the text under DEK2.

    The tag is linear in each ciphertext block: three blocks are chosen, the first follows from equal tags. The nonce is
    searched until both key streams agree in the last byte, so that both texts end in the padding's mark.
    """
    lead = record.new_header(3, 7, SUBJECT, 1, AES.key_id(DEK)).encode()
    aad = labels.RECORD + VAULT + lead
    for count in range(100_000):
        nonce = seed(f"two keys {count}", 12)
        streams = [block(key, nonce + (5).to_bytes(4)) for key in (DEK, DEK2)]
        if streams[0][15] == streams[1][15]:
            break
    last = seed("two keys", 15) + bytes([streams[0][15] ^ 0x80])
    blocks = [bytes(16), seed("two keys 1", 16), seed("two keys 2", 16), last]
    hashes = [int.from_bytes(block(key, bytes(16))) for key in (DEK, DEK2)]
    masks = [int.from_bytes(block(key, nonce + (1).to_bytes(4))) for key in (DEK, DEK2)]
    padded = aad + bytes(-len(aad) % 16)
    parts = [padded[i : i + 16] for i in range(0, len(padded), 16)] + blocks
    parts.append((len(aad) * 8).to_bytes(8) + (64 * 8).to_bytes(8))
    sums = [ghash(key, parts) ^ mask for key, mask in zip(hashes, masks, strict=True)]
    power = 5  # the first ciphertext block is multiplied by H^5
    weight = raised(hashes[0], power) ^ raised(hashes[1], power)
    first = times(sums[0] ^ sums[1], raised(weight, 2**128 - 2))
    body = first.to_bytes(16) + b"".join(blocks[1:])
    tag = (sums[0] ^ times(first, raised(hashes[0], power))).to_bytes(16)
    return lead + nonce + body + tag, payload.unpad(AESGCM(DEK2).decrypt(nonce, body + tag, aad))


def block(key: bytes, data: bytes) -> bytes:
    """AES of one block."""
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data)


def ghash(key: int, parts: list[bytes]) -> int:
    """GHASH (NIST SP 800-38D §6.4)."""
    found = 0
    for part in parts:
        found = times(found ^ int.from_bytes(part), key)
    return found


def raised(value: int, power: int) -> int:
    """A power in GCM's field."""
    found = 1 << 127
    while power:
        if power & 1:
            found = times(found, value)
        value, power = times(value, value), power >> 1
    return found


def times(left: int, right: int) -> int:
    """Multiplication in GCM's field (NIST SP 800-38D §6.3)."""
    found = 0
    for place in range(127, -1, -1):
        if left >> place & 1:
            found ^= right
        right = right >> 1 ^ (0xE1 << 120 if right & 1 else 0)
    return found
