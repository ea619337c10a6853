"""Identifiers (docs/architecture.md §7): random for subjects, UUIDv7 with a prefix for the rest; never personal, never reused."""

import secrets
import time
from typing import Final

from custody.base.errors import Malformed

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 26
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_ALIKE: Final = str.maketrans("ILO", "110")
PREFIXES: Final = frozenset(
    (
        "mat",
        "vlt",
        "pkg",
        "rel",
        "rct",
        "prn",
        "gnt",
        "req",
        "inc",
        "job",
        "evd",
        "pty",
        "dmp",
        "cns",
        "lnk",
        "tok",
        "cor",
        "rep",
    )
)


def new_subject() -> bytes:
    """16 random bytes, without time in them: a subject's age must not show."""
    return secrets.token_bytes(16)


def subject_text(subject: bytes) -> str:
    """`sub_` and 26 Crockford base32 characters."""
    return "sub_" + _base32(subject)


def subject_bytes(text: str) -> bytes:
    """Inverse of `subject_text`. Raises Malformed `ids.subject`."""
    if not text.startswith("sub_"):
        raise Malformed("ids.subject", "A subject id starts with sub_.")
    return _unbase32(text[4:])


def subject_range(text: str) -> tuple[bytes, bytes | None] | None:
    """The ids that begin with this text: from the first to before the second (None: to the end); None when no id begins so."""
    typed = text.strip().upper().removeprefix("SUB_")
    if not 0 < len(typed) <= _LENGTH or any(letter not in _VALUES for letter in typed) or typed[0] > "7":
        return None
    unit = 1 << 5 * (_LENGTH - len(typed))
    low = unit * _number(typed)
    return low.to_bytes(16), (low + unit).to_bytes(16) if low + unit < 1 << 128 else None


def new(prefix: str, *, now_ms: int | None = None) -> str:
    """A UUIDv7 (RFC 9562 §5.7) as `prefix_` and 26 Crockford base32 characters, so ids sort by time."""
    if prefix not in PREFIXES:
        raise Malformed("ids.prefix", f"No such kind of id: {prefix}.")
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    random = int.from_bytes(secrets.token_bytes(10))
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62
    value |= random & (2**62 - 1)
    return f"{prefix}_{_base32(value.to_bytes(16))}"


def id_bytes(text: str) -> bytes:
    """The 16 bytes behind a prefixed id (used in AADs). Raises Malformed `ids.form`."""
    prefix, _, body = text.partition("_")
    if prefix not in PREFIXES:
        raise Malformed("ids.form", "This is not an id custody made.")
    return _unbase32(body)


def id_text(prefix: str, data: bytes) -> str:
    """Inverse of `id_bytes`."""
    if prefix not in PREFIXES or len(data) != 16:
        raise Malformed("ids.form", "These are not the bytes of an id.")
    return f"{prefix}_{_base32(data)}"


def short(data: bytes) -> str:
    """Whole groups of five bytes as Crockford base32, 8 characters each: what people may have to type."""
    value, bits = int.from_bytes(data), len(data) * 8
    if bits % 40:
        raise Malformed("ids.form", "Only whole groups of five bytes are written so.")
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(bits - 5, -1, -5))


def short_bytes(text: str, size: int) -> bytes:
    """Inverse of `short`, as people type it: spaces, dashes and case do not matter, I and L are 1, O is 0. Raises Malformed `ids.form`."""
    typed = "".join(sign for sign in text.upper() if sign not in " -\u2013\u2014\u3000").translate(_ALIKE)
    if len(typed) * 5 != size * 8 or any(sign not in _VALUES for sign in typed):
        raise Malformed("ids.form", "This is not a code custody made.")
    value = 0
    for sign in typed:
        value = value << 5 | _VALUES[sign]
    return value.to_bytes(size)


def _base32(data: bytes) -> str:
    value = int.from_bytes(data)
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def _unbase32(text: str) -> bytes:
    if len(text) != _LENGTH or any(character not in _VALUES for character in text) or text[0] > "7":
        raise Malformed("ids.form", "An id ends in 26 Crockford base32 characters.")
    return _number(text).to_bytes(16)


def _number(text: str) -> int:
    value = 0
    for character in text:
        value = value << 5 | _VALUES[character]
    return value
