"""What one act holds of everybody and memory does not: rows on a disk of this host, gone with the process (docs/architecture.md §8).

Rules: a key of a customer lies here as a keyed tag alone, and cells that tell of a person or open something are sealed; the key
of both is in this process and nowhere else, and the file has no name. Nothing here was ever acknowledged to anybody.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Entry = tuple[Any, ...]
"""The cells of a row in the order of the table's columns: int, str or bytes."""


class Spill(Protocol):
    """Tables of one act.

    `key` (space, tag, number): who a key is, -1 when it was put twice · `link` (space, here, there): from key to key ·
    `owner` (number, held): the newest of each number · `place` (number, subject, record, compartment, schema, row, position, length) ·
    `dek` (compartment, chance, subject, dek) · `slot` (subject, compartment, page, slot) · `person` (subject, kind, facts, members) ·
    `came` (subject, record, compartment, schema, revision, row, position, length) · `stands` (subject, tbl, row, unclear) · `aside` (held). Sealed are `held`, `dek`, `facts`.
    """

    def tag(self, text: str) -> bytes:
        """What stands here for the text of a key: the same for the same text, in this act alone."""
        ...

    def put(self, table: str, rows: Iterable[Entry]) -> None:
        """Add rows."""
        ...

    def get(self, table: str, *key: int | bytes) -> list[Entry]:
        """The rows of `key`, `link` or `owner` whose first columns are these."""
        ...

    def clashed(self, space: int) -> bool:
        """Whether some key of this space was put twice."""
        ...

    def scan(self, table: str, order: Sequence[str] = ()) -> Iterator[Entry]:
        """All rows, streamed, by these columns or as they were put. Rows may be put into other tables meanwhile."""
        ...


class Heap(Protocol):
    """Bytes put aside, one piece after the other."""

    def put(self, data: bytes) -> int:
        """Put it behind the others; returns where it lies."""
        ...

    def get(self, place: int, size: int) -> bytes:
        """What lies there."""
        ...


class Spills(Protocol):
    """Where they come from."""

    def heap(self) -> AbstractContextManager[Heap]:
        """A new heap, empty, for what says nothing of anybody; as `open` otherwise."""
        ...

    def open(self) -> AbstractContextManager[Spill]:
        """A new one, empty; leaving it lets go of everything in it. Raises Unavailable `spill.out` where the disk fails."""
        ...
