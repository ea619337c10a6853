"""A4: two places of an escrow store help each other: what is altered, lacking or half written in one is in the way of nobody (spec/vault.md §23)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import escrow
from custody.acts.adding import Newcomer, add_people
from custody.acts.vaults import open_keyring
from custody.adapters.files.local import LocalFiles
from custody.adapters.simulated.parties import WeatherFiles
from custody.base.signing import Signer
from custody.services.recovery_give import recovery_give
from custody.services.recovery_open import recovery_open
from custody.services.recovery_sheet import recovery_sheet
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.vault.furnished import places
from tests.vault.histories.world import ESCROWS, NAME, World
from tests.vault.second import join

KEYS = {name: HolderKey.generate() for name in ("suhe", "zhouning", "cem")}


class Died(BaseException):
    """The process is gone."""


class Dying(WeatherFiles):
    """A place that takes so many files, and then its writer is killed."""

    left = 0

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        if not self.left:
            raise Died(name)
        self.left -= 1
        super().write(name, data, secret=secret)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Somebody in a vault; three holders, each of whom is needed; all shares in both places."""
    places(tmp_path / "world")
    made = World(tmp_path / "world")
    join(made, Signer.generate())
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(0, ["word"]))])])
    with made.desk.store.write() as tx:
        tx.add("holder", [{"party": made.party, "handle": name, "public": key.public, "at": ""} for name, key in KEYS.items()])  # fmt: skip
        tx.add("threshold", [{"party": made.party, "k": 3}])
    deposit(made)
    yield made
    made.close()


def deposit(world: World) -> None:
    """Shares of the key in force, anew."""
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
    escrow.deposit(world.desk, world.vault, ring.key, ring.generation)


def opens(world: World) -> bool:
    """The others give theirs to the first, who opens it."""
    for name in ("zhouning", "cem"):
        person = replace(world.desk.principal, handle=name)
        recovery_give(replace(world.desk, principal=person), KEYS[name], "suhe", NAME)
    return bool(recovery_open(world.desk, KEYS["suhe"], NAME, dry_run=True)["opens"])


def file(world: World, place: str, name: str) -> Path:
    """Of the generation in force."""
    return next((world.root / place / world.vault).rglob(name))


def flipped(path: Path) -> None:
    """One bit of it rotted."""
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def one_in_each(world: World) -> None:
    """Of the first holder's share in the first place, of the second's in the second."""
    for number, place in enumerate(ESCROWS, 1):
        flipped(file(world, place, f"{number}.share"))


def apart(world: World) -> None:
    """The list is left in one place, shares in the other."""
    file(world, ESCROWS[0], escrow.LIST).unlink()
    for number in range(1, len(KEYS) + 1):
        file(world, ESCROWS[1], f"{number}.share").unlink()


HURT: dict[str, Callable[[World], object]] = {
    "a share": lambda world: flipped(file(world, ESCROWS[0], "1.share")),
    "a list": lambda world: file(world, ESCROWS[0], escrow.LIST).write_bytes(b"no list"),
    "a list of another form": lambda world: file(world, ESCROWS[0], escrow.LIST).write_bytes(b"{}"),
    "a share in each": one_in_each,
    "the list here, shares there": apart,
}


@pytest.mark.parametrize("what", HURT)
def test_a4_what_rotted_in_one_place_is_had_from_the_other(world: World, what: str):
    """Each holder's share is tried wherever one lies."""
    HURT[what](world)
    assert opens(world)


@pytest.mark.parametrize("files", range(5))
def test_a4_a_deposit_that_was_cut_off_leaves_a_set_that_opens(world: World, files: int):
    """Killed over the first place, the second has the set of before, whole; whoever collects takes the set of which enough are there."""
    dying = Dying(LocalFiles(world.root / ESCROWS[0]), world.weather, ESCROWS[0])
    dying.left = files
    world.outside.escrow[0], whole = dying, world.outside.escrow[0]
    with pytest.raises(Died):
        deposit(world)
    world.outside.escrow[0] = whole
    assert opens(world)


def test_a4_a_deposit_that_was_cut_off_between_the_places_leaves_two_sets_that_open(world: World):
    """The first place has the new one, the second nothing or the old one."""
    dying = Dying(LocalFiles(world.root / ESCROWS[1]), world.weather, ESCROWS[1])
    dying.left = 1
    world.outside.escrow[1], whole = dying, world.outside.escrow[1]
    with pytest.raises(Died):
        deposit(world)
    world.outside.escrow[1] = whole
    assert opens(world)
    for key in KEYS.values():
        assert recovery_sheet(world.outside.escrow[0], key, world.vault)["needed"] == 3
