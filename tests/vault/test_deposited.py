"""A4: a vault counts as one that holders bring back only when they have shares of it, of the key in force, in a place that is set up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.depositing import give_out
from custody.acts.evidence import append
from custody.acts.vaults import open_keyring
from custody.adapters.files.local import LocalFiles
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.services.recovery_due import recovery_due
from custody.services.recovery_list import recovery_list
from custody.services.recovery_sheet import recovery_sheet
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_new import vault_new
from custody.vault import shares, sheet
from custody.vault.escrow import HolderKey
from tests.vault.arriving_deal import DEAL, Arriving
from tests.vault.arriving_deal import NAME as RECEIVED
from tests.vault.histories.world import NAME, World

KEYS = {name: HolderKey.generate() for name in ("ann", "bea")}


def named(world: World) -> None:
    """Two holders, both needed."""
    with world.desk.store.write() as tx:
        rows = [{"party": world.party, "handle": name, "public": key.public, "at": ""} for name, key in KEYS.items()]
        tx.add("holder", rows)
        tx.add("threshold", [{"party": world.party, "k": 2}])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault in no rehearsal, an escrow store, and holders who were given nothing yet."""
    (tmp_path / "world" / "escrow").mkdir(parents=True)
    made = World(tmp_path / "world")
    made.desk = replace(made.desk, rehearsal=False)
    named(made)
    yield made
    made.close()


def void(world: World) -> list[str]:
    """Which vaults nobody could bring back."""
    return [one["name"] for one in recovery_list(world.desk)["void"]]


def opened(world: World, vault: str) -> bool:
    """Whether what the holders have at the place opens that vault's key in force."""
    place = LocalFiles(world.root / "escrow")
    every = [sheet.read(recovery_sheet(place, key, vault)["text"]) for key in KEYS.values()]
    with world.desk.store.read() as tx:
        return shares.combine(every) == open_keyring(world.desk, tx, vault).key


def test_a4_a_holder_without_a_share_saves_nothing(world: World):
    """Named is not given. A deposit counts, a rotation's too, and each for its own vault and only while a place is set up."""
    assert void(world) == [NAME]
    assert (recovery_due(world.desk, NAME)["ok"], recovery_due(world.desk, NAME)["next"]) == (
        False,
        f"custody rekey --vault {NAME}",
    )
    give_out(world.desk, world.vault)
    assert (void(world), recovery_due(world.desk, NAME)["ok"]) == ([], True)
    rekey(world.desk, NAME)
    assert (void(world), recovery_due(world.desk, NAME)["ok"]) == ([], True)
    assert opened(world, world.vault)
    places, world.outside.escrow = world.outside.escrow, []
    assert (void(world), recovery_due(world.desk, NAME)["ok"]) == ([NAME], False)
    world.outside.escrow = places
    for file in (world.root / "escrow").rglob("1.share"):
        file.unlink()
    told = recovery_due(world.desk, NAME)
    assert (told["ok"], told["places_short"], told["next"]) == (False, 1, f"custody rekey --vault {NAME}")


def test_a4_other_holders_than_those_who_have_shares_save_nothing(world: World):
    """A new set was named and the deposit with it was cut off: what lies there is not theirs."""
    give_out(world.desk, world.vault)
    with world.desk.store.write() as tx:
        append(tx, world.party, stamp(world.clock.now()), "holders-named", {"holders": [], "threshold": 2})
    assert void(world) == [NAME]
    give_out(world.desk, world.vault)
    assert void(world) == []


def test_a4_a_new_vault_is_in_the_holders_hands_at_once(world: World):
    """It waits for no paper, and the shares open it; cut off before they were given, it is made again and gives them."""
    world.outside.escrow, places = [], world.outside.escrow
    assert vault_new(world.desk, "shop")["state"] == "untried"
    world.outside.escrow = places
    made = vault_new(world.desk, "shop")
    assert (made["state"], made["resumed"], made["next"]) == ("open", True, "")
    assert opened(world, str(made["id"]))
    other = vault_new(world.desk, "other")
    assert other["state"] == "open"
    assert opened(world, str(other["id"]))


@pytest.mark.parametrize("when", ["received", "re-sealed", "never"])
def test_a4_what_was_received_is_in_the_holders_hands_before_its_re_seal(tmp_path: Path, when: str):
    """Given at the receipt; where no place answered then, by the re-seal; where none is set up, the re-seal waits."""
    (tmp_path / "world" / "escrow").mkdir(parents=True)
    made = Arriving(tmp_path, 6, rehearsal=False)
    world = made.world
    named(world)
    places = world.outside.escrow
    if when != "received":
        world.outside.escrow = []
    made.ship().release(1, lambda _: True)
    made.receive()
    with world.desk.store.read() as tx:
        vault = str(tx.find("vault", name=RECEIVED)[0]["id"])
    assert (RECEIVED in void(world)) is (when != "received")
    if when == "never":
        with pytest.raises(Refused) as refused:
            reseal(world.desk, DEAL, made.files)
        assert refused.value.slug == "reseal.untried"
        assert made.held()["record"] == 12
        return
    world.outside.escrow = places
    assert reseal(world.desk, DEAL, made.files)["records"] == 12
    assert opened(world, vault)
    world.close()
