"""Ledger entries: canonical JSON of codes, counts and hashes; no identifiers, no free text (spec/ledger.md §3).

An entry holds `c`, the commitment to its detail. Detail and salt are the opening, a private row of the same
transaction. Entries that name nobody take 16 random bytes as salt; an entry about a subject takes a salt derived
from that subject's audit key, so a shred blinds it for ever.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import parse as instant
from custody.base.errors import Malformed

VERSION: Final = 1
MAX_BYTES: Final = 4096
STEP: Final = "clock-corrected"
"""The one kind of entry whose instant lies before that of the entry before it: a clock that was ahead was put right."""
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


def in_order(before_at: str, value: Mapping[str, Json]) -> bool:
    """Whether an entry may stand behind one of that instant, be it the one before it or an earlier one (spec/ledger.md §4a)."""
    at = str(value["at"])
    if value["kind"] != STEP:
        return before_at <= at
    was = _said(value, "was")
    return isinstance(was, str) and bool(_FORMS["at"].fullmatch(was)) and at < was and before_at <= was


def steps_back(value: Mapping[str, Json], at_of: Callable[[int], str], last_step: int) -> bool:
    """Whether a step back rests on what stands before it: `at_of` tells when entry N was made, `last_step` is the number of the step before (0 for none).

    It goes over one leap of the clock that is at least as long, behind the last step, and never to before the last entry that was in time.
    Raises Malformed `clock.instant`.
    """
    at, was, since, number = str(value["at"]), str(_said(value, "was")), _said(value, "since"), value["n"]
    if type(since) is not int or type(number) is not int or not last_step < since < number or at_of(number - 1) != was:
        return False
    held = at_of(since - 1)
    return held <= at and leaps(held, at_of(since), at, was)


def leaps(held: str, ahead: str, at: str, was: str) -> bool:
    """Whether the time between two entries one after the other is at least what a step from `was` to `at` goes back. Raises Malformed `clock.instant`."""
    return instant(ahead) - instant(held) >= instant(was) - instant(at)


def _said(value: Mapping[str, Json], name: str) -> Json:
    says = value["says"]
    return says.get(name) if isinstance(says, Mapping) else None
