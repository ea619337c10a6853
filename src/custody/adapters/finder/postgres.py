"""The blind index in a PostgreSQL database, in a schema of its own beside the store's (`NAME_index`).

Every table is unlogged: none of it is in the server's log, in a base backup or on a replica, and a server that crashed has all of
them empty, keys and epochs too, so that the index is built again and nobody is taken for not there. The tags of an epoch are a
table of their own, filled without an index, then put in order once; an epoch goes as that table goes, and leaves no dead rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

from custody.adapters.stores.postgres import PostgresDatabase
from custody.base.errors import Malformed, Unavailable
from custody.ports.finder import Tagged

_LITTLE, _MANY = 2_000, 20_000
"""Tags or people at a time, in an index that is live and in one that is built."""
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,40}")
_ABSENT: Final = frozenset(("42P01", "3F000"))
"""No such table, no such schema: there is no index."""
_TABLES: Final = (
    "epoch (vault text, epoch bigint, live boolean, PRIMARY KEY (vault, epoch))",
    "key (vault text, epoch bigint, g bigint, wrapped bytea, PRIMARY KEY (vault, epoch, g))",
    "field (vault text, epoch bigint, id smallint, normaliser text, PRIMARY KEY (vault, epoch, id))",
)
Values = Mapping[str, Any]


class PostgresFinder:
    """See `ports.finder.Finder`."""

    def __init__(self, database: PostgresDatabase, may_keep: Callable[[], None] = lambda: None) -> None:
        """`may_keep` raises when people's tags may not be added where the database lies (spec/residency.md)."""
        self._may_keep = may_keep
        self._engine, self._schema = database.engine, f"{database.schema}_index"
        self._errors: type[Exception] = database.engine.dialect.loaded_dbapi.Error

    def epoch(self, vault: str) -> int | None:
        rows = self._read(f"SELECT epoch FROM {self._at('epoch')} WHERE vault = :vault AND live", {"vault": vault})
        return int(rows[0][0]) if rows else None

    def keys(self, vault: str, epoch: int) -> Mapping[int, bytes]:
        words = f"SELECT g, wrapped FROM {self._at('key')} WHERE vault = :vault AND epoch = :epoch"
        return {row[0]: bytes(row[1]) for row in self._read(words, {"vault": vault, "epoch": epoch})}

    def begin(self, vault: str, epoch: int) -> None:
        with self._write() as run:
            run(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"', {})
            for table in _TABLES:
                run(f'CREATE UNLOGGED TABLE IF NOT EXISTS "{self._schema}".{table}', {})
            self._clear(run, vault, f"vault = :vault AND (NOT live OR epoch = {int(epoch)})")
            run(f"INSERT INTO {self._at('epoch')} VALUES (:vault, :epoch, false)", {"vault": vault, "epoch": epoch})
            run(
                f"CREATE UNLOGGED TABLE {self._tags(vault, epoch, new=True)} (tag bytea, field smallint, subject bytea)",
                {},
            )

    def finish(self, vault: str, epoch: int) -> None:
        made, heap = self._tags(vault, epoch), self._tags(vault, epoch, new=True)
        with self._write() as run:
            run(f"CREATE UNLOGGED TABLE {made} AS SELECT DISTINCT tag, field, subject FROM {heap} ORDER BY tag", {})
            run(f"DROP TABLE {heap}", {})
            run(f"ALTER TABLE {made} ADD PRIMARY KEY (tag, field, subject)", {})
            run(f"CREATE INDEX ON {made} (subject)", {})
            self._clear(run, vault, f"vault = :vault AND epoch <> {int(epoch)}")
            run(f"UPDATE {self._at('epoch')} SET live = true WHERE vault = :vault", {"vault": vault})
            run(f"ANALYZE {made}", {})

    def keep_key(self, vault: str, epoch: int, generation: int, wrapped: bytes) -> None:
        words = (
            f"INSERT INTO {self._at('key')} SELECT vault, epoch, :g, :wrapped FROM {self._at('epoch')}"
            " WHERE vault = :vault AND epoch = :epoch"
            " ON CONFLICT (vault, epoch, g) DO UPDATE SET wrapped = EXCLUDED.wrapped"
        )
        with self._write() as run:
            run(words, {"vault": vault, "epoch": epoch, "g": generation, "wrapped": wrapped})

    def drop_keys(self, vault: str, generation: int) -> None:
        if self.epoch(vault) is not None:
            with self._write() as run:
                run(f"DELETE FROM {self._at('key')} WHERE vault = :vault AND g = :g", {"vault": vault, "g": generation})

    def put(self, vault: str, epoch: int, tags: Iterable[Tagged]) -> int:
        self._may_keep()
        live, source, total = self.epoch(vault) == epoch, iter(tags), 0
        table = self._tags(vault, epoch, new=not live)
        while some := list(islice(source, _LITTLE if live else _MANY)):
            with self._write() as run:
                fields = self._fields(run, vault, epoch, sorted({one.normaliser for one in some}))
                rows = [(one.tag, fields[one.normaliser], one.subject) for one in some]
                if live:
                    words = f"INSERT INTO {table} VALUES (:t, :f, :s) ON CONFLICT DO NOTHING"
                    run(words, [{"t": tag, "f": field, "s": subject} for tag, field, subject in rows])
                else:
                    run.copy(table, rows)
            total += len(some)
        return total

    def find(self, vault: str, epoch: int, normaliser: str, tag: bytes) -> Sequence[bytes]:
        words = f"SELECT subject FROM {self._tags(vault, epoch)} WHERE tag = :tag AND field = {self._field()} ORDER BY subject"
        found = {"vault": vault, "epoch": epoch, "normaliser": normaliser, "tag": tag}
        return [bytes(row[0]) for row in self._read(words, found, absent=False)]

    def shared(self, vault: str, epoch: int, normaliser: str, most: int) -> Sequence[tuple[bytes, bytes]]:
        words = (
            f"SELECT tag, subject FROM (SELECT tag, subject, count(*) OVER (PARTITION BY tag) AS many"
            f" FROM {self._tags(vault, epoch)} WHERE field = {self._field()}) AS counted"
            " WHERE many BETWEEN 2 AND :most ORDER BY tag, subject"
        )
        found = {"vault": vault, "epoch": epoch, "normaliser": normaliser, "most": most}
        return [(bytes(row[0]), bytes(row[1])) for row in self._read(words, found, absent=False)]

    def forget(self, vault: str, subjects: Iterable[bytes]) -> None:
        epoch, source = self.epoch(vault), iter(subjects)
        while epoch is not None and (some := list(islice(source, _LITTLE))):
            with self._write() as run:
                run(f"DELETE FROM {self._tags(vault, epoch)} WHERE subject = ANY(:some)", {"some": some})

    def drop(self, vault: str) -> None:
        if self._read(f"SELECT 1 FROM {self._at('epoch')} WHERE vault = :vault", {"vault": vault}):
            with self._write() as run:
                self._clear(run, vault, "vault = :vault")

    def _at(self, table: str) -> str:
        return f'"{self._schema}".{table}'

    def _tags(self, vault: str, epoch: int, *, new: bool = False) -> str:
        if not _NAME.fullmatch(vault):
            raise Malformed("index.name", "A vault's id is not of its form.")
        return f'"{self._schema}"."tag_{vault}_{int(epoch)}{"_new" if new else ""}"'

    def _field(self) -> str:
        return (
            f"(SELECT id FROM {self._at('field')} WHERE vault = :vault AND epoch = :epoch AND normaliser = :normaliser)"
        )

    def _fields(self, run: "_Run", vault: str, epoch: int, wanted: Sequence[str]) -> dict[str, int]:
        """A number for each normaliser: its name would be most of each row."""
        where = {"vault": vault, "epoch": epoch}
        words = f"SELECT normaliser, id FROM {self._at('field')} WHERE vault = :vault AND epoch = :epoch"
        known: dict[str, int] = {row[0]: row[1] for row in run(words, where)}
        for name in wanted:
            if name not in known:
                known[name] = len(known) + 1
                run(
                    f"INSERT INTO {self._at('field')} VALUES (:vault, :epoch, :id, :name)",
                    {**where, "id": known[name], "name": name},
                )
        return known

    def _clear(self, run: "_Run", vault: str, which: str) -> None:
        """Keys first: what is left of an epoch whose key is gone says nothing."""
        epochs = [row[0] for row in run(f"SELECT epoch FROM {self._at('epoch')} WHERE {which}", {"vault": vault})]
        for epoch in epochs:
            where = {"vault": vault, "epoch": epoch}
            for table in ("key", "field", "epoch"):
                run(f"DELETE FROM {self._at(table)} WHERE vault = :vault AND epoch = :epoch", where)
            for new in (True, False):
                run(f"DROP TABLE IF EXISTS {self._tags(vault, epoch, new=new)}", {})

    def _read(self, words: str, values: Values, *, absent: bool = True) -> list[Any]:
        """The rows; where there is no index none, or, unless `absent`, a refusal: its answer would be 'nobody'."""
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                return list(connection.execute(sa.text(words), values))
        except exc.DBAPIError as error:
            if absent and getattr(error.orig, "sqlstate", "") in _ABSENT:
                return []
            raise _out() from error

    @contextmanager
    def _write(self) -> Iterator["_Run"]:
        try:
            with self._engine.begin() as connection:
                yield _Run(connection)
        except (exc.DBAPIError, self._errors) as error:
            raise _out() from error


class _Run:
    """Statements of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def __call__(self, words: str, values: Values | Sequence[Values]) -> list[Any]:
        """One statement, for one set of values or for many; its rows."""
        result = self._connection.execute(sa.text(words), values)
        return list(result) if result.returns_rows else []

    def copy(self, table: str, rows: Iterable[tuple[bytes, int, bytes]]) -> None:
        """Rows into a table of tags, however many."""
        driver = self._connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as to:
            to.set_types(["bytea", "int2", "bytea"])
            for row in rows:
                to.write_row(row)


def _out() -> Unavailable:
    return Unavailable("index.out", "The index of values does not answer.", retry=True,
                       next="Run it again: an index that was torn is built anew.")  # fmt: skip
