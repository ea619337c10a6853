"""A8, G7: what somebody put on hold is not let go, and destroyed a moment later, on another one's word alone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.base import ids
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import ACT, hold_add, hold_list, hold_release
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, PLACES, World
from tests.vault.second import approve, join, other

WHY = "dispute.2026-14"


@pytest.fixture
def held(tmp_path: Path) -> tuple[World, Signer, str]:
    """A customer whom the world's own person put on hold; (world, a colleague's key, the customer)."""
    world, signer = World(tmp_path / "world"), Signer.generate()
    join(world, signer)
    (who,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    hold_add(world.desk, ids.subject_text(who), WHY, "2027-12-31", NAME)
    return world, signer, ids.subject_text(who)


def refused(act) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def test_g7_a_colleague_ends_no_hold_alone_however_they_go_about_it(held: tuple[World, Signer, str]):
    """Not by ending it, not by a day that is over sooner, not by their own word as the second; the customer stays."""
    world, signer, who = held
    desk = replace(world.desk, principal=other(signer), actor=signer)
    assert [one["mine"] for one in hold_list(desk, NAME)["holds"]] == [False]
    would = hold_release(desk, who, WHY, NAME, dry_run=True)["would"]
    approve(world, signer, {"approve": dict(zip(("act", "content"), would["approve"], strict=True))})
    assert refused(lambda: hold_release(desk, who, WHY, NAME)) == "act.unapproved"
    assert refused(lambda: hold_add(desk, who, WHY, "2026-03-17", NAME)) == "act.unapproved"
    assert refused(lambda: erase(desk, [who], NAME)) == "vault.held"
    hold_release(world.desk, who, WHY, NAME)
    erase(desk, [who], NAME)


@pytest.mark.parametrize("until", ["2027-12-31", "2028-12-31", ""])
def test_g7_what_two_set_is_ended_by_neither_alone(held: tuple[World, Signer, str], until: str):
    """A colleague holds the same person for the same reason, as long or longer: whoever was first ends it no more, nor does the colleague."""
    world, signer, who = held
    desk = replace(world.desk, principal=other(signer), actor=signer)
    hold_add(desk, who, WHY, until, NAME)
    assert hold_add(desk, who, WHY, until, NAME)["resumed"]
    for each in (desk, world.desk):
        assert refused(lambda each=each: hold_release(each, who, WHY, NAME)) == "act.unapproved"
    content = hold_release(desk, who, WHY, NAME, dry_run=True)["would"]["approve"][1]
    with world.desk.store.write() as tx:
        give(world.desk, tx, ACT, content)
    hold_release(desk, who, WHY, NAME)


def test_g7_a_hold_that_is_over_is_whose_sets_it_anew(held: tuple[World, Signer, str]):
    """Who foresaw a reason and let it run out does not own what a colleague sets for it later."""
    world, signer, who = held
    desk = replace(world.desk, principal=other(signer), actor=signer)
    world.clock.advance(timedelta(days=800))
    assert hold_list(desk, NAME)["held"] == 0
    hold_add(desk, who, WHY, "", NAME)
    assert refused(lambda: hold_release(world.desk, who, WHY, NAME)) == "act.unapproved"
    hold_release(desk, who, WHY, NAME)


def test_g7_a_second_person_confirms_exactly_this_end(held: tuple[World, Signer, str]):
    """Whoever set it agrees, and it ends; the entry says who set it, who ended it, and by which word."""
    world, signer, who = held
    desk = replace(world.desk, principal=other(signer), actor=signer)
    act, content = hold_release(desk, who, WHY, NAME, dry_run=True)["would"]["approve"]
    with world.desk.store.write() as tx:
        give(world.desk, tx, act, content)
    sooner = hold_add(desk, who, WHY, "2026-12-31", NAME, dry_run=True)["would"]["approve"]
    assert sooner[1] != content
    assert refused(lambda: hold_add(desk, who, WHY, "2026-12-31", NAME)) == "act.unapproved"
    hold_release(desk, who, WHY, NAME)
    assert hold_list(desk, NAME)["held"] == 0


def test_g7_a_hold_comes_back_from_the_ledger_with_who_set_it(tmp_path: Path):
    """Set after the backup and lost with the store: a restore knows whose it was."""
    world = World(tmp_path / "world")
    (who,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    backup(world.desk, PLACES[0])
    hold_add(world.desk, ids.subject_text(who), WHY, "", NAME)
    world.lose()
    world.restore(PLACES[0])
    with world.desk.store.read() as tx:
        (row,) = tx.find("hold")
    assert (row["by"], row["until"]) == (world.desk.principal.id, "")


def test_a5_a_hold_that_is_said_again_reaches_the_mirror(held: tuple[World, Signer, str]):
    """Whoever was killed between the commit and the mirror says it again, and a lost disk does not forget it."""
    world, _, who = held
    world.weather.out.add("mirror")
    assert not hold_add(world.desk, who, "dispute.2026-15", "", NAME)["mirrored"]
    world.weather.out.clear()
    told = hold_add(world.desk, who, "dispute.2026-15", "", NAME)
    assert (told["resumed"], told["mirrored"]) == (True, True)
    with world.desk.store.read() as tx:
        size = len(tx.find("ledger_entry"))
    assert world.outside.inner.newest(world.party)[0] == size
