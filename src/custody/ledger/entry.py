"""Ledger entries: canonical JSON of codes, counts and hashes; no identifiers, no free text (spec/ledger.md §3).

An entry holds `c`, the commitment to its detail. Detail and salt are the opening, a private row of the same
transaction. Entries that name nobody take 16 random bytes as salt; an entry about a subject takes a salt derived
from that subject's audit key, so a shred blinds it for ever.
"""

import hashlib
import re
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
_FORMS: Final = {
    "at": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"),
    "kind": re.compile(r"[a-z][a-z0-9-]*"),
    "space": re.compile(r"[A-Za-z0-9_.-]{1,64}"),
    "prev": re.compile(r"[0-9a-f]{64}"),
    "c": re.compile(r"[0-9a-f]{64}"),
}


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
    """Read an entry. Raises Malformed `ledger.entry`, `ledger.size` or `canonical.*`."""
    if len(data) > MAX_BYTES:
        raise Malformed("ledger.size", "A ledger entry is at most 4 KiB.")
    value = canonical.decode(data)
    if not isinstance(value, dict) or set(value) != FIELDS or type(value["v"]) is not int or value["v"] != VERSION:
        raise Malformed("ledger.entry", "This is not a ledger entry of a version known here.")
    texts = {name: value[name] for name in _FORMS}
    formed = all(isinstance(text, str) and _FORMS[name].fullmatch(text) for name, text in texts.items())
    number = value["n"]
    # `true` is an int to Python and no number to anybody else.
    if not formed or type(number) is not int or number < 0 or not isinstance(value["says"], dict):
        raise Malformed("ledger.entry", "A ledger entry has a field that is not of its form.")
    return value


def opening(detail: Mapping[str, Json], salt: bytes | None = None) -> Opening:
    """An opening for `detail`; a random salt unless the caller derived one."""
    return Opening(salt or secrets.token_bytes(16), canonical.encode(dict(detail)))


def commit(made: Opening) -> bytes:
    """SHA-256(salt || canonical detail)."""
    return hashlib.sha256(made.salt + made.detail).digest()
