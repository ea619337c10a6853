"""Whether records and the leaves that name them are the same, one to one, without holding either (spec/package.md §4).

Both are added up under a key that is drawn here, after the files were made: whoever made them, two multisets that differ have
the same sum with a chance of 1 in 2^256. What the sum cannot see is one record that two leaves name and that is there twice; a
number of eight bytes for each record shows that. It says nothing but yes: where it does not, `match` looks for what is wrong.
"""

import hashlib
import secrets
from array import array
from typing import Final

_BYTES: Final = 32
_MASK: Final = (1 << 8 * _BYTES) - 1


class Sums:
    """What leaves claim and what segments hold, added up."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(_BYTES)
        self._claimed = self._held = 0
        self._tags = [array("Q") for _ in range(256)]

    def claim(self, sha256: bytes, head: bytes) -> None:
        """A leaf names a record with this hash and header."""
        tag = self._tag(sha256, head)
        self._claimed = self._claimed + int.from_bytes(tag) & _MASK
        self._tags[tag[0]].append(int.from_bytes(tag[:8]))

    def hold(self, sha256: bytes, head: bytes) -> None:
        """A segment holds such a record."""
        self._held = self._held + int.from_bytes(self._tag(sha256, head)) & _MASK

    def agree(self) -> bool:
        """Whether both are the same and nothing is named twice; for millions of records, once in a lifetime not although they are."""
        return self._claimed == self._held and all(len(set(some)) == len(some) for some in self._tags)

    def _tag(self, sha256: bytes, head: bytes) -> bytes:
        return hashlib.blake2b(sha256 + head, digest_size=_BYTES, key=self._key).digest()
