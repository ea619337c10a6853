"""Canonical JSON: RFC 8785 narrowed until two writers cannot disagree (spec/ledger.md §1).

Rules: keys are ASCII strings, so UTF-16 order and byte order agree; no floats; integers within ±(2^53-1), larger
ones travel as strings; no duplicate keys; text is left as it is (no normalisation); bytes travel as base64url
without padding. What was signed is verified as stored bytes, never re-serialised.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from custody.base.errors import Malformed

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 32
MAX_BYTES: Final = 16 * 1024 * 1024


def encode(value: object) -> bytes:
    """The one byte string for `value`. Raises Malformed `canonical.*` for what has no canonical form."""
    _check(value, depth=0)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def decode(data: bytes, *, strict: bool = True) -> Json:
    """Parse JSON; with `strict`, refuse bytes that are not the canonical form of what they say."""
    if len(data) > MAX_BYTES:
        raise Malformed("canonical.size", "The JSON text is larger than 16 MiB.")
    try:
        value: Json = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_float=_no_float)
    except (ValueError, RecursionError) as error:
        raise Malformed("canonical.syntax", "This is not UTF-8 JSON.") from error
    _check(value, depth=0)
    if strict and encode(value) != data:
        raise Malformed("canonical.form", "The JSON text is not in canonical form.")
    return value


def b64(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """Inverse of `b64`; refuses padding, other alphabets and non-zero trailing bits."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Malformed("canonical.base64", "This is not base64url without padding.") from error
    if b64(data) != text:
        raise Malformed("canonical.base64", "This base64url text is not in its only form.")
    return data


def _check(value: object, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed("canonical.depth", "The JSON text nests deeper than 32.")
    if isinstance(value, list | tuple):
        for item in value:
            _check(item, depth=depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise Malformed("canonical.key", "Keys are ASCII strings.")
            _check(item, depth=depth + 1)
    else:
        _check_leaf(value)


def _check_leaf(value: object) -> None:
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Malformed("canonical.integer", "An integer beyond 2^53-1 must travel as a string.")
    elif isinstance(value, str):
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise Malformed("canonical.text", "Text holds a lone surrogate.")
    elif value is not None:
        raise Malformed("canonical.type", f"A {type(value).__name__} has no canonical form.")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_float(text: str) -> Json:
    raise ValueError(f"a float has no canonical form: {text[:20]}")
