"""Slots of key pages as a bit each: 128 bytes a page, whatever is on it."""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from custody.base.canonical import b64, unb64
from custody.vault.page import SLOTS

Spot = tuple[int, int]
"""A compartment and a page."""
Place = tuple[int, int, int]
_BYTE: Final = 8
BYTES: Final = SLOTS // _BYTE
_PAGE: Final = struct.Struct(f">BI{BYTES}s")
Bits = npt.NDArray[np.bool_]


class Marks:
    """A set of slots, told in the order of their places. A page may be there without a slot of it."""

    def __init__(self) -> None:
        self._pages: dict[Spot, bytearray] = {}

    def page(self, spot: Spot) -> bytearray:
        """The bits of a page, slot 0 the lowest bit of the first byte; the page is there from now on."""
        held = self._pages.get(spot)
        if held is None:
            held = self._pages[spot] = bytearray(BYTES)
        return held

    def add(self, place: Place) -> None:
        """Mark a slot."""
        put(self.page(place[:2]), place[2])

    def join(self, spot: Spot, live: bytes | bytearray) -> None:
        """Mark what is marked in these bits of a page."""
        held = self.page(spot)
        held[:] = (_number(held) | _number(live)).to_bytes(BYTES, "little")

    def leave(self, spot: Spot, live: bytes | bytearray) -> None:
        """Unmark what is marked in these bits."""
        held = self.page(spot)
        held[:] = (_number(held) & ~_number(live)).to_bytes(BYTES, "little")

    def __contains__(self, place: Place) -> bool:
        held = self._pages.get(place[:2])
        return held is not None and marked(held, place[2])

    def __len__(self) -> int:
        return sum(_number(held).bit_count() for held in self._pages.values())

    def __iter__(self) -> Iterator[Place]:
        return ((*spot, slot) for spot, slots in self.pages() for slot in slots)

    def pages(self) -> Iterator[tuple[Spot, list[int]]]:
        """Each page that is there, in order, and its marked slots."""
        return ((spot, np.flatnonzero(_bits(held)).tolist()) for spot, held in sorted(self._pages.items()))

    def spots(self) -> Iterator[Spot]:
        """Each page that is there, in order."""
        return iter(sorted(self._pages))

    def bits(self, spot: Spot) -> Bits:
        """Whether each slot of a page is marked."""
        return _bits(self._pages.get(spot, bytes(BYTES)))

    def update(self, other: "Marks") -> None:
        """Mark what is marked there, too."""
        for spot, live in other._pages.items():  # noqa: SLF001 - of the same class
            self.join(spot, live)

    def digest(self) -> str:
        """What two people approve of slots: SHA-256 over every page with a marked slot, in order, and its bits."""
        return f"sha256:{hashlib.sha256(self._raw()).hexdigest()}"

    def packed(self) -> str:
        """All of it as text, to be kept with an act."""
        return b64(zlib.compress(self._raw(), 1))

    @classmethod
    def unpacked(cls, text: str) -> "Marks":
        """Inverse of `packed`."""
        made = cls()
        for compartment, page, live in _PAGE.iter_unpack(zlib.decompress(unb64(text)) if text else b""):
            made.join((compartment, page), live)
        return made

    def _raw(self) -> bytes:
        return b"".join(_PAGE.pack(*spot, bytes(held)) for spot, held in sorted(self._pages.items()) if any(held))

    def within(self, other: "Marks") -> bool:
        """Whether everything marked here is marked there."""
        there: Mapping[Spot, bytes | bytearray] = other._pages  # noqa: SLF001 - of the same class
        return all(not _number(held) & ~_number(there.get(spot, b"")) for spot, held in self._pages.items())


def put(live: bytearray, slot: int) -> None:
    """Set the bit of a slot."""
    live[slot // _BYTE] |= 1 << slot % _BYTE


def marked(live: bytes | bytearray, slot: int) -> bool:
    """Whether the bit of a slot is set."""
    return bool(live[slot // _BYTE] >> slot % _BYTE & 1)


def _number(live: bytes | bytearray) -> int:
    return int.from_bytes(live, "little")


def _bits(live: bytes | bytearray) -> Bits:
    return np.unpackbits(np.frombuffer(live, dtype=np.uint8), bitorder="little").astype(bool)
