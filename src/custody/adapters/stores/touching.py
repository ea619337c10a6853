"""Whoever writes a person's row or the evidence on file for them leaves a note of whom, in the same transaction.

A gate reads the notes and decides those people again. The note is made where rows are written, so that no verb can forget it.
It says how the person's row stood before the first change since the newest gate. Many at once are noted as everybody:
the next gate then looks at everybody.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from custody.adapters.stores.conditions import clauses
from custody.adapters.stores.schema import METADATA
from custody.ports.store import TOUCHED_ALL, Cell, Row

_WHO: Final = {"subject": ("vault", "id"), "evidence": ("matter", "subject")}
_MANY: Final = 1_000
_TOUCHED: Final = METADATA.tables["touched"]


def added(connection: sa.Connection, table: str, rows: Sequence[Row]) -> None:
    """Rows that are about to be added."""
    if table not in _WHO or not rows:
        return
    scope, who = _WHO[table]
    names = {(row[scope], row[who]) for row in rows}
    if len(names) > _MANY:
        names = {(name, TOUCHED_ALL) for name, _ in names}
    _note(connection, [{"scope": name, "subject": one, "state": "", "slots": b""} for name, one in names])


def changing(connection: sa.Connection, table: str, equal: Mapping[str, Cell]) -> None:
    """Rows that are about to be changed or dropped: those that equal these values."""
    if table not in _WHO:
        return
    scope, who = _WHO[table]
    target = METADATA.tables[table]
    alone, then = who in equal, table == "subject" and who in equal
    names = [target.c[scope], *([target.c[who]] if alone else []), *([target.c.state, target.c.slots] if then else [])]
    found = connection.execute(sa.select(*names).where(*clauses(target, equal)).distinct()).all()
    if found:
        _note(connection, [
            {"scope": row[0], "subject": row[1] if alone else TOUCHED_ALL, "state": row[2] if then else "", "slots": row[3] if then else b""}
            for row in found
        ])  # fmt: skip


def _note(connection: sa.Connection, rows: list[dict[str, Cell]]) -> None:
    """The first note of a person stands: it says how they were at the newest gate."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(_TOUCHED).on_conflict_do_nothing(), rows)
