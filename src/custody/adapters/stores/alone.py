"""One holder of a name at a time, over all processes that share the store.

The kernel (SQLite: `flock` on a file beside the database) or the server (PostgreSQL: a session's advisory lock) frees
the name when its holder dies. So a killed writer never shuts out the one who resumes, and no clock decides (ADR 0024).
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import exc

from custody.base.errors import Unavailable

WAIT_SECONDS: Final = 10
_EVERY: Final = 0.1


@contextmanager
def alone(engine: sa.Engine, name: str) -> Iterator[None]:
    """Hold `name`. Raises Unavailable `vault.busy` when another holder keeps it for 10 s."""
    if engine.dialect.name == "postgresql":
        with _by_server(engine, name):
            yield
    elif engine.url.database in {None, "", ":memory:"}:
        yield  # nobody else can open it
    else:
        with _by_file(Path(str(engine.url.database)), name):
            yield


@contextmanager
def _by_file(database: Path, name: str) -> Iterator[None]:
    # The file stays: unlinking it would let a third holder lock a new one while the second still waits on the old.
    place = database.with_name(f"{database.name}.{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock")
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(descriptor)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise busy() from None
            time.sleep(_EVERY)
        else:
            return


@contextmanager
def _by_server(engine: sa.Engine, name: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with closing(engine.connect().execution_options(isolation_level="AUTOCOMMIT")) as connection:
        try:
            connection.execute(sa.text(f"SET lock_timeout = '{WAIT_SECONDS}s'"))
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": key})
        except exc.OperationalError as error:
            raise busy() from error
        try:
            yield
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
            connection.execute(sa.text("RESET lock_timeout"))


def busy() -> Unavailable:
    """What the second writer is told."""
    return Unavailable("vault.busy", "Another writer works on this vault.", retry=True,
                       next="Wait until it is done, then run the command again.")  # fmt: skip
