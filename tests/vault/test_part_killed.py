"""A8: what stays of a part that went is in a backup again, also where the act was killed before it renewed the places (spec/vault.md §9)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.base.errors import Missing
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.vault.payload import pack
from tests.vault.furnished import POLICY
from tests.vault.histories.world import NAME, Outside, World
from tests.vault.second import approve, join


class Died(BaseException):
    """The process is gone."""


class Dying(Outside):
    """Whoever goes to a place for backups is killed."""

    def __init__(self, outside: Outside) -> None:
        self.__dict__ |= outside.__dict__

    def backup(self, place: str) -> object:
        raise Died(place)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault with a policy, and a backup of it."""
    made = World(tmp_path / "world")
    made.outside.prepare("a")
    key = Signer.generate()
    with made.desk.store.write() as tx:
        row = {"number": 1, "tier": "general", "purposes": "service", "retention": "relation"}
        tx.add("compartment", [{"vault": made.vault, **row, "child_of": -1, "next_page": 0}])
    join(made, key)
    approve(made, key, dict(retention_set(made.desk, wiring.laws(), POLICY, NAME, dry_run=True)))
    retention_set(made.desk, wiring.laws(), POLICY, NAME, dry_run=False)
    yield made
    made.close()


def killed(world: World) -> bytes:
    """Two rows of one customer, one of which was erased by somebody who died before the places were renewed."""
    records = [(1, 1, pack(n, [f"word-{n}"])) for n in range(2)]
    who, _ = add_people(world.desk, world.vault, [Newcomer("customer", records), Newcomer("customer", records)])
    catch_up(world.desk)
    backup(world.desk, "a")
    with pytest.raises(Died):
        erase_part(replace(world.desk, outside=Dying(world.outside)), ids.subject_text(who), "t1", 0, NAME)
    world.reopen()
    return who


def again(world: World, who: bytes) -> None:
    """The same command: there is nothing to take any more, and what was left to do is done."""
    with pytest.raises(Missing):
        erase_part(world.desk, ids.subject_text(who), "t1", 0, NAME)


def another(world: World, _: bytes) -> None:
    """Somebody else is erased."""
    (other,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(9, ["word"]))])])
    assert erase(world.desk, [ids.subject_text(other)], NAME)["backed_up"] is True


def night(world: World, _: bytes) -> None:
    """The scheduled run, which has nothing to strip."""
    assert retention_run(world.desk, NAME, dry_run=False)["backed_up"] is True


@pytest.mark.parametrize("act", [again, another, night])
def test_a8_what_stays_of_a_part_that_was_erased_is_saved_by_whoever_comes_next(
    world: World, act: Callable[[World, bytes], None]
):
    """The disk is lost before any nightly backup."""
    who = killed(world)
    act(world, who)
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    with world.desk.store.read() as tx:
        assert [row["row"] for row in tx.find("record", vault=world.vault, subject=who)] == [1]
