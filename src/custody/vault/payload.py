"""What is inside a record: values packed in one way only, padded so that lengths say little (spec/vault.md §5).

Packing is deterministic: columns in schema order, msgpack in its shortest form, text as it is. So a row re-packed at
the target must equal, byte for byte, the payload that was sealed at the source.
"""

from collections.abc import Sequence
from typing import Final

import msgpack

from custody.base.errors import Broken

Value = str | int | float | bytes | bool | None
_SMALL: Final = 64
_LINEAR: Final = 1024


def pack(row: int, values: Sequence[Value]) -> bytes:
    """The payload of one record: the source row's ordinal, then the values of the record's schema."""
    data: bytes = msgpack.packb([row, *values], use_bin_type=True)
    return data


def unpack(payload: bytes) -> tuple[int, tuple[Value, ...]]:
    """Inverse of `pack`. Raises Broken `vault.payload`."""
    try:
        row, *values = msgpack.unpackb(payload, raw=False, strict_map_key=True)
    except (ValueError, TypeError) as error:
        raise Broken("vault.payload", "A record opened to something that is not a payload.") from error
    return row, tuple(values)


def pad(payload: bytes) -> bytes:
    """Payload, one 0x80, zeros up to a bucket: multiples of 64 B to 1 KiB, then Padmé (at most 12 % more)."""
    size = len(payload) + 1
    return payload + b"\x80" + bytes(bucket(size) - size)


def unpad(padded: bytes) -> bytes:
    """Inverse of `pad`. Raises Broken `vault.padding`."""
    payload = padded.rstrip(b"\0")
    if not payload.endswith(b"\x80") or bucket(len(payload)) != len(padded):
        raise Broken("vault.padding", "A record's padding is not of its form.")
    return payload[:-1]


def bucket(size: int) -> int:
    """The padded length for `size` bytes."""
    if size <= _LINEAR:
        return -(-size // _SMALL) * _SMALL
    exponent = size.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return size + mask & ~mask
