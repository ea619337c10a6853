"""Key pages: 1,024 slots of 32 bytes, sealed under a page key that is new at every rewrite (spec/vault.md §7).

A zero slot is no key. A page has the suite of the records under its keys, for as long as it is there; its wrap says which. The version stands in the page's AAD and in the AAD of its wrap, so an old page put back inside
one generation does not open; g stands in the wrap alone, so a rotation rewrites wraps (60 B each), not pages.

Memory: open slots are a bytearray, so that a caller can overwrite them (`slots[:] = bytes(len(slots))`) when done. That
is best effort: OpenSSL's contexts and copies made by slicing are out of reach. No key stands in a repr.
"""

import os
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag

from custody.base.errors import Broken, Malformed
from custody.vault.keyid import KEY_BYTES, NO_KEY, require_key
from custody.vault.labels import PAGE, WRAP
from custody.vault.record import COMPARTMENTS, ID_BYTES
from custody.vault.suite import AES, NONCE_BYTES, TAG_BYTES, Suite, taken_apart

SLOTS: Final = 1024
PAGE_BYTES: Final = SLOTS * KEY_BYTES
SEALED_BYTES: Final = NONCE_BYTES + PAGE_BYTES + TAG_BYTES
WRAP_BYTES: Final = NONCE_BYTES + KEY_BYTES + TAG_BYTES
_PLACE: Final = struct.Struct(">BIQ")
_GENERATION: Final = struct.Struct(">Q")
_DEK: Final = struct.Struct(f"{KEY_BYTES}s")


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: the vault that holds it (16 bytes), its compartment, its number, its version."""

    vault: bytes
    compartment: int
    page: int
    version: int

    def after(self) -> "Place":
        """The same page at its next version."""
        return Place(self.vault, self.compartment, self.page, self.version + 1)

    def encode(self) -> bytes:
        """Vault, compartment u8, page u32, version u64. Raises Malformed `vault.slot` for a field out of range."""
        if len(self.vault) != ID_BYTES or not 0 <= self.compartment < COMPARTMENTS or self.version < 1:
            raise _no_place()
        try:
            return self.vault + _PLACE.pack(self.compartment, self.page, self.version)
        except struct.error as error:
            raise _no_place() from error


@dataclass(frozen=True, slots=True)
class Sealed:
    """A page at rest: its ciphertext and its page key under the keyring key of generation g."""

    place: Place
    sealed: bytes = field(repr=False)
    wrap: bytes = field(repr=False)

    @property
    def suite(self) -> Suite:
        """The suite that its wrap names; true once the page opened. Raises Broken `vault.page`, Malformed `vault.suite`."""
        return wrapped_in(self.wrap)


def wrapped_in(wrap: bytes) -> Suite:
    """The suite that a wrap names; true once it opened. Raises Broken `vault.page`, Malformed `vault.suite`."""
    return _apart(wrap)[0]


class Slots(bytearray):
    """The open slots of a page, and the suite of the records under their keys."""

    def __init__(self, data: bytes | int = PAGE_BYTES, suite: Suite = AES) -> None:
        super().__init__(data)
        self.suite = suite

    def __repr__(self) -> str:
        return f"Slots(suite={self.suite.number})"

    def key_id(self, number: int) -> bytes:
        """The key id of the key in a slot. Raises Broken `vault.no-key`."""
        return self.suite.key_id(slot(self, number))


def new_page(deks: Mapping[int, bytes] | None = None, suite: Suite = AES) -> Slots:
    """The slots of a new page: empty, or with DEKs at the slots given."""
    slots = Slots(suite=suite)
    fill(slots, deks or {})
    return slots


def seal_page(place: Place, slots: Slots, keyring: bytes, generation: int) -> Sealed:
    """Seal `slots` (32 KiB) under a fresh page key, and wrap that, in their suite. Raises Malformed `vault.slot`."""
    page_key = secrets.token_bytes(KEY_BYTES)
    sealed = _seal_slots(place, slots, page_key, os.urandom(NONCE_BYTES))
    return Sealed(place, sealed, wrap(place, page_key, keyring, generation, slots.suite))


def open_page(page: Sealed, keyring: bytes, generation: int) -> Slots:
    """The slots. Raises Broken `vault.page` when page, wrap, version, generation, suite or key do not belong together.

    The caller has checked the page against the head (`keyring.check` or `keyring.check_page`).
    """
    page_key = unwrap(page.place, page.wrap, keyring, generation)
    if len(page.sealed) != SEALED_BYTES:
        raise _broken()
    nonce, body, suite = page.sealed[:NONCE_BYTES], page.sealed[NONCE_BYTES:], page.suite
    try:
        return Slots(suite.cipher(page_key).decrypt(nonce, body, _page_aad(page.place, suite)), suite)
    except InvalidTag as error:
        raise _broken() from error


def rewrap(page: Sealed, old: tuple[bytes, int], new: tuple[bytes, int]) -> bytes:
    """The wrap under another generation: (keyring key, g) from `old` to `new`; the page itself and its suite stay."""
    return wrap(page.place, unwrap(page.place, page.wrap, *old), *new, page.suite)


def wrap(place: Place, page_key: bytes, keyring: bytes, generation: int, suite: Suite = AES) -> bytes:
    """`nonce 12 | ciphertext 32 | tag 16`, after the number of a later suite. Raises Broken `vault.no-key`."""
    return _wrap(place, page_key, (keyring, generation), os.urandom(NONCE_BYTES), suite)


def unwrap(place: Place, wrapped: bytes, keyring: bytes, generation: int) -> bytes:
    """Inverse of `wrap`. Raises Broken `vault.page`, `vault.no-key`, Malformed `vault.suite`."""
    require_key(keyring)
    suite, blob = _apart(wrapped)
    try:
        return suite.unwrap(keyring, blob, (WRAP, _wrap_place(place, generation)))
    except InvalidTag as error:
        raise _broken() from error


def slot(slots: bytes | bytearray, number: int) -> bytes:
    """The 32 bytes of one slot; all zero is no key. Raises Malformed `vault.slot`."""
    _require_slot(number)
    return bytes(slots[number * KEY_BYTES : (number + 1) * KEY_BYTES])


def put(slots: bytearray, number: int, dek: bytes) -> None:
    """Place a DEK (or zero, to shred). Raises Malformed `vault.slot`."""
    _require_slot(number)
    if len(dek) != KEY_BYTES or len(slots) != PAGE_BYTES:
        raise Malformed("vault.slot", "A slot holds 32 bytes, a page 1,024 slots.")
    slots[number * KEY_BYTES : (number + 1) * KEY_BYTES] = dek


def fill(slots: bytearray, deks: Mapping[int, bytes]) -> None:
    """Place new DEKs by slot. Raises Broken `vault.no-key`, Malformed `vault.slot` for a slot that holds a key."""
    for number, dek in deks.items():
        require_key(dek)
        if slot(slots, number) != NO_KEY:
            raise Malformed("vault.slot", "This slot holds a key already; slots are never used twice.")
        put(slots, number, dek)


def zero(slots: bytearray, numbers: Iterable[int]) -> None:
    """Shred: write zero into the slots given. Raises Malformed `vault.slot`."""
    for number in numbers:
        put(slots, number, NO_KEY)


def replay(slots: Slots, gone: Iterable[tuple[int, bytes]]) -> list[int]:
    """Zero each (slot, key id) where the slot holds the key of that key id, and nothing else (§21); returns which were."""
    found = []
    for number, wanted in gone:
        if slot(slots, number) != NO_KEY and slots.key_id(number) == wanted:
            put(slots, number, NO_KEY)
            found.append(number)
    return found


def live(slots: bytes | bytearray) -> list[int]:
    """The numbers of the slots that hold a key, ascending."""
    return [number for number, _ in keys_in(slots)]


def keys_in(slots: bytes | bytearray) -> Iterator[tuple[int, bytes]]:
    """(slot, DEK) of each slot that holds a key, ascending."""
    return ((number, dek) for number, (dek,) in enumerate(_DEK.iter_unpack(slots)) if dek != NO_KEY)


def _seal_slots(place: Place, slots: Slots, page_key: bytes, nonce: bytes) -> bytes:
    if len(slots) != PAGE_BYTES:
        raise Malformed("vault.slot", "A slot holds 32 bytes, a page 1,024 slots.")
    return nonce + slots.suite.cipher(page_key).encrypt(nonce, slots, _page_aad(place, slots.suite))


def _wrap(place: Place, page_key: bytes, ring: tuple[bytes, int], nonce: bytes, suite: Suite = AES) -> bytes:
    keyring, generation = ring
    require_key(page_key)
    return suite.wrap(keyring, nonce, page_key, (WRAP, _wrap_place(place, generation)))


def _apart(wrapped: bytes) -> tuple[Suite, bytes]:
    try:
        return taken_apart(wrapped, WRAP_BYTES)
    except InvalidTag as error:
        raise _broken() from error


def _page_aad(place: Place, suite: Suite) -> bytes:
    return PAGE + bytes([suite.number]) + place.encode()


def _wrap_place(place: Place, generation: int) -> bytes:
    return place.encode() + _GENERATION.pack(generation)


def _require_slot(number: int) -> None:
    # A negative number would count from the end, and one too large would lengthen the page.
    if not 0 <= number < SLOTS:
        raise Malformed("vault.slot", "A page has slots 0 to 1023.")


def _no_place() -> Malformed:
    return Malformed("vault.slot", "No page has this vault, compartment, number or version.")


def _broken() -> Broken:
    return Broken(
        "vault.page", "A key page does not open: it was changed, replaced, or belongs to another root.", kind="altered"
    )
