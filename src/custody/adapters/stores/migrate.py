"""Alembic without a configuration file: the versions folder ships with the package; a half-run upgrade rolls back."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def upgrade(engine: sa.Engine) -> None:
    """Bring the store to the newest schema, in one transaction. Does nothing when it is there already."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    head = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    with engine.connect() as connection:
        with connection.begin():
            current = MigrationContext.configure(connection).get_current_revision()
        if current != head:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
