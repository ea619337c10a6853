"""The ledger's mirror: every entry once more, outside the store, so that a lost store loses no act (spec/vault.md §20)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol


class Mirror(Protocol):
    """Sealed entries by number. Any method may raise Unavailable `mirror.out`."""

    def newest(self, space: str) -> tuple[int, bytes] | None:
        """How many entries of the space are kept, and the last of them, of one moment; None when there is none."""
        ...

    def append(self, space: str, first: int, entries: Sequence[bytes]) -> None:
        """Keep `entries` from number `first` on, durable when it returns; what is there already is left. Raises Malformed `mirror.order` for a gap."""
        ...

    def read(self, space: str, first: int = 0) -> Iterator[bytes]:
        """The entries from number `first` on. Raises Broken `mirror.altered` (with the number, as `entry`) where one is not what was written and others follow it."""
        ...

    def mend(
        self, space: str, entries: Callable[[int], Iterator[bytes]], *,
        rest: bool = False, anew: bool = False, require: Callable[[Iterator[bytes]], None] | None = None,
    ) -> None:  # fmt: skip
        """From the first entry on that is not what was written keep `entries(its number)` in place of all that is there; with `rest` that behind those stays, with `anew` it is from the first one on, whole or not, and nothing is kept beside, nor what was before.

        Both are asked for while nobody else writes; `require` gets every entry as it would be kept then, and raises where that must not be. What was there is kept beside. Raises Broken `mirror.altered` where the rest is not whole; nothing is changed then.
        """
        ...
