"""The core store: rows of facts that decide, written in one transaction with their ledger entry.

A narrow table gateway, not an object mapper: services name a table (docs/reference/store.md), give plain values,
and an adapter keeps them. Values are str, int, bytes, bool or None; structure travels as canonical JSON bytes.
How many rows a large table holds of each kind is kept beside them by the adapter, and `count` reads that.
Whose row of `subject` or `evidence` is written, the adapter notes in `touched`, in the same transaction: for the next gate.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, Protocol

Cell = str | int | bytes | bool | None
Row = Mapping[str, Cell]
Cells = dict[str, Cell]
# In the table `touched`: everybody of that scope. An id has 16 bytes, and b"" stands for a deal as a whole.
TOUCHED_ALL: Final = b"*"


class Holds(NamedTuple):
    """One of `columns` holds `text`, whatever the case of letters from a to z."""

    columns: Sequence[str]
    text: str


class Within(NamedTuple):
    """`column` is at least `low` and below `high`; None leaves that end open."""

    column: str
    low: Cell = None
    high: Cell = None


class Above(NamedTuple):
    """`column` is above another column of its row."""

    column: str
    other: str


class OneOf(NamedTuple):
    """`column` is one of `values`."""

    column: str
    values: Collection[Cell]


class NoneOf(NamedTuple):
    """`column` is none of `values`."""

    column: str
    values: Collection[Cell]


class Beside(NamedTuple):
    """A row of `table` lies beside this one (or none does, where it is not `there`): its columns equal `equal`, and this row's where `same` names both: (its, this one's).

    Where `above` is named, that column of it is above this row's, too.
    """

    table: str
    same: "Sequence[tuple[str, str]]"
    equal: "Mapping[str, Cell]"
    there: bool = True
    above: str = ""


class AnyOf(NamedTuple):
    """One of these at least; none is never met."""

    of: "Sequence[Condition]"


Condition = Holds | Within | Above | OneOf | NoneOf | Beside | AnyOf
"""What rows are asked for beyond columns that equal a value: the store decides it, so that nobody loads a list to search it."""


class Transaction(Protocol):
    """One atomic piece of work. Leaving it normally commits; an exception rolls everything back."""

    def add(self, table: str, rows: Iterable[Row]) -> int:
        """Insert rows; returns how many. Raises Unavailable `store.conflict` when a key exists already."""
        ...

    def find(self, table: str, *, order: Sequence[str] = (), **equal: Cell) -> list[Row]:
        """The rows whose columns equal the values given, in `order`."""
        ...

    def first(
        self, table: str, most: int | None, where: Sequence[Condition] = (), start: int = 0, /, *, order: Sequence[str], **equal: Cell
    ) -> list[Row]:  # fmt: skip
        """As `find`, of those that meet every one of `where`: the first `most` after `start`. A column named `-name` in `order` falls."""
        ...

    def scan(
        self, table: str, where: Sequence[Condition] = (), /, *, order: Sequence[str], **equal: Cell
    ) -> Iterator[Row]:
        """As `first`, all of them, streamed: nothing holds a whole data set in memory."""
        ...

    def columns(
        self, table: str, names: Sequence[str], *, order: Sequence[str] = (), **equal: Cell
    ) -> Iterator[tuple[Cell, ...]]:
        """Some columns of the matching rows, streamed as bare tuples: for reading millions of them."""
        ...

    def among(
        self, table: str, names: Sequence[str], column: str, values: Iterable[Cell], **equal: Cell
    ) -> Iterator[tuple[Cell, ...]]:
        """As `columns`, of the rows whose `column` is one of `values`, in any order: for looking up thousands at a time."""
        ...

    def change(self, table: str, values: Row, **equal: Cell) -> int:
        """Set `values` on the matching rows; returns how many, so that compare-and-swap can be checked."""
        ...

    def drop(self, table: str, **equal: Cell) -> int:
        """Delete the matching rows; returns how many."""
        ...

    def drop_many(self, table: str, keys: Iterable[Row]) -> int:
        """Delete, for each of `keys`, the rows whose columns equal it. All keys name the same columns."""
        ...

    def count(self, table: str, where: Sequence[Condition] = (), /, **equal: Cell) -> int:
        """How many rows match."""
        ...

    def counts(self, table: str, column: str, where: Sequence[Condition] = (), /, **equal: Cell) -> Mapping[str, int]:
        """{value of a column of text: how many matching rows have it}, in the order of the values."""
        ...

    def groups(
        self, table: str, columns: Sequence[str], where: Sequence[Condition] = (), /, **equal: Cell
    ) -> Mapping[tuple[Cell, ...], int]:
        """{values of some columns: how many matching rows have them}, in any order."""
        ...

    def distinct(self, table: str, column: str, where: Sequence[Condition] = (), /, **equal: Cell) -> int:
        """How many values of a column there are among the matching rows."""
        ...

    def tables(self) -> Mapping[str, Sequence[str]]:
        """{table: its columns} of the whole store, each as `add` takes them; what the adapter keeps of itself is not among them."""
        ...

    def revision(self) -> str:
        """Of which revision of the schema its rows are."""
        ...

    def lacking(self, revision: str) -> Sequence[str]:
        """What was done to rows since `revision`, by name, in order. Raises Unavailable `store.newer` for one that is not known here."""
        ...

    def bring(self, steps: Sequence[str]) -> None:
        """Do this to rows of before that were added to this store."""
        ...


class Store(Protocol):
    """Where transactions come from."""

    def write(self) -> AbstractContextManager[Transaction]:
        """A writing transaction; one writer at a time. Raises Unavailable `store.busy` after 10 s of waiting."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """A reading transaction on one consistent state."""
        ...

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold `name` against every other process, until the end or death. Raises Unavailable `vault.busy` after 10 s."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


def one(tx: Transaction, table: str, **equal: Cell) -> Row | None:
    """The only matching row, or None."""
    rows = tx.find(table, order=(), **equal)
    return rows[0] if rows else None
