"""The keyring: one 32-byte key per root generation, and the head that pins every page (spec/vault.md §8).

The head is an RFC 9162 root over (compartment, page, version, SHA-256(wrap), SHA-256(page)), ascending. It lies,
with g and a counter, in a blob sealed by the keyring key, and in the ledger entry of every transaction that touches
pages: an old page, an old set of pages or a foreign one does not match it.
"""

import hashlib
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custody.base import merkle
from custody.base.errors import Broken
from custody.vault.page import Place, Sealed

_LABEL: Final = b"custody/keyring/1\0"
_LEAF: Final = struct.Struct(">BIQ")
_STATE: Final = struct.Struct(">QQ32s")


@dataclass(frozen=True, slots=True)
class Head:
    """Generation, counter (one more at each change), and the root over all pages."""

    generation: int
    counter: int
    root: bytes


def leaf(place: Place, sealed: bytes, wrap: bytes) -> bytes:
    """The leaf hash of one page."""
    data = _LEAF.pack(place.compartment, place.page, place.version)
    return merkle.leaf_hash(data + hashlib.sha256(wrap).digest() + hashlib.sha256(sealed).digest())


def head_root(pages: Iterable[Sealed]) -> bytes:
    """The root over pages given in ascending (compartment, page) order."""
    return merkle.root([leaf(page.place, page.sealed, page.wrap) for page in pages])


def seal_head(vault: bytes, head: Head, keyring: bytes) -> bytes:
    """`g u64 | nonce 12 | ciphertext | tag`: g stands in clear so that the right root is asked for."""
    nonce, lead = os.urandom(12), head.generation.to_bytes(8)
    state = _STATE.pack(head.generation, head.counter, head.root)
    return lead + nonce + AESGCM(keyring).encrypt(nonce, state, _LABEL + vault + lead)


def open_head(vault: bytes, blob: bytes, keyring: bytes) -> Head:
    """Inverse of `seal_head`. Raises Broken `vault.keyring`."""
    lead = blob[:8]
    try:
        state = AESGCM(keyring).decrypt(blob[8:20], blob[20:], _LABEL + vault + lead)
    except (InvalidTag, ValueError) as error:
        raise Broken("vault.keyring", "The keyring head does not open under this key.", kind="altered") from error
    generation, counter, found = _STATE.unpack(state)
    if generation.to_bytes(8) != lead:
        raise Broken("vault.keyring", "The keyring head names another generation.", kind="altered")
    return Head(generation, counter, found)


def check(head: Head, pages: Iterable[Sealed]) -> None:
    """That exactly these pages are the live ones. Raises Broken `vault.rolled-back`."""
    if head_root(pages) != head.root:
        raise Broken("vault.rolled-back", "The key pages are not the ones the keyring head names.", kind="replayed")
