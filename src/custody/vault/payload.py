"""What is inside a record: values packed in one way only, padded so that lengths say little (spec/vault.md §5).

Packing is deterministic: columns in schema order, msgpack in its shortest form, text as it is. So a row re-packed at
the target must equal, byte for byte, the payload that was sealed at the source. A record holds the columns of its
compartment alone: a withheld cell is absent with its record, and None always means NULL.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgpack

from custody.base.errors import Broken, Malformed

Value: TypeAlias = str | int | float | bytes | bool | None
_TYPES: Final = frozenset((str, int, float, bytes, bool, type(None)))
_SMALL: Final = 64
LINEAR: Final = 1024
_ROW_END: Final = 2**64
_MARK: Final = b"\x80"
# PADS[n] is a mark and n zeros: what follows a payload that needs n + 1 bytes to the next multiple of 64.
PADS: Final = tuple(_MARK + bytes(count - 1) for count in range(1, _SMALL + 1))
_PACK: Final = msgpack.Packer(use_bin_type=True, autoreset=True).pack


def pack(row: int, values: Sequence[Value]) -> bytes:
    """The payload of one record: the source row's ordinal, then the values of the record's schema.

    Raises Malformed `vault.value` for a value that has no packed form (another type, an integer beyond 64 bits,
    text with a lone surrogate).
    """
    if type(row) is not int or not 0 <= row < _ROW_END or not _TYPES.issuperset(map(type, values)):
        raise _unpackable()
    try:
        data: bytes = _PACK([row, *values])
    except (ValueError, OverflowError) as error:
        raise _unpackable() from error
    return data


def unpack(payload: bytes) -> tuple[int, tuple[Value, ...]]:
    """Inverse of `pack`. Raises Broken `vault.payload` for everything `pack` does not write."""
    try:
        row, *values = msgpack.unpackb(payload, raw=False, strict_map_key=True)
        again = pack(row, values)
    except (ValueError, TypeError, RecursionError, Malformed) as error:
        raise _broken() from error
    if again != payload:
        raise _broken()
    return row, tuple(values)


def pad(payload: bytes) -> bytes:
    """Payload, one 0x80, zeros up to a bucket: multiples of 64 B to 1 KiB, then Padmé (at most 12 % more)."""
    size = len(payload) + 1
    if size <= LINEAR:
        return payload + PADS[-size % _SMALL]
    return payload + _MARK + bytes(bucket(size) - size)


def unpad(padded: bytes) -> bytes:
    """Inverse of `pad`. Raises Broken `vault.padding`."""
    payload = padded.rstrip(b"\0")
    if not payload.endswith(_MARK) or bucket(len(payload)) != len(padded):
        raise Broken("vault.padding", "A record's padding is not of its form.")
    return payload[:-1]


def bucket(size: int) -> int:
    """The padded length for `size` bytes (payload and its mark, so at least 1)."""
    if size <= LINEAR:
        return -(-size // _SMALL) * _SMALL
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def _unpackable() -> Malformed:
    return Malformed(
        "vault.value",
        "A value has no packed form: only text, whole numbers of 64 bits, floats, bytes, true, false and NULL have.",
    )


def _broken() -> Broken:
    return Broken("vault.payload", "A record opened to something that is not a payload.")
