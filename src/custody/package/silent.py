"""Whom nobody may contact, as a release tells its buyer: subject ids, padded, sealed to the deal's key (spec/package.md §5)."""

import hashlib
from collections.abc import Collection
from itertools import pairwise
from typing import Final

from custody.base import canonical
from custody.base.errors import Malformed

_INFO: Final = b"custody/silent/1\0"
_COUNT: Final = 4
_ID: Final = 16
_BLOCK: Final = 4_096
"""Its length tells how many in steps of 256, not whether it is one or a hundred."""


def encode(people: Collection[bytes]) -> bytes:
    """Their ids in order, behind how many they are."""
    told = sorted(set(people))
    plain = len(told).to_bytes(_COUNT) + b"".join(told)
    return plain + bytes(-len(plain) % _BLOCK)


def decode(plain: bytes) -> tuple[bytes, ...]:
    """Inverse of `encode`. Raises Malformed `release.silent` for anything but its only form."""
    end = _COUNT + int.from_bytes(plain[:_COUNT]) * _ID
    people = tuple(plain[place : place + _ID] for place in range(_COUNT, min(end, len(plain)), _ID))
    if not people or any(one >= other for one, other in pairwise(people)) or encode(people) != plain:
        raise Malformed(
            "release.silent", "This does not say whom nobody may contact.", next="Ask the seller for the release again."
        )
    return people


def bound_to(deal: str, n: int, package: str) -> bytes:
    """What binds the seal to its release."""
    return _INFO + hashlib.sha256(canonical.encode({"deal": deal, "n": n, "package": package})).digest()
