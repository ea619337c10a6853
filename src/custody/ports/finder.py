"""Where the blind index lies: tags and whose they are, in a place that no backup copies (spec/vault.md §13)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol


class Tagged(NamedTuple):
    """One tag: by which normaliser, and the subject who has such a value."""

    normaliser: str
    tag: bytes
    subject: bytes


class Finder(Protocol):
    """Tags by vault and epoch. What is lost here is rebuilt, never missed. Any method may raise Unavailable `index.out`."""

    def epoch(self, vault: str) -> int | None:
        """The live epoch; None when there is no whole index."""
        ...

    def keys(self, vault: str, epoch: int) -> Mapping[int, bytes]:
        """{generation: the index key wrapped under its keyring key}."""
        ...

    def begin(self, vault: str, epoch: int) -> None:
        """Start an epoch from nothing; it is live when `finish` says so. One that was begun and not finished is as if it never was."""
        ...

    def finish(self, vault: str, epoch: int) -> None:
        """Make the epoch the live one, whole and durable, and drop every other one of the vault."""
        ...

    def keep_key(self, vault: str, epoch: int, generation: int, wrapped: bytes) -> None:
        """Keep the index key under one more generation."""
        ...

    def drop_keys(self, vault: str, generation: int) -> None:
        """Forget what is wrapped under a generation that goes."""
        ...

    def put(self, vault: str, epoch: int, tags: Iterable[Tagged]) -> int:
        """Add tags to the live epoch or the one begun; the same one twice is one. Returns how many were given."""
        ...

    def find(self, vault: str, epoch: int, normaliser: str, tag: bytes) -> Sequence[bytes]:
        """The subjects with this tag. An epoch that is not the live one is out (`index.out`), so that nobody is taken for not there."""
        ...

    def shared(self, vault: str, epoch: int, normaliser: str, most: int) -> Sequence[tuple[bytes, bytes]]:
        """(tag, subject) of every tag that more than one and at most `most` subjects have, by tag."""
        ...

    def forget(self, vault: str, subjects: Iterable[bytes]) -> None:
        """Remove every tag of these subjects, in every epoch."""
        ...

    def drop(self, vault: str) -> None:
        """Remove the whole index of a vault, keys first."""
        ...
