"""Where a store lies, for a restore: is one there, a fresh one beside it, and the one step in which that takes its name."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

import sqlalchemy as sa
from sqlalchemy import exc

from custody.adapters.files.local import sync_folder
from custody.adapters.served import restore_busy
from custody.adapters.stores.postgres import PostgresDatabase
from custody.adapters.stores.sql import is_file

_SQLITE: Final = "sqlite:///"
_RESTORING: Final = "restoring"
_FOUNDED: Final = ("party", "own = 'yes'")
"""What a store has that says whose it is."""
_FILLED: Final = ("outbox", "topic = 'done'")
"""What a restore leaves in its last transaction (acts.loading)."""
_PATIENCE: Final = 10.0
"""Seconds for which whoever reads what is being restored is waited for."""


class Place(Protocol):
    """The place of one store."""

    def empty(self) -> bool:
        """Whether there is nothing, or nothing any more."""
        ...

    def beside(self) -> str:
        """The URL of a store beside it: a new one, or what an earlier attempt left."""
        ...

    def fresh(self) -> str:
        """The same anew: what an earlier attempt left goes."""
        ...

    def take(self) -> None:
        """Give the fresh store the store's name: from here on it is in force. What had the name goes, but no store of a home that was founded.

        Raises Unavailable `restore.busy`.
        """
        ...


class FilePlace:
    """A SQLite file."""

    def __init__(self, url: str) -> None:
        self._path = Path(url.removeprefix(_SQLITE))
        self._beside = self._path.with_name(f"{self._path.name}.{_RESTORING}")

    def empty(self) -> bool:
        return not self._path.exists() or not self._path.stat().st_size

    def beside(self) -> str:
        return f"{_SQLITE}{self._beside}"

    def fresh(self) -> str:
        for left in self._path.parent.glob(f"{self._beside.name}*"):
            left.unlink()
        return self.beside()

    def take(self) -> None:
        """Another restore of this home is kept out by a lock of its folder; whoever founds it meanwhile is not."""
        self._gathered()
        if _founded_file(self._path):
            raise restore_busy()
        for name in ("-wal", "-shm", "-journal"):  # a log of the store that was lost would be played onto the new one
            self._path.with_name(self._path.name + name).unlink(missing_ok=True)
        self._beside.replace(self._path)
        sync_folder(self._path.parent)

    def _gathered(self) -> None:
        """All that was committed lies in the file itself, whoever else has it open: a log that stayed behind under the old name would be lost with the last of it, which is who was erased.

        Raises Unavailable `restore.busy`.
        """
        with closing(sqlite3.connect(self._beside, timeout=_PATIENCE)) as store:
            (busy, _, _) = store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise restore_busy()


class SchemaPlace:
    """A schema of a PostgreSQL database: a rename within the transaction that drops the former."""

    def __init__(self, url: str, secret: bytes | None) -> None:
        self._url, self._secret, self._database = url, secret, PostgresDatabase(url, secret)
        self._beside = f"{self._database.schema}_{_RESTORING}"

    def empty(self) -> bool:
        there = sa.text(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :name"
        )
        with self._alone() as connection:
            return not connection.execute(there, {"name": self._database.schema}).scalar_one()

    def beside(self) -> str:
        return sa.make_url(self._url).update_query_dict({"schema": self._beside}).render_as_string(hide_password=False)

    def fresh(self) -> str:
        with self._alone() as connection:
            connection.execute(sa.schema.DropSchema(self._beside, cascade=True, if_exists=True))
        return self.beside()

    def take(self) -> None:
        """Whoever restores the same home from another host holds no lock of its folder: what is taken was filled to its end, and the name is free, in one transaction with both held."""
        other = PostgresDatabase(self.beside(), self._secret)
        with closing(other), self._alone() as connection:
            other.hold(connection)
            if self._counts(connection, self._database.schema, _FOUNDED) or not self._counts(
                connection, self._beside, _FILLED
            ):
                raise restore_busy()
            connection.execute(sa.schema.DropSchema(self._database.schema, cascade=True, if_exists=True))
            connection.exec_driver_sql(f'ALTER SCHEMA "{self._beside}" RENAME TO "{self._database.schema}"')

    def _counts(self, connection: sa.Connection, schema: str, rows: tuple[str, str]) -> bool:
        """Whether there is such a row of a table in this schema."""
        table, where = rows
        there = connection.execute(sa.text("SELECT to_regclass(:name)"), {"name": f'"{schema}".{table}'}).scalar_one()
        return there is not None and bool(
            connection.exec_driver_sql(f'SELECT count(*) FROM "{schema}".{table} WHERE {where}').scalar_one()
        )

    @contextmanager
    def _alone(self) -> Iterator[sa.Connection]:
        try:
            with self._database.engine.begin() as connection:
                self._database.hold(connection)
                yield connection
        except exc.DBAPIError as error:
            raise self._database.fault(error) from error
        finally:
            self._database.engine.dispose()


def _founded_file(path: Path) -> bool:
    """Whether a store has the name that says whose it is."""
    if not path.exists() or not path.stat().st_size:
        return False
    table, where = _FOUNDED
    with closing(sqlite3.connect(path, timeout=_PATIENCE)) as store:
        there = store.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        return bool(there and store.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])


def place(url: str, secret: bytes | None) -> Place:
    """The place that a URL names."""
    return FilePlace(url) if is_file(url) else SchemaPlace(url, secret)
