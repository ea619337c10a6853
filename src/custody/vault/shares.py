"""Recovery shares of a keyring key: Shamir's scheme over GF(2^8), any k of n (spec/vault.md §12).

Each share names its set, generation, k, n and the hash of the secret, so that shares of two splittings do not mix and
a damaged one shows. The arithmetic is not constant-time: shares are made and combined on the owner's own host.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from custody.base.errors import Broken, Malformed, Missing
from custody.vault.keyid import KEY_BYTES, require_key

MAGIC: Final = b"CVSH"
_FORM: Final = struct.Struct(">4sBBBBQ16s32s32s")
_POLYNOMIAL: Final = 0x11B
_MOST: Final = 255


@dataclass(frozen=True, slots=True)
class Share:
    """One share: f(x) of every byte of the secret. `y` is as secret as the key it helps to make."""

    k: int
    n: int
    x: int
    generation: int
    set_id: bytes
    digest: bytes
    y: bytes = field(repr=False)

    def encode(self) -> bytes:
        """The 96 bytes."""
        return _FORM.pack(MAGIC, 1, self.k, self.n, self.x, self.generation, self.set_id, self.digest, self.y)


def split(secret: bytes, k: int, n: int, generation: int) -> list[Share]:
    """Shares, any k of which give the secret (32 bytes) back. Raises Malformed `shares.form`, Broken `vault.no-key`."""
    _require_counts(k, n)
    return _split(
        secret, n, (generation, secrets.token_bytes(16)), [secrets.token_bytes(KEY_BYTES) for _ in range(k - 1)]
    )


def combine(shares: Sequence[Share]) -> bytes:
    """The secret. Raises Missing `shares.few`, Malformed `shares.mixed`, Broken `shares.digest`."""
    if not shares or len(shares) < shares[0].k:
        raise Missing("shares.few", "Too few recovery shares.", next="Ask another holder.")
    sets = {(one.k, one.n, one.generation, one.set_id, one.digest) for one in shares}
    if len(sets) != 1 or len({one.x for one in shares}) != len(shares):
        raise Malformed("shares.mixed", "These recovery shares are not different shares of one set.")
    found = bytearray(KEY_BYTES)
    for share in shares:
        weight = _weight(share.x, [other.x for other in shares if other is not share])
        for place, value in enumerate(share.y):
            found[place] ^= _times(weight, value)
    if not hmac.compare_digest(hashlib.sha256(found).digest(), shares[0].digest):
        raise Broken("shares.digest", "A recovery share is damaged: together they give another key.", kind="altered")
    return bytes(found)


def parse(data: bytes) -> Share:
    """Inverse of `Share.encode`. Raises Malformed `shares.form`."""
    if len(data) != _FORM.size or not data.startswith(MAGIC + b"\x01"):
        raise _no_share()
    _, _, k, n, x, generation, set_id, digest, y = _FORM.unpack(data)
    _require_counts(k, n)
    if not 1 <= x <= n:
        raise _no_share()
    return Share(k, n, x, generation, set_id, digest, y)


def _split(secret: bytes, n: int, label: tuple[int, bytes], coefficients: Sequence[bytes]) -> list[Share]:
    require_key(secret)
    generation, set_id = label
    k, digest = len(coefficients) + 1, hashlib.sha256(secret).digest()
    made = []
    for x in range(1, n + 1):
        y = bytes(_value([secret[place], *(one[place] for one in coefficients)], x) for place in range(KEY_BYTES))
        made.append(Share(k, n, x, generation, set_id, digest, y))
    return made


def _value(polynomial: Sequence[int], x: int) -> int:
    found = 0
    for coefficient in reversed(polynomial):
        found = _times(found, x) ^ coefficient
    return found


def _weight(x: int, others: Sequence[int]) -> int:
    """Lagrange's weight of x at zero: the product of o / (o - x); minus is xor here."""
    found = 1
    for other in others:
        found = _times(found, _times(other, _inverse(other ^ x)))
    return found


def _inverse(value: int) -> int:
    """value^254: the group of GF(2^8) has 255 elements."""
    found = 1
    for _ in range(254):
        found = _times(found, value)
    return found


def _times(left: int, right: int) -> int:
    found = 0
    while right:
        if right & 1:
            found ^= left
        left <<= 1
        if left & 0x100:
            left ^= _POLYNOMIAL
        right >>= 1
    return found


def _require_counts(k: int, n: int) -> None:
    if not 2 <= k <= n <= _MOST:
        raise _no_share()


def _no_share() -> Malformed:
    return Malformed("shares.form", "This is not a recovery share, or k and n are not 2 ≤ k ≤ n ≤ 255.")
