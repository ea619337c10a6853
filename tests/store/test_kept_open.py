"""A process that serves keeps its connections, and never answers from a file or a server that is no more."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from custody.acts.loading import settled
from custody.adapters.stores.engines import ENGINES
from custody.adapters.stores.places import place
from custody.adapters.stores.sql import database


@pytest.fixture
def kept() -> Iterator[None]:
    """This process keeps them, until the test ends."""
    ENGINES.keep()
    yield
    ENGINES.end()


def put(store, value: int) -> None:
    """A row to be read."""
    with store.write() as tx:
        tx.add("counter", [{"name": "n", "value": value}])


def filled(store) -> None:
    """What a restore enters last of all."""
    with store.write() as tx:
        settled(tx, "pty_1")


def read(at) -> list[int]:
    """What a store opened now holds."""
    store = at.open()
    with store.read() as tx:
        found = [row["value"] for row in tx.find("counter")]
    store.close()
    return found


@pytest.mark.usefixtures("kept")
def test_stores_at_one_place_share_what_is_open(at):
    """The second opening takes up the connection of the first, which is there after both were closed."""
    first, second = (database(at.url, at.secret) for _ in range(2))
    assert first.engine is second.engine
    store = at.open()
    put(store, 1)
    store.close()
    assert first.engine.pool.checkedin() == 1  # type: ignore[attr-defined] - the pool is one that counts
    assert read(at) == [1]


def test_a_process_that_does_not_serve_closes_what_it_opened(at):
    """Nothing is open after a store was closed."""
    base = database(at.url, at.secret)
    with base.engine.connect():
        pass
    before = base.engine.pool
    base.close()
    assert base.engine.pool is not before
    assert database(at.url, at.secret).engine is not base.engine


@pytest.mark.usefixtures("kept")
def test_what_a_restore_put_there_is_what_is_read(at):
    """A store that takes the name of another is read from then on, and written."""
    store = at.open()
    put(store, 1)
    store.close()
    there = place(at.url, at.secret)
    new = type(at)(there.fresh(), at.secret).open()
    put(new, 2)
    filled(new)
    new.close()
    ENGINES.end()  # the restore is another process
    ENGINES.keep()
    assert read(at) == [1]
    there.take()
    assert read(at) == [2]


@pytest.mark.usefixtures("kept")
def test_a_file_that_is_gone_is_not_read_any_more(tmp_path: Path):
    """What an open connection could still read of a deleted file is not answered from."""
    base = database(f"sqlite:///{tmp_path}/core.db", None)
    with base.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    (tmp_path / "core.db").unlink()
    with base.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


@pytest.mark.part("postgresql")
@pytest.mark.usefixtures("kept")
def test_a_server_that_ended_the_connection_is_asked_anew(request: pytest.FixtureRequest):
    """Connections that a server closed while nobody used them cost nobody an answer."""
    url, secret = request.getfixturevalue("store_server")
    base = database(f"{url}?schema=t_ended", secret.read_bytes().strip())
    with base.engine.connect() as connection:
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    other = database(f"{url}?schema=t_other", secret.read_bytes().strip())
    with other.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({mine}, 5000)")
    with base.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != mine


def test_a_store_opens_while_somebody_writes(at):
    """Whether its schema is the newest is a reader's question: who opens it to read waits for no writer."""
    writer = at.open()
    put(writer, 1)
    with writer.write() as tx:
        tx.change("counter", {"value": 2}, name="n")
        began = time.monotonic()
        assert read(at) == [1]
        assert time.monotonic() - began < 5
    assert read(at) == [2]
    writer.close()
