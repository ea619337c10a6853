"""Alembic without a configuration file: the versions folder ships with the package; a half-run upgrade rolls back."""

from functools import cache
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from custody.adapters.stores.database import Database

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the store to the newest schema, in one transaction. Does nothing when it is there already."""
    with database.engine.connect() as connection:
        with connection.begin():
            current = MigrationContext.configure(connection).get_current_revision()
        if current != newest():
            with connection.begin():
                database.prepare(connection)  # from here on alone: whoever comes second finds nothing to do
                command.upgrade(_config(connection), to)


@cache
def newest() -> str | None:
    """The revision of this release: to find it, every script is read, once a process."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
