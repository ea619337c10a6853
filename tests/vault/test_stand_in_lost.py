"""A8, G4: what took the place of a lost root, and was left behind when the home was lost again, is met and goes like any other (spec/vault.md §11, §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories import world as worlds
from tests.vault.histories.world import NAME, World
from tests.vault.test_restore_sheets import kept


class Died(Exception):
    """The process ended here."""


def died(*_: object) -> None:
    raise Died


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three people; the provider outlives the home."""
    made = World(tmp_path / "world")
    made.people = add_people(
        made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)]
    )
    yield made
    made.close()


def live(world: World) -> list[str]:
    """The roots that open something."""
    return [ref for ref in world.provider._roots if world.provider.state(ref) == "live"]


def test_a8_a_stand_in_that_was_left_with_a_lost_home_is_ordered_to_go(world: World, monkeypatch: pytest.MonkeyPatch):
    """Restored by sheets, lost again before the rotation, restored by sheets again: the first stand-in opens every backup of its generation until it is met."""
    sheets = kept(world)
    erase(world.desk, [ids.subject_text(world.people[0])], NAME)
    catch_up(world.desk)
    world.provider.lose(f"{world.vault}-1")
    world.lose()
    with monkeypatch.context() as cut:
        cut.setattr(worlds, "restore_finish", died)
        with pytest.raises(Died):
            world.restore("a", sheets)
    (stand_in,) = live(world)
    catch_up(world.desk)
    world.lose()
    world.restore("a", sheets)
    with world.desk.store.read() as tx:
        assert {row["final_at"] for row in tx.find("erasure", vault=world.vault)} == {""}
    destroys_due(world.desk, NAME)
    destroys_due(world.desk, NAME)
    assert stand_in not in live(world)
    assert vault_check(world.desk, NAME)["ok"]
