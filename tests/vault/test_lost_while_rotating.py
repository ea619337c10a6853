"""A4: home and roots that are lost together at any moment of a rotation come back, by what holders have in an escrow store and by paper (spec/vault.md §12, §23).

A rotation that waits for a place stands between two keys, for days if need be: each place opens under one of them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts import escrow
from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.acts.paper_sheets import sheets_of
from custody.acts.vaults import vault_row
from custody.adapters.files.local import LocalFiles
from custody.adapters.simulated.weather import Crashed
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.recovery_due import recovery_due
from custody.services.recovery_print import recovery_print
from custody.services.recovery_sheet import recovery_sheet
from custody.services.recovery_test import recovery_test
from custody.services.rekey import rekey
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from custody.vault.rotation import ORDER, State
from tests.vault import sharing
from tests.vault.conftest import Refuses
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, PLACES, World

KEYS = {name: HolderKey.generate() for name in ("suhe", "zhouning")}
Sheets = tuple[tuple[str, str], ...]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three people, one of whom was erased since both places were backed up; two holders who are both needed."""
    (tmp_path / "world" / "escrow").mkdir(parents=True)
    made = World(tmp_path / "world")
    sharing.deposit(made, KEYS)
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)]
    first = add_people(made.desk, made.vault, people)[0]
    for place in PLACES:
        backup(made.desk, place)
    erase(made.desk, [ids.subject_text(first)], NAME)
    yield made
    made.close()


def stands(world: World) -> State:
    """How far the newest rotation is."""
    with world.desk.store.read() as tx:
        rows = tx.find("rotation", order=("to_g",), vault=world.vault)
    return State(str(rows[-1]["state"])) if rows else State.ABANDONED


def until(world: World, state: State) -> None:
    """Rotate, and die as soon as this is true; each life is a moment longer than the one before, until a step was done."""
    before, life = stands(world), 0
    while before is not state:
        world.weather.fuse = life
        with pytest.raises(Crashed):
            rekey(world.desk, NAME)
        world.reopen()
        before, life = stands(world), life + 1 if stands(world) is before else 0


def waiting(world: World, place: str) -> None:
    """The rotation renewed the places before this one, which is away."""
    world.weather.out.add(place)
    with pytest.raises(CustodyError):
        rekey(world.desk, NAME)
    world.weather.out.clear()
    assert stands(world) is State.SWITCHED


def burn(world: World) -> None:
    """Home and roots are gone; mirror, places and escrow store stay."""
    catch_up(world.desk)
    world.lose()
    for ref in list(world.provider._roots):
        world.provider.lose(ref)


def by_holders(world: World) -> Sheets:
    """A file of each holder, from the escrow store and their key alone."""
    place = LocalFiles(world.root / "escrow")
    return tuple((f"{name}.txt", recovery_sheet(place, key, None)["text"]) for name, key in KEYS.items())


def back(world: World, place: str, sheets: Sheets) -> None:
    """Everybody who was not erased is there and reads; the vault takes writes again, and can be lost again."""
    told = world.restore(place, sheets)
    assert told["recovered"] == [world.vault]
    assert sorted(Judge(world).look({"word-0"}).values()) == ["word-1", "word-2"]
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(9, ["word-9"]))])])


@pytest.mark.parametrize("state", ORDER)
def test_a4_holders_bring_back_a_home_that_was_lost_at_any_state_of_a_rotation(world: World, state: State):
    """Whichever key the places stand under: nobody needs to know."""
    until(world, state)
    burn(world)
    back(world, "a", by_holders(world))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("away", PLACES)
def test_a4_holders_bring_back_a_home_whose_rotation_waits_for_a_place(world: World, away: str, place: str):
    """One place was renewed, the other was not: each opens."""
    waiting(world, away)
    burn(world)
    back(world, place, by_holders(world))


def test_a4_a_home_that_is_lost_again_while_its_restore_waits_comes_back_again(world: World):
    """Brought back by shares, its rotation waits for a place and it burns again: the shares of the key that the places stand under are still there."""
    waiting(world, "a")
    burn(world)
    sheets = by_holders(world)
    world.weather.out.add("a")
    with pytest.raises(CustodyError):
        world.restore("b", sheets)
    world.weather.out.clear()
    burn(world)
    back(world, "b", by_holders(world))


def printed(world: World) -> list[dict]:
    """New sheets of two people, both of which are needed."""
    return list(recovery_print(world.desk, NAME, ("甲", "乙"), 2)["sheets"])


def texts(sheets: list[dict]) -> Sheets:
    """As a person copies them from paper."""
    return tuple((f"{one['holder']}-{one['generation']}", one["text"]) for one in sheets)


@pytest.mark.parametrize("place", PLACES)
def test_a4_paper_that_is_printed_while_a_place_waits_opens_what_lies_there(world: World, place: str):
    """Sheets of both keys are printed, and tried together."""
    waiting(world, "b")
    paper = printed(world)
    assert [one["generation"] for one in paper] == [1, 1, 2, 2]
    tried = recovery_test(world.desk, list(texts(paper)), NAME)
    assert (tried["generations"], tried["sheets"]) == ([1, 2], 4)
    burn(world)
    back(world, place, texts(paper))


def test_a4_paper_of_before_is_not_outdated_while_a_place_stands_under_its_key(world: World, refuses: Refuses):
    """It can be tried, it opens that place, and it is outdated when the rotation is over."""
    world.outside.escrow = []
    paper = texts(printed(world))
    recovery_test(world.desk, list(paper), NAME)
    waiting(world, "a")
    assert recovery_due(world.desk, NAME)["recovery"]["state"] == "tested"
    assert recovery_test(world.desk, list(paper), NAME)["generations"] == [1]
    rekey(world.desk, NAME)
    assert recovery_due(world.desk, NAME)["recovery"]["state"] == "outdated"
    with refuses("shares.other"):
        recovery_test(world.desk, list(paper), NAME)


def test_a4_paper_of_before_is_not_enough_for_what_is_taken_in_now(world: World):
    """Backups of what enters after the switch stand under the key in force alone."""
    world.outside.escrow = []
    recovery_test(world.desk, list(texts(printed(world))), NAME)
    waiting(world, "a")
    assert not lasting(world)
    new = [one for one in printed(world) if one["generation"] == 2]
    assert recovery_test(world.desk, list(texts(new)), NAME)["generation"] == 2
    assert lasting(world)


def lasting(world: World) -> bool:
    """Whether data may enter."""
    with world.desk.store.read() as tx:
        return sheets_of(world.desk, tx, vault_row(tx, world.party, NAME)).lasting


def test_a4_the_newest_generation_is_the_greatest_number(world: World, refuses: Refuses):
    """Ten is later than nine, whatever else somebody lays into the place."""
    place = LocalFiles(world.root / "escrow")
    for generation in (9, 10):
        escrow.deposit(world.desk, world.vault, b"k" * 32, generation)
    for odd in ("9", "x", f"{11:019d}"):
        place.write(f"{world.vault}/{odd}/{escrow.LIST}", b"{}")
    told = recovery_sheet(place, KEYS["suhe"], world.vault)
    assert (told["generation"], told["generations"]) == (10, [10, 9, 1])
    with refuses("escrow.missing"):
        recovery_sheet(place, HolderKey.generate(), world.vault)
