"""Conditions of the port as SQL; texts that were typed are parameters, and their wildcards are letters."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase
from typing import Final, assert_never

import sqlalchemy as sa

from custody.adapters.stores.schema import METADATA
from custody.ports.store import Above, AnyOf, Beside, Cell, Condition, Holds, NoneOf, OneOf, Within

_Clause = sa.ColumnElement[bool]
# As `lower` of both databases does it in the collation of their columns.
_FOLDED: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def clauses(table: sa.Table, equal: Mapping[str, Cell], where: Sequence[Condition] = ()) -> list[_Clause]:
    """Columns that equal these values, and every one of the conditions."""
    return [*(table.c[column] == value for column, value in equal.items()), *(_clause(table, one) for one in where)]


def _clause(table: sa.Table, one: Condition) -> _Clause:
    match one:
        case Holds(columns, text):
            texts = (
                sa.func.lower(table.c[name]).contains(text.translate(_FOLDED), autoescape=True) for name in columns
            )
            return sa.or_(sa.false(), *texts)
        case Within():
            return _within(table.c[one.column], one)
        case Above(column, other):
            return table.c[column] > table.c[other]
        case OneOf() | NoneOf():
            held = table.c[one.column].in_(list(one.values))
            return held if isinstance(one, OneOf) else ~held
        case Beside():
            return _beside(table, one)
        case AnyOf(of):
            return sa.or_(sa.false(), *(_clause(table, each) for each in of))
        case _:
            assert_never(one)


def _beside(table: sa.Table, one: Beside) -> _Clause:
    other = METADATA.tables[one.table].alias()
    met = [other.c[its] == table.c[mine] for its, mine in one.same]
    met += [other.c[name] == value for name, value in one.equal.items()]
    met += [other.c[one.above] > table.c[one.above]] if one.above else []
    found = sa.exists().where(*met)
    return found if one.there else ~found


def _within(column: sa.ColumnElement[object], one: Within) -> _Clause:
    low = sa.true() if one.low is None else column >= one.low
    return low if one.high is None else sa.and_(low, column < one.high)
