"""A5: a restore takes the vaults that the facts name; what else lies in a place (keys of a vault that was lost, a file manager's files) does not stop it (spec/vault.md §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.services.backup import backup
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.services.vault_new import vault_new
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three people, backed up to two places."""
    made = World(tmp_path / "world")
    people(made, 3)
    for place in "ab":
        made.outside.prepare(place)
        backup(made.desk, place)
    yield made
    made.close()


def people(world: World, many: int) -> None:
    """So many more of them."""
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(many)])
    catch_up(world.desk)


def records(world: World) -> int:
    """How many there are, all of which open."""
    assert vault_check(world.desk, NAME)["ok"]
    with world.desk.store.read() as tx:
        return tx.count("record", vault=world.vault)


def lost_with_the_store(world: World) -> str:
    """A vault that was made and backed up to one place; the home comes back from the other one, which never had it."""
    vault_new(world.desk, "third", untried=False)
    catch_up(world.desk)
    backup(world.desk, "a")
    with world.desk.store.read() as tx:
        (row,) = tx.find("vault", name="third")
    world.lose()
    assert world.restore("b")["not_in_backup"]["vault-made"] == 1
    return str(row["id"])


def test_a5_keys_of_a_vault_that_was_lost_stop_no_restore(world: World):
    """The place that had them is renewed, before and after a rotation, and gives back what it is renewed with."""
    third = lost_with_the_store(world)
    people(world, 1)
    assert backup(world.desk, "a")["ok"]
    rekey(world.desk, NAME)
    assert not list(world.root.joinpath("a", "keys").glob(f"{third}/*.cvbk"))
    world.lose()
    world.restore("a")
    assert records(world) == 4


def test_a5_they_stop_none_where_they_still_lie(world: World):
    """A copy of the lost vault's keys put back into the place, and its root gone."""
    third = lost_with_the_store(world)
    copies = {path: path.read_bytes() for path in world.root.joinpath("a", "keys", third).iterdir()}
    people(world, 1)
    backup(world.desk, "a")
    for path, data in copies.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    world.provider.lose(f"{third}-1")
    world.lose()
    world.restore("a")
    assert records(world) == 4


def test_a5_a_vault_made_after_the_facts_stops_no_restore(world: World):
    """A backup that died after it wrote the keys of a vault that its facts do not name: the backup before is whole."""
    facts = world.root.joinpath("a", "facts")
    before = {
        path: path.read_bytes() for path in [*facts.iterdir(), *world.root.joinpath("a", "keys", world.vault).iterdir()]
    }
    vault_new(world.desk, "third", untried=False)
    people(world, 1)
    backup(world.desk, "a")
    for path in facts.iterdir():
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    world.lose()
    world.restore("a")
    assert records(world) == 3


def test_a5_keys_that_the_facts_ask_for_are_still_asked_for(world: World, refuses: Refuses):
    """What the facts name and the place lacks is named."""
    for path in world.root.joinpath("a", "keys", world.vault).iterdir():
        path.unlink()
    world.lose()
    with refuses("restore.keys"):
        world.restore("a")


@pytest.mark.parametrize("name", ["facts/.DS_Store", "facts/._{:020d}.cvbk", "keys/.DS_Store", "keys/VAULT/Thumbs.db", "keys/VAULT/._x.cvbk",
                                  "segments/.DS_Store"])  # fmt: skip
def test_a5_what_a_file_manager_left_in_a_place_stops_no_restore(world: World, name: str):
    """Whoever looked at the disk changed nothing of the backup."""
    left = world.root.joinpath("a", name.format(4).replace("VAULT", world.vault))
    left.write_bytes(b"Bud1")
    world.lose()
    world.restore("a")
    assert records(world) == 3
