"""Merkle trees as RFC 9162 §2.1 defines them: hashing, roots, inclusion and consistency proofs, and a frontier.

Everything works on leaf *hashes*; `leaf_hash` makes one from data. The empty tree's root is SHA-256 of nothing.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from custody.base.errors import Broken

EMPTY: Final = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, built level by level (equal to the recursive definition)."""
    if not hashes:
        return EMPTY
    level, digest_of = list(hashes), hashlib.sha256
    while len(level) > 1:
        # `node_hash` written out: for a million leaves the call costs as much as the hash.
        paired = [
            digest_of(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (RFC 9162 §2.1.3.1), lowest node first."""
    path, level, place = [], list(hashes), index
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, place = paired + level[len(level) - len(level) % 2 :], place // 2
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """RFC 9162 §2.1.3.2. Raises Broken `merkle.inclusion`."""
    if not 0 <= index < size:
        raise _broken("merkle.inclusion")
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _broken("merkle.inclusion")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last != 0 or found != expected:
        raise _broken("merkle.inclusion")


def consistency_proof(hashes: Sequence[bytes], first: int) -> list[bytes]:
    """RFC 9162 §2.1.4.1: that the tree of the first `first` leaves is a prefix of this one."""
    if not 0 < first <= len(hashes):
        return []
    return _subproof(hashes, first, complete=True)


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> None:
    """RFC 9162 §2.1.4.2. Raises Broken `merkle.consistency`."""
    if first > second or first < 0:
        raise _broken("merkle.consistency")
    if first in (0, second):
        same = first_root == (EMPTY if first == 0 else second_root)
        if proof or not same:
            raise _broken("merkle.consistency")
        return
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        raise _broken("merkle.consistency")
    old, new = _walk(first - 1, second - 1, path)
    if old != first_root or new != second_root:
        raise _broken("merkle.consistency")


class Frontier:
    """A growing tree in O(log n) space: the roots of its complete subtrees, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self._carry(leaf, 1)

    def _carry(self, peak: bytes, size: int) -> None:
        """Add a complete subtree of `size` leaves, a power of two that divides the size so far; equal neighbours become one."""
        count = self.size // size
        while count & 1:
            peak = node_hash(self._peaks.pop(), peak)
            count >>= 1
        self._peaks.append(peak)
        self.size += size

    def extend(self, leaves: Sequence[bytes]) -> None:
        """`append` for each, in stretches that are whole subtrees: those cost a hash a node and no more."""
        start = 0
        while start < len(leaves):
            left = len(leaves) - start
            whole = min(self.size & -self.size or left, 1 << left.bit_length() - 1)
            count = 1 << whole.bit_length() - 1
            self._carry(root(leaves[start : start + count]), count)
            start += count

    def root(self) -> bytes:
        """The root over everything appended."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def to_list(self) -> list[bytes]:
        """The peaks, to be kept with `size`."""
        return list(self._peaks)

    @classmethod
    def from_list(cls, size: int, peaks: Sequence[bytes]) -> "Frontier":
        """Inverse of (`size`, `to_list`). Raises Broken `merkle.frontier` when they cannot belong together."""
        if len(peaks) != size.bit_count() or any(len(peak) != 32 for peak in peaks):
            raise _broken("merkle.frontier")
        made = cls()
        made.size, made._peaks = size, list(peaks)
        return made


def _subproof(hashes: Sequence[bytes], first: int, *, complete: bool) -> list[bytes]:
    if first == len(hashes):
        return [] if complete else [root(hashes)]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if first <= split:
        return [*_subproof(hashes[:split], first, complete=complete), root(hashes[split:])]
    return [*_subproof(hashes[split:], first - split, complete=False), root(hashes[:split])]


def _walk(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            raise _broken("merkle.consistency")
        if place & 1 or place == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, node)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise _broken("merkle.consistency")
    return old, new


def _broken(slug: str) -> Broken:
    return Broken(slug, "A Merkle proof does not hold.", kind="chain")
