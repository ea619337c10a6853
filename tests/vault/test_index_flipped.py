"""A1, A5: the blind index is held against nothing by `vault check`; a bit of it that was changed is a person not found, or an index built anew, and nothing worse."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from custody.base.errors import Unavailable
from custody.services.index_renew import index_renew
from custody.services.vault_check import vault_check
from tests.vault.histories.world import NAME, World
from tests.vault.test_lookup import LI, WANG, come, found, prepared

SEED = 20260316
FLIPS = 120
VALUES = {LI[0]: 0, LI[1]: 0, WANG[1]: 1}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A vault with two customers."""
    yield from prepared(World(tmp_path_factory.mktemp("flipped")))


def test_a_flipped_bit_of_the_index_leads_to_nobody_else(world: World):
    """Each answer is the right person, nobody, or that the index is out; asked again, or renewed, it is right. The check has nothing to say of it."""
    people, dice = come(world), random.Random(SEED)
    assert [set(found(world, value)) for value in VALUES] == [{people[place]} for place in VALUES.values()]
    (path,) = (world.home / "index").glob("*.sqlite")
    data = path.read_bytes()
    used = [place for place, byte in enumerate(data) if byte]
    for _ in range(FLIPS):
        changed = bytearray(data)
        changed[dice.choice(used)] ^= 1 << dice.randrange(8)
        path.write_bytes(bytes(changed))
        for value, place in VALUES.items():
            assert asked(world, value) <= {people[place]}
        path.write_bytes(data)
    path.write_bytes(bytes(changed))
    assert vault_check(world.desk, NAME)["ok"] is True
    index_renew(world.desk, NAME)
    assert [set(found(world, value)) for value in VALUES] == [{people[place]} for place in VALUES.values()]


def asked(world: World, value: str) -> set[str]:
    """Whom a look-up names; nobody, too, where the index is out."""
    world.clock.advance(timedelta(minutes=5))
    try:
        return set(found(world, value))
    except Unavailable as error:
        assert error.slug == "index.out"  # noqa: PT017 - what else it answers must be right
        return set()
