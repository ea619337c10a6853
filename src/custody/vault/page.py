"""Key pages: 1,024 slots of 32 bytes, sealed under a page key that is new at every rewrite (spec/vault.md §7).

A zero slot is no key. The version stands in the page's AAD and in the AAD of its wrap, so an old page put back inside
one generation does not open; g stands in the wrap alone, so a rotation rewrites wraps (60 B each), not pages.
"""

import os
import secrets
import struct
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custody.base.errors import Broken
from custody.vault.suite import KEY_BYTES, SUITE_AES

SLOTS: Final = 1024
PAGE_BYTES: Final = SLOTS * KEY_BYTES
_PAGE: Final = b"custody/page/1"
_WRAP: Final = b"custody/wrap/1"
_PLACE: Final = struct.Struct(">BIQ")
_GENERATION: Final = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: the vault that holds it, its compartment, its number, its version."""

    vault: bytes
    compartment: int
    page: int
    version: int

    def after(self) -> "Place":
        """The same page at its next version."""
        return Place(self.vault, self.compartment, self.page, self.version + 1)

    def encode(self) -> bytes:
        """Vault, compartment u8, page u32, version u64."""
        return self.vault + _PLACE.pack(self.compartment, self.page, self.version)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A page at rest: its ciphertext and its page key under the keyring key of generation g."""

    place: Place
    sealed: bytes = field(repr=False)
    wrap: bytes = field(repr=False)


def seal_page(place: Place, slots: bytes, keyring: bytes, generation: int) -> Sealed:
    """Seal `slots` (32 KiB) under a fresh page key and wrap that."""
    assert len(slots) == PAGE_BYTES
    page_key, nonce = secrets.token_bytes(KEY_BYTES), os.urandom(12)
    body = nonce + AESGCM(page_key).encrypt(nonce, slots, _page_aad(place))
    return Sealed(place, body, wrap(place, page_key, keyring, generation))


def open_page(page: Sealed, keyring: bytes, generation: int) -> bytearray:
    """The slots. Raises Broken `vault.page` when page, wrap, version, generation or key do not belong together."""
    page_key = unwrap(page.place, page.wrap, keyring, generation)
    try:
        return bytearray(AESGCM(page_key).decrypt(page.sealed[:12], page.sealed[12:], _page_aad(page.place)))
    except InvalidTag as error:
        raise _broken() from error


def rewrap(page: Sealed, old: tuple[bytes, int], new: tuple[bytes, int]) -> bytes:
    """The wrap under another generation: (keyring key, g) from `old` to `new`; the page itself stays as it is."""
    return wrap(page.place, unwrap(page.place, page.wrap, *old), *new)


def wrap(place: Place, page_key: bytes, keyring: bytes, generation: int) -> bytes:
    """`nonce 12 | ciphertext 32 | tag 16`."""
    nonce = os.urandom(12)
    return nonce + AESGCM(keyring).encrypt(nonce, page_key, _wrap_aad(place, generation))


def unwrap(place: Place, wrapped: bytes, keyring: bytes, generation: int) -> bytes:
    """Inverse of `wrap`. Raises Broken `vault.page`."""
    try:
        return AESGCM(keyring).decrypt(wrapped[:12], wrapped[12:], _wrap_aad(place, generation))
    except (InvalidTag, ValueError) as error:
        raise _broken() from error


def slot(slots: bytes | bytearray, number: int) -> bytes:
    """The 32 bytes of one slot; all zero is no key."""
    return bytes(slots[number * KEY_BYTES : (number + 1) * KEY_BYTES])


def put(slots: bytearray, number: int, dek: bytes) -> None:
    """Place a DEK (or zero, to shred)."""
    assert len(dek) == KEY_BYTES
    slots[number * KEY_BYTES : (number + 1) * KEY_BYTES] = dek


def _page_aad(place: Place) -> bytes:
    return _PAGE + bytes([SUITE_AES]) + place.encode()


def _wrap_aad(place: Place, generation: int) -> bytes:
    return _WRAP + place.encode() + _GENERATION.pack(generation)


def _broken() -> Broken:
    return Broken(
        "vault.page", "A key page does not open: it was changed, replaced, or belongs to another root.", kind="altered"
    )
