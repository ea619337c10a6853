"""A5, A8: a restore that goes past a generation destroys its root, under whatever label it was made (spec/vault.md §10, §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.restore import restore_finish
from custody.vault.payload import pack
from custody.vault.rotation import State
from tests.vault.histories.world import NAME, World
from tests.vault.lost_ways import SCHEME, routed
from tests.vault.test_lost_while_rotating import until, waiting
from tests.vault.test_next_root import Denying


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three people at a service, backed up to a place; the second rotation has taken another label, since its own was denied, and the place is still under the root of before."""
    made = World(tmp_path / "world", lasting=True)
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)]
    who = add_people(made.desk, made.vault, people)
    made.service, made.who = Denying(), ids.subject_text(who[0])
    made.files = made.provider
    made.provider = routed("transit", made.files, made.service)
    made.reopen()
    rekey(made.desk, NAME)
    made.outside.prepare("a")
    backup(made.desk, "a")
    until(made, State.CREATED)
    made.service.barred = f"{SCHEME}{made.vault}-3"
    waiting(made, "a")
    erase(made.desk, [made.who], NAME)
    catch_up(made.desk)
    yield made
    made.close()


def standing(world: World) -> list[str]:
    """The stand-ins that live."""
    return [name for name in world.service._roots if "_r" in name]


def final(world: World) -> list[str]:
    """When each erasure is final; '' of one that has no date."""
    with world.desk.store.read() as tx:
        return [str(row["final_at"]) for row in tx.find("erasure")]


def test_a8_a_root_under_another_label_goes_with_its_generation(world: World):
    """It opens any copy of what was backed up under it: nothing that was erased under it is final before it is gone."""
    assert len(standing(world)) == 1
    world.lose()
    world.restore("a")
    assert standing(world) == []
    assert all(final(world))


def test_a8_one_at_a_provider_that_is_not_set_up_is_lost_and_not_called_destroyed(world: World):
    """Nobody can order it to go: what was erased under it has no date until it answers."""
    stand_in = standing(world)[0]
    world.service.beyond = SCHEME + stand_in
    world.lose()
    world.restore("a")
    assert standing(world) == [stand_in]
    assert not all(final(world))
    assert restore_finish(world.desk)["resumed"]
