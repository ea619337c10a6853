"""Ledger entries: canonical JSON of codes, counts and hashes; no identifiers, no free text (spec/ledger.md §3).

An entry holds `c`, the commitment to its detail. Detail and salt are the opening, a private row of the same
transaction. Entries that name nobody take 16 random bytes as salt; an entry about a subject takes a salt derived
from that subject's audit key, so a shred blinds it for ever.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.errors import Malformed

VERSION: Final = 1
MAX_BYTES: Final = 4096
FIELDS: Final = frozenset(("v", "n", "at", "kind", "space", "prev", "c", "says"))


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens an entry's commitment, shown one by one to whom it concerns."""

    salt: bytes
    detail: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its number from 0, its bytes and its RFC 9162 leaf hash."""

    number: int
    data: bytes
    hash: bytes


def make(
    number: int, *, at: str, kind: str, space: str, prev: bytes, says: Mapping[str, Json], opening: Opening
) -> Entry:
    """Write entry `number`. `prev` is the tree root before it. Raises Malformed `ledger.size`."""
    value: dict[str, Json] = {
        "v": VERSION,
        "n": number,
        "at": at,
        "kind": kind,
        "space": space,
        "prev": prev.hex(),
        "c": commit(opening).hex(),
        "says": dict(says),
    }
    data = canonical.encode(value)
    if len(data) > MAX_BYTES:
        raise Malformed("ledger.size", "A ledger entry is at most 4 KiB.", next="Enter a root and a count instead.")
    return Entry(number, data, merkle.leaf_hash(data))


def parse(data: bytes) -> dict[str, Json]:
    """Read an entry. Raises Malformed `ledger.entry` or `canonical.*`."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or set(value) != FIELDS or value["v"] != VERSION:
        raise Malformed("ledger.entry", "This is not a ledger entry of a version known here.")
    if not isinstance(value["n"], int) or not isinstance(value["says"], dict) or not isinstance(value["prev"], str):
        raise Malformed("ledger.entry", "A ledger entry has a field of the wrong type.")
    return value


def opening(detail: Mapping[str, Json], salt: bytes | None = None) -> Opening:
    """An opening for `detail`; a random salt unless the caller derived one."""
    return Opening(salt or secrets.token_bytes(16), canonical.encode(dict(detail)))


def commit(made: Opening) -> bytes:
    """SHA-256(salt || canonical detail)."""
    return hashlib.sha256(made.salt + made.detail).digest()
