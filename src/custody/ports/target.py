"""Where an export goes: tables written whole, read back as they were written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

Value = str | int | float | bytes | bool | None


class Target(Protocol):
    """A database or folder that appears under its name only when it is finished.

    What is in clear before that lies under `NAME.part`, or under no name: the next `create` of the name takes it away.
    """

    @property
    def name(self) -> str:
        """What it is called, without its folder."""
        ...

    @property
    def place(self) -> str:
        """The folder it lies in."""
        ...

    def exists(self) -> bool:
        """Whether a finished target of this name is there."""
        ...

    def create(self, table: str, columns: Sequence[str]) -> None:
        """Make an empty table. Columns carry no type, so text stays text, and '' stays apart from NULL."""
        ...

    def write(self, table: str, rows: Iterable[Sequence[Value]]) -> int:
        """Append rows in order; returns how many."""
        ...

    def finish(self) -> None:
        """Make it durable and let it appear."""
        ...

    def discard(self) -> None:
        """Take away what was begun and not finished; a finished target of this name stays."""
        ...

    def read(self, table: str) -> Iterator[tuple[Value, ...]]:
        """The rows of a finished target in the order written."""
        ...

    def beyond(self, known: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, str]]:
        """(table, column) in a finished target that `known` does not name; the column is '' where the whole table is too many."""
        ...
