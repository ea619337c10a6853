"""How many rows of a large table there are of each kind and state, kept beside them in the same transaction.

A page that says how many customers a vault holds reads a handful of numbers, however many there are. As with the notes of
`touching`, the numbers move where rows are written, so that no verb can forget them; a transaction writes them once, at its end.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from custody.adapters.stores.conditions import clauses
from custody.adapters.stores.schema import METADATA
from custody.ports.store import Cell, Row

COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": ("vault", "kind", "state"),
    "sending": ("campaign", "state"),
    "evidence": ("matter", "type", "compartment"),
}
KEPT: Final = METADATA.tables["row_count"]
_COLUMNS: Final = ("scope", "a", "b")
_Group = tuple[str, ...]


class Counts:
    """The counts of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._moved = Counter[tuple[str, _Group]]()

    def added(self, table: str, rows: Sequence[Row]) -> None:
        """Rows that were added; a column that was left out has its default."""
        if columns := COUNTED.get(table):
            self._moved.update((table, tuple(str(row.get(name, "")) for name in columns)) for row in rows)

    def changing(self, table: str, equal: Mapping[str, Cell], values: Row) -> None:
        """Rows that are about to be changed to `values`."""
        columns = COUNTED.get(table, ())
        if values.keys().isdisjoint(columns):
            return
        for group, many in self._met(table, equal):
            moved = tuple(str(values.get(name, old)) for name, old in zip(columns, group, strict=True))
            self._moved[table, group] -= many
            self._moved[table, moved] += many

    def dropping(self, table: str, equal: Mapping[str, Cell]) -> None:
        """Rows that are about to be dropped."""
        for group, many in self._met(table, equal) if table in COUNTED else ():
            self._moved[table, group] -= many

    def dropped_some(self, table: str) -> None:
        """Rows of many keys were dropped: what is left is counted anew."""
        if table in COUNTED:
            self._moved = Counter({key: many for key, many in self._moved.items() if key[0] != table})
            recount(self._connection, table)

    def knows(self, table: str, columns: Sequence[str]) -> bool:
        """Whether the kept numbers answer a question by these columns."""
        return table in COUNTED and set(columns) <= set(COUNTED[table])

    def count(self, table: str, equal: Mapping[str, Cell]) -> int:
        """How many rows have these values."""
        self.settle()
        query = sa.select(sa.func.coalesce(sa.func.sum(KEPT.c.n), 0)).where(*_where(table, equal))
        return int(self._connection.execute(query).scalar_one())

    def by(self, table: str, column: str, equal: Mapping[str, Cell]) -> Mapping[str, int]:
        """{value of the column: how many}, in the order of the values."""
        self.settle()
        by, many = KEPT.c[_named(table, column)], sa.func.sum(KEPT.c.n)
        query = sa.select(by, many).where(*_where(table, equal)).group_by(by).having(many > 0).order_by(by)
        return {str(value): int(count) for value, count in self._connection.execute(query)}

    def groups(self, table: str, columns: Sequence[str], equal: Mapping[str, Cell]) -> Mapping[tuple[Cell, ...], int]:
        """{values of the columns: how many}; numbers are numbers again."""
        self.settle()
        by, many = [KEPT.c[_named(table, name)] for name in columns], sa.func.sum(KEPT.c.n)
        kinds = [METADATA.tables[table].c[name].type.python_type for name in columns]
        query = sa.select(*by, many).where(*_where(table, equal)).group_by(*by).having(many > 0)
        return {
            tuple(kind(value) for kind, value in zip(kinds, row[:-1], strict=True)): int(row[-1])
            for row in self._connection.execute(query)
        }

    def settle(self) -> None:
        """Write what moved so far."""
        rows = [_row(table, group, many) for (table, group), many in self._moved.items() if many]
        self._moved.clear()
        if rows:
            insert = (postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert)(KEPT)
            onto = insert.on_conflict_do_update(
                index_elements=["tbl", *_COLUMNS], set_={"n": KEPT.c.n + insert.excluded.n}
            )
            self._connection.execute(onto, rows)

    def _met(self, table: str, equal: Mapping[str, Cell]) -> list[tuple[_Group, int]]:
        target = METADATA.tables[table]
        names = [target.c[name] for name in COUNTED[table]]
        query = sa.select(*names, sa.func.count()).where(*clauses(target, equal)).group_by(*names)
        return [(tuple(str(value) for value in row[:-1]), int(row[-1])) for row in self._connection.execute(query)]


def recount(connection: sa.Connection, table: str) -> None:
    """Count every row of a table."""
    target = METADATA.tables[table]
    names = [target.c[name] for name in COUNTED[table]]
    connection.execute(sa.delete(KEPT).where(KEPT.c.tbl == table))
    found = connection.execute(sa.select(*names, sa.func.count()).group_by(*names)).all()
    if found:
        connection.execute(sa.insert(KEPT), [_row(table, tuple(map(str, row[:-1])), int(row[-1])) for row in found])


def _row(table: str, group: _Group, many: int) -> dict[str, str | int]:
    padded = (*group, *("" for _ in range(len(_COLUMNS) - len(group))))
    return {"tbl": table, **dict(zip(_COLUMNS, padded, strict=True)), "n": many}


def _named(table: str, column: str) -> str:
    return _COLUMNS[COUNTED[table].index(column)]


def _where(table: str, equal: Mapping[str, Cell]) -> list[sa.ColumnElement[bool]]:
    return [KEPT.c.tbl == table, *(KEPT.c[_named(table, name)] == str(value) for name, value in equal.items())]
