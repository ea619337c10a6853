"""The keyring: one 32-byte key per root generation, and the head that pins every page (spec/vault.md §8).

The head is an RFC 9162 root over (compartment, page, version, SHA-256(wrap), SHA-256(page)), ascending. It lies,
with g and a counter, in a blob sealed by the keyring key, and in the ledger entry of every transaction that touches
pages: an old page, an old set of pages or a foreign one does not match it.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidTag

from custody.base import merkle
from custody.base.errors import Broken
from custody.vault.keyid import require_key
from custody.vault.labels import KEYRING
from custody.vault.page import Place, Sealed
from custody.vault.suite import NONCE_BYTES, SUITE_AES, suite_of, taken_apart

HEAD_BYTES: Final = 84
_LEAF: Final = struct.Struct(">BIQ")
_STATE: Final = struct.Struct(">QQ32s")
_G_BYTES: Final = 8

Spot: TypeAlias = tuple[int, int]
"""(compartment, page)."""


@dataclass(frozen=True, slots=True)
class Head:
    """Generation, counter (one more at each change), the root over all pages, and the suite the vault writes in. No secret."""

    generation: int
    counter: int
    root: bytes
    suite: int = SUITE_AES


def leaf(place: Place, sealed: bytes, wrap: bytes) -> bytes:
    """The leaf hash of one page. Raises Broken `vault.rolled-back` for a place that no page has."""
    try:
        data = _LEAF.pack(place.compartment, place.page, place.version)
    except struct.error as error:
        raise _rolled_back() from error
    return merkle.leaf_hash(data + hashlib.sha256(wrap).digest() + hashlib.sha256(sealed).digest())


def head_root(pages: Iterable[Sealed]) -> bytes:
    """The root over pages given in ascending (compartment, page) order."""
    return merkle.root(head_leaves(pages))


def head_leaves(pages: Iterable[Sealed]) -> list[bytes]:
    """The leaf hashes behind `head_root`. Raises Broken `vault.rolled-back` when pages are out of order or doubled."""
    hashes: list[bytes] = []
    places: list[tuple[int, int]] = []
    for page in pages:
        places.append((page.place.compartment, page.place.page))
        hashes.append(leaf(page.place, page.sealed, page.wrap))
    if any(first >= second for first, second in pairwise(places)):
        raise _rolled_back()
    return hashes


def seal_head(vault: bytes, head: Head, keyring: bytes) -> bytes:
    """`g u64 | nonce 12 | ciphertext | tag`, after the number of a later suite: g stands in clear so that the right root is asked for."""
    return _seal_head(vault, head, keyring, os.urandom(NONCE_BYTES))


def open_head(vault: bytes, blob: bytes, keyring: bytes) -> Head:
    """Inverse of `seal_head`. Raises Broken `vault.keyring`, `vault.no-key`, Malformed `vault.suite`."""
    require_key(keyring)
    try:
        suite, told = taken_apart(blob, HEAD_BYTES)
        lead = told[:_G_BYTES]
        state = suite.unwrap(keyring, told[_G_BYTES:], (KEYRING, vault + lead))
    except InvalidTag as error:
        raise _no_head() from error
    generation, counter, found = _STATE.unpack(state)
    if generation.to_bytes(_G_BYTES) != lead:
        raise _no_head()
    return Head(generation, counter, found, suite.number)


def check_suite(head: Head, said: int) -> None:
    """That the store says the suite of its vault that the head names: else who can write there could turn it back.

    Raises Broken `vault.suite-changed`.
    """
    if head.suite != said:
        raise Broken("vault.suite-changed", "The store says another suite of this vault than its keyring head.", kind="altered",
                     where={"suite": head.suite}, next="Somebody changed the store: custody restore from a backup.")  # fmt: skip


class Passing:
    """Pages that go by one at a time and are compared with their head at the end: no page is kept, and log n hashes."""

    def __init__(self) -> None:
        self._tree, self._last = merkle.Frontier(), (-1, -1)

    def see(self, page: Sealed) -> None:
        """The next page. Raises Broken `vault.rolled-back` when it is out of order or doubled."""
        spot = page.place.compartment, page.place.page
        if spot <= self._last:
            raise _rolled_back()
        self._last = spot
        self._tree.append(leaf(page.place, page.sealed, page.wrap))

    def end(self, head: Head) -> None:
        """That exactly the pages seen are the live ones. Raises Broken `vault.rolled-back`."""
        if self._tree.root() != head.root:
            raise _rolled_back()


def check(head: Head, pages: Iterable[Sealed]) -> None:
    """That exactly these pages are the live ones. Raises Broken `vault.rolled-back`."""
    passing = Passing()
    for page in pages:
        passing.see(page)
    passing.end(head)


def check_leaves(head: Head, leaves: Mapping[Spot, bytes]) -> None:
    """That the leaves of exactly these pages, by (compartment, page), are under the head. Raises Broken `vault.rolled-back`.

    Who then opens a page MUST compare it with its leaf (`check_leaf`): together that is what `check` does for all of them.
    """
    if merkle_root(leaves) != head.root:
        raise _rolled_back()


def merkle_root(leaves: Mapping[Spot, bytes]) -> bytes:
    """The root over the leaves of all pages."""
    return merkle.root([leaves[spot] for spot in sorted(leaves)])


def check_leaf(page: Sealed, known: bytes | None) -> None:
    """That a page is the one whose leaf is known to be under the head. Raises Broken `vault.rolled-back`."""
    if leaf(page.place, page.sealed, page.wrap) != known:
        raise _rolled_back()


def prove(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf `index` of `head_leaves` is under their root, for `check_page`."""
    return merkle.inclusion_proof(hashes, index)


def check_page(head: Head, page: Sealed, index: int, size: int, proof: Sequence[bytes]) -> None:
    """That one page is leaf `index` of `size` under the head. Raises Broken `vault.rolled-back`."""
    try:
        merkle.verify_inclusion(leaf(page.place, page.sealed, page.wrap), index, size, proof, head.root)
    except Broken as error:
        raise _rolled_back() from error


def _seal_head(vault: bytes, head: Head, keyring: bytes, nonce: bytes) -> bytes:
    suite, lead = suite_of(head.suite), head.generation.to_bytes(_G_BYTES)
    state = _STATE.pack(head.generation, head.counter, head.root)
    sealed = suite.wrap(keyring, nonce, state, (KEYRING, vault + lead))
    return suite.lead + lead + sealed[len(suite.lead) :]


def _rolled_back() -> Broken:
    return Broken("vault.rolled-back", "The key pages are not the ones the keyring head names.", kind="replayed")


def _no_head() -> Broken:
    return Broken("vault.keyring", "The keyring head does not open under this key.", kind="altered")
