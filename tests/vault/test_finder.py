"""A1, A8: both places of a blind index keep one promise: what is live is found, what is not is refused, one vault is not another."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from custody.adapters.finder.postgres import PostgresFinder
from custody.adapters.finder.sqlite import SqliteFinder
from custody.adapters.stores.postgres import PostgresDatabase
from custody.adapters.stores.sql import SqlStore
from custody.base.errors import Unavailable
from custody.ports.finder import Finder, Tagged

WHO, OTHER, TAG = b"s" * 16, b"o" * 16, b"t" * 16


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.part("postgresql"))])
def finder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Finder]:
    """Each of the two, empty."""
    if request.param == "sqlite":
        yield SqliteFinder(tmp_path / "index")
        return
    url, secret = request.getfixturevalue("store_server")
    with closing(SqlStore(f"{url}?schema=t_{secrets.token_hex(6)}", secret.read_bytes().strip())) as store:
        assert isinstance(store.database, PostgresDatabase)
        yield PostgresFinder(store.database)


def build(finder: Finder, vault: str, epoch: int, tags: list[Tagged]) -> None:
    """A whole epoch."""
    finder.begin(vault, epoch)
    finder.keep_key(vault, epoch, 1, b"k%d" % epoch)
    finder.put(vault, epoch, tags)
    finder.finish(vault, epoch)


def test_nothing_is_there_before_it_was_built(finder: Finder):
    """No epoch, no keys, nothing to drop; and whoever asks all the same is refused, not told 'nobody'."""
    assert finder.epoch("v") is None
    assert finder.keys("v", 1) == {}
    finder.forget("v", [WHO])
    finder.drop_keys("v", 1)
    finder.drop("v")
    with pytest.raises(Unavailable):
        finder.find("v", 1, "email/1", TAG)


def test_the_index_of_one_vault_is_not_that_of_another(finder: Finder):
    """What is forgotten, dropped or begun again in one vault stays in the other."""
    for vault in ("a", "b"):
        build(finder, vault, 1, [Tagged("email/1", TAG, WHO), Tagged("phone/1", b"p" * 16, WHO)])
    finder.forget("a", [WHO])
    assert [finder.find(vault, 1, "email/1", TAG) for vault in ("a", "b")] == [[], [WHO]]
    finder.put("a", 1, [Tagged("email/1", TAG, WHO)] * 2)
    build(finder, "b", 2, [Tagged("email/1", b"u" * 16, WHO)])
    assert [finder.find("b", 2, "email/1", tag * 16) for tag in (b"t", b"u")] == [[], [WHO]]
    with pytest.raises(Unavailable):  # whoever asked by an epoch that is gone is not told 'nobody'
        finder.find("b", 1, "email/1", TAG)
    finder.drop("b")
    assert finder.epoch("b") is None
    assert finder.find("a", 1, "email/1", TAG) == [WHO]


def test_an_epoch_is_live_when_it_is_whole(finder: Finder):
    """While the next one is built the one before answers; one that was begun and left is as if it never was."""
    build(finder, "v", 1, [Tagged("email/1", TAG, WHO)])
    finder.begin("v", 2)
    finder.put("v", 2, [Tagged("email/1", b"u" * 16, OTHER)])
    assert (finder.epoch("v"), finder.find("v", 1, "email/1", TAG)) == (1, [WHO])
    build(finder, "v", 3, [Tagged("email/1", TAG, OTHER)] * 3)
    assert (finder.epoch("v"), finder.find("v", 3, "email/1", TAG)) == (3, [OTHER])
    assert finder.keys("v", 3) == {1: b"k3"}
    assert finder.keys("v", 1) == {}


def test_keys_come_and_go_by_generation(finder: Finder):
    """A rotation adds one and then drops the other; of an epoch that is not there none is kept."""
    build(finder, "v", 1, [])
    finder.keep_key("v", 1, 2, b"x")
    finder.keep_key("v", 1, 2, b"y")
    finder.keep_key("v", 9, 2, b"z")
    finder.drop_keys("v", 1)
    assert (finder.keys("v", 1), finder.keys("v", 9)) == ({2: b"y"}, {})


def test_values_that_people_share_are_told_with_them(finder: Finder):
    """Of one normaliser, only those of two people or more and of at most as many as asked for."""
    people = [bytes([n]) * 16 for n in range(1, 6)]
    tags = [Tagged("email/1", TAG, one) for one in people[:2]] + [Tagged("email/1", b"m" * 16, one) for one in people]
    tags += [
        Tagged("email/1", b"o" * 16, people[0]),
        Tagged("phone/1", b"p" * 16, people[0]),
        Tagged("phone/1", b"p" * 16, people[1]),
    ]
    build(finder, "v", 1, tags)
    assert finder.shared("v", 1, "email/1", 4) == [(TAG, one) for one in people[:2]]
    assert len(finder.shared("v", 1, "email/1", 5)) == 7
    assert finder.shared("v", 1, "name/2", 5) == []


@pytest.mark.part("postgresql")
def test_on_a_server_nothing_of_an_index_is_logged(store_server):
    """Every table of it is unlogged, also while it is built: no log, base backup or replica holds a tag, and a crash takes all of them."""
    url, secret = store_server
    schema = f"t_{secrets.token_hex(6)}"
    with closing(SqlStore(f"{url}?schema={schema}", secret.read_bytes().strip())) as store:
        assert isinstance(store.database, PostgresDatabase)
        finder = PostgresFinder(store.database)
        build(finder, "v", 1, [Tagged("email/1", TAG, WHO)])
        finder.begin("v", 2)
        words = (
            "SELECT relname, relpersistence FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE nspname = :name AND relkind IN ('r', 'i', 't')"
        )
        with store.database.engine.connect() as connection:
            kinds = dict(connection.execute(text(words), {"name": f"{schema}_index"}).fetchall())
    assert set(kinds.values()) == {"u"}
    assert {"epoch", "key", "field", "tag_v_1", "tag_v_2_new"} <= set(kinds)
