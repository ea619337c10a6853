"""One holder of a name at a time, over all processes that share the store.

The kernel (SQLite: `flock` on a file beside the database) or the server (PostgreSQL: a session's advisory lock) frees
the name when its holder dies. So a killed writer never shuts out the one who resumes, and no clock decides (ADR 0024).

A server can end that session while its writer lives. So each of the writer's transactions takes a second lock, the fence, and then looks
whether the name is still its own; who comes to hold the name passes the fence first. A transaction that saw its name held is therefore
over before the next holder looks at anything (ADR 0063).
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import exc

from custody.base.errors import Unavailable

WAIT_SECONDS: Final = 10
_EVERY: Final = 0.1
_MINE: Final = sa.text("""
    SELECT 1 FROM pg_locks AS l JOIN pg_stat_activity AS s ON s.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.mode = 'ExclusiveLock' AND l.objsubid = 1 AND l.pid = :pid AND s.backend_start = :since
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND (l.classid::bigint << 32 | l.objid::bigint) = :key
""")
"""Whether that very session holds it: process numbers come again, the moment at which one began does not."""


class Lease(NamedTuple):
    """A name that a session of a server holds, and which session that is."""

    key: int
    fence: int
    pid: int
    since: datetime

    def require(self, connection: sa.Connection) -> None:
        """In a writing transaction, before anything else: it is still held, and stays so for whoever comes next till this commits. Raises Unavailable `vault.busy`."""
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": self.fence})
        mine = connection.execute(_MINE, {"pid": self.pid, "since": self.since, "key": self.key}).first()
        if mine is None:
            raise busy()


@contextmanager
def alone(engine: sa.Engine, name: str) -> Iterator[Lease | None]:
    """Hold `name`; on a server, by the lease that each writing transaction is to look at. Raises Unavailable `vault.busy` when another holder keeps it for 10 s."""
    if engine.dialect.name == "postgresql":
        with _by_server(engine, name) as lease:
            yield lease
    elif engine.url.database in {None, "", ":memory:"}:
        yield None  # nobody else can open it
    else:
        with _by_file(Path(str(engine.url.database)), name):
            yield None


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
def _by_server(engine: sa.Engine, name: str) -> Iterator[Lease]:
    key, fence = _number(name), _number(f"custody/fence/1\0{name}")
    with closing(engine.connect().execution_options(isolation_level="AUTOCOMMIT")) as connection:
        try:
            connection.execute(sa.text(f"SET lock_timeout = '{WAIT_SECONDS}s'"))
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": key})
            # A transaction of the former holder, whose session was ended, is over before this one looks at anything.
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": fence})
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": fence})
            session = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
            pid, since = connection.execute(sa.text(session)).one()
        except exc.OperationalError as error:
            connection.invalidate()  # the session ends, and with it whatever it holds already
            raise busy() from error
        try:
            yield Lease(key, fence, pid, since)
        finally:
            _let_go(connection, key)


def _let_go(connection: sa.Connection, key: int) -> None:
    try:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
        connection.execute(sa.text("RESET lock_timeout"))
    except exc.DBAPIError:
        connection.invalidate()  # the session is gone, and its lock with it; what was committed was looked at before


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def busy() -> Unavailable:
    """What the second writer is told."""
    return Unavailable("vault.busy", "Another writer works on this vault.", retry=True,
                       next="Wait until it is done, then run the command again.")  # fmt: skip
