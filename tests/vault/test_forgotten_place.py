"""G59: a place for backups leaves the list in sight of the ledger, the last one by two; and no rotation comes to its end by having fewer places."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.desk import Desk
from custody.acts.entries import entered
from custody.acts.mirroring import catch_up
from custody.base import canonical
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.ports.store import one
from custody.services.backup import backup
from custody.services.backup_forget import ACT, backup_forget
from custody.services.backup_list import backup_list
from custody.services.rekey import rekey
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World
from tests.vault.second import join, other


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One person, backed up to `a` and `b`."""
    made = World(tmp_path / "world")
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    for place in ("a", "b"):
        made.outside.prepare(place)
        backup(made.desk, place)
    yield made
    made.close()


@pytest.fixture
def signer(world: World) -> Signer:
    """The second person's key."""
    made = Signer.generate()
    join(world, made)
    return made


def refused(act) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def operator(world: World) -> Desk:
    return replace(world.desk, principal=replace(world.desk.principal, roles=frozenset(("operator",))))


def agreed(world: World, signer: Signer, place: str) -> None:
    """The second person agrees to what the first was shown."""
    told = backup_forget(world.desk, place, dry_run=True)
    desk = replace(world.desk, principal=other(signer), actor=signer)
    with world.desk.store.write() as tx:
        give(desk, tx, *told["would"]["approve"])


def waiting(world: World) -> None:
    """A rotation came as far as the switch, and waits for `b`."""
    world.weather.out.add("b")
    assert refused(lambda: rekey(world.desk, NAME))
    with world.desk.store.read() as tx:
        assert tx.find("rotation", vault=world.vault)[-1]["state"] == "switched"


def live(world: World) -> bool:
    """Whether the root that the only whole backups are under still opens them."""
    return world.provider.state(f"{world.vault}-1") == "live"


def test_g59_a_rotation_is_not_finished_by_an_emptied_list(world: World):
    """Whoever takes rows out of the store while a rotation waits leaves it waiting: nothing under g+1 lies anywhere."""
    waiting(world)
    with world.desk.store.write() as tx:
        tx.drop("backup_place", space=world.party)
    assert refused(lambda: rekey(world.desk, NAME)) == "backup.fewer"
    assert live(world)


def test_g59_one_person_takes_off_a_place_beside_another_and_the_ledger_says_so(world: World):
    """Who, how many are left; the place itself stands in the opening, as that of a backup does."""
    told = backup_forget(operator(world), "b")
    assert told["left"] == 1
    with world.desk.store.read() as tx:
        (entry,) = entered(tx, world.party, "backup-forgotten")
        opening = one(tx, "opening", space=world.party, position=entry.position)
        assert tx.count("backup_place") == 1
    assert dict(entry.says) == {"left": 1, "principal": world.desk.principal.id}
    assert opening is not None
    assert canonical.decode(opening["detail"]) == {"place": "b"}


def test_g59_the_last_place_goes_by_an_owner_and_a_second_person(world: World, signer: Signer):
    """Not by an operator, not by an owner alone, and what they agreed to serves once; the list says which need two."""
    assert [one["alone"] for one in backup_list(world.desk, ())["places"]] == [True, True]
    backup_forget(world.desk, "b")
    assert [one["alone"] for one in backup_list(world.desk, ())["places"]] == [False]
    assert refused(lambda: backup_forget(operator(world), "a")) == "act.role"
    assert refused(lambda: backup_forget(world.desk, "a")) == "act.unapproved"
    agreed(world, signer, "a")
    assert backup_forget(world.desk, "a")["left"] == 0
    backup(world.desk, "a")
    assert refused(lambda: backup_forget(world.desk, "a")) == "act.unapproved"
    with world.desk.store.read() as tx:
        last = next(entered(tx, world.party, "backup-forgotten"))
        row = one(tx, "approval", id=str(last.says["approval"]))
    assert row is not None
    assert row["act"] == ACT


def test_g59_a_place_that_a_rotation_waits_for_goes_by_two_and_another_takes_its_stead(world: World, signer: Signer):
    """The rotation wants as many as there were at its switch: one that is left is one too few, and another ends it."""
    waiting(world)
    assert refused(lambda: backup_forget(operator(world), "b")) == "act.role"
    assert refused(lambda: backup_forget(world.desk, "b")) == "act.unapproved"
    assert backup_forget(world.desk, "b", dry_run=True)["rotating"] == [NAME]
    agreed(world, signer, "b")
    backup_forget(world.desk, "b")
    assert refused(lambda: rekey(world.desk, NAME)) == "backup.fewer"
    assert live(world)
    world.outside.prepare("c")
    backup(world.desk, "c")
    rekey(world.desk, NAME)
    assert not live(world)


def test_g59_what_two_agreed_to_is_this_list(world: World, signer: Signer):
    """A word given for one of two places serves no more when a rotation waits, or it became the last."""
    waiting(world)
    agreed(world, signer, "b")
    before = backup_forget(world.desk, "b", dry_run=True)["would"]["approve"][1]
    world.outside.prepare("c")
    backup(world.desk, "c")
    assert backup_forget(world.desk, "b", dry_run=True)["would"]["approve"][1] != before
    assert refused(lambda: backup_forget(world.desk, "b")) == "act.unapproved"
    assert refused(lambda: backup_forget(world.desk, "nowhere")) == "backup.unknown"


def test_g59_a_restore_says_that_a_place_was_forgotten_since(world: World):
    """The place that it comes from stays on the list, and whoever restores reads what is to be done again."""
    backup_forget(world.desk, "a")
    catch_up(world.desk)
    world.lose()
    told = world.restore("a")
    assert told["not_in_backup"]["backup-forgotten"] == 1
    assert [one["place"] for one in backup_list(world.desk, ())["places"]] == ["a"]
