"""Alembic without a configuration file: the versions folder ships with the package; a half-run upgrade rolls back.

A migration that does something to rows does it in `bring(connection)`, so that a restore, which puts rows of an earlier release
into a store of the newest schema, does it to them too.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from custody.adapters.stores.database import Database
from custody.base.errors import Unavailable

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the store to the newest schema, in one transaction. Does nothing when it is there already."""
    if _revision(database) != newest():
        with database.engine.connect() as connection, connection.begin():
            database.prepare(connection)  # from here on alone: whoever comes second finds nothing to do
            command.upgrade(_config(connection), to)


def _revision(database: Database) -> str | None:
    """Where the store stands: asked as a reader, who waits for no writer."""
    with database.engine.connect() as connection:
        ready = database.begin(connection, write=False)
        with ready.begin():
            return MigrationContext.configure(ready).get_current_revision()


@cache
def newest() -> str | None:
    """The revision of this release: to find it, every script is read, once a process."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def lacking(revision: str) -> Sequence[str]:
    """The migrations after `revision` that do something to rows, in order. Raises Unavailable `store.newer` for one that is not known here."""
    every = _chain()
    known = [one.revision for one in every]
    if revision not in known:
        raise Unavailable("store.newer", "These rows are of a newer release than this one.",
                          next="Install the release that wrote them, or a newer one, and run it again.")  # fmt: skip
    return [one.revision for one in every[known.index(revision) + 1 :] if hasattr(one.module, "bring")]


def bring(connection: sa.Connection, steps: Iterable[str]) -> None:
    """Do to the rows in the store what these migrations do to those that they meet."""
    modules = {one.revision: one.module for one in _chain()}
    for step in steps:
        modules[step].bring(connection)


@cache
def _chain() -> Sequence[Script]:
    """Every migration, the first one first."""
    return list(ScriptDirectory(str(_SCRIPTS)).walk_revisions())[::-1]


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
