"""A restored store takes the name of the one that was lost, once it is whole, and of no store that is somebody's (A5, spec/vault.md §21)."""

import pytest

from custody.acts.loading import settled
from custody.adapters.stores.places import place
from custody.base.errors import Unavailable


def made(at, url: str, value: int, *, whole: bool = False, founded: bool = False) -> None:
    """A store with a row, as a restore fills it or `init` founds it."""
    store = type(at)(url, at.secret).open()
    with store.write() as tx:
        tx.add("counter", [{"name": "n", "value": value}])
        if whole:
            settled(tx, "pty_1")
        if founded:
            tx.add("party", [{"id": "pty_1", "own": "yes"}])
    store.close()


def values(at) -> list[int]:
    """What the store of this name holds."""
    store = at.open()
    with store.read() as tx:
        found = [row["value"] for row in tx.find("counter")]
    store.close()
    return found


def test_a_store_that_was_founded_meanwhile_keeps_its_name(at):
    """By `init`, or by another restore that was done first: what is in it was acknowledged, and what was restored beside it stays there."""
    there = place(at.url, at.secret)
    made(at, there.fresh(), 2, whole=True, founded=True)
    made(at, at.url, 1, founded=True)
    with pytest.raises(Unavailable) as refused:
        there.take()
    assert (refused.value.slug, values(at)) == ("restore.busy", [1])
    assert values(type(at)(there.beside(), at.secret)) == [2]


def test_an_empty_store_gives_its_name(at):
    """A command after the loss leaves one behind, which is nobody's."""
    there = place(at.url, at.secret)
    made(at, there.fresh(), 2, whole=True, founded=True)
    at.open().close()
    there.take()
    assert values(at) == [2]


@pytest.mark.part("postgresql")
def test_what_another_host_began_anew_takes_no_name(request: pytest.FixtureRequest):
    """Two hosts fill the one schema beside it: what the second emptied is not what the first filled."""
    from tests.store.conftest import At  # noqa: PLC0415 - the fixture's own kind

    url, secret = request.getfixturevalue("store_server")
    at = At(f"{url}?schema=t_taken_half", secret.read_bytes().strip())
    there = place(at.url, at.secret)
    made(at, there.fresh(), 2)
    with pytest.raises(Unavailable) as refused:
        there.take()
    assert (refused.value.slug, there.empty()) == ("restore.busy", True)
    made_whole = type(at)(there.beside(), at.secret).open()
    with made_whole.write() as tx:
        settled(tx, "pty_1")
    made_whole.close()
    there.take()
    assert values(at) == [2]
