"""What SQLite and PostgreSQL do each in its own way: how one begins, streams, loads, and says that it is busy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy import exc

from custody.base.errors import Unavailable
from custody.ports.store import Cell, Row


class Asked(NamedTuple):
    """Some columns of the rows of a table whose columns equal the values given, in order."""

    table: sa.Table
    names: Sequence[str]
    order: Sequence[str]
    equal: Mapping[str, Cell]

    def select(self, conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[*tuple[Any, ...]]:
        """The statement; a converter per cell would cost as much as reading it, so there is none."""
        chosen = [sa.type_coerce(self.table.c[name], sa.types.NULLTYPE).label(name) for name in self.names]
        return sa.select(*chosen).where(*conditions).order_by(*(self.table.c[name] for name in self.order))


class Database(Protocol):
    """One of the two."""

    @property
    def engine(self) -> sa.Engine:
        """Where connections come from."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...

    def prepare(self, connection: sa.Connection) -> None:
        """Inside the transaction of a migration: what must be there before the first table."""
        ...

    def begin(self, connection: sa.Connection, *, write: bool) -> sa.Connection:
        """Before the transaction begins: which kind it is to be."""
        ...

    def hold(self, connection: sa.Connection) -> None:
        """First thing in a writing transaction: be the only writer, or raise the driver's error after 10 s."""
        ...

    def add(self, connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
        """Insert `rows`, however many."""
        ...

    def columns(self, connection: sa.Connection, asked: "Asked") -> Iterator[tuple[Cell, ...]]:
        """The rows asked for, streamed, each value as the driver gives it."""
        ...

    def fault(self, error: exc.DBAPIError) -> Unavailable:
        """The driver's error in words of ours, which repeat none of its own."""
        ...


def busy() -> Unavailable:
    """Somebody else writes, and went on for longer than a writer waits."""
    return Unavailable("store.busy", "Another writer holds the store.", retry=True, next="Run the command again.")


def failed() -> Unavailable:
    """The store did not do what it was asked."""
    return Unavailable(
        "store.failed", "The store did not answer.", next="Look at its server or file, space and rights."
    )
