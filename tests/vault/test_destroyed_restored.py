"""A5: whoever was destroyed with a deal after the backup comes back as such, not as a live customer with facts (spec/vault.md §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts import job
from custody.acts.adding import Newcomer, add_people
from custody.acts.doomed import ending, shred_all
from custody.acts.marks import Marks
from custody.acts.mirroring import catch_up
from custody.acts.vaults import AUDIT, slot_places
from custody.services.backup import backup
from custody.services.vault_check import vault_check
from custody.services.vault_list import vault_list
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

FACTS = {"contract_status": "ended", "last_activity": "2020-05"}


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[tuple[World, list[bytes]]]:
    """Three people, backed up; two of them lose all, and the third a part, to a deal's end; then the disk is lost."""
    world = World(tmp_path)
    slots = [(1, 1, pack(1, ["one"])), (2, 2, pack(2, ["two"]))]
    who = add_people(world.desk, world.vault, [Newcomer("customer", slots, FACTS) for _ in range(3)])
    with world.desk.store.write() as tx:
        tx.add(
            "confirmed",
            [{"vault": world.vault, "subject": one, "at": "", "proof": "reply", "position": 0} for one in who],
        )
    catch_up(world.desk)
    backup(world.desk, "a")
    doomed = Marks()
    with world.desk.store.read() as tx:
        for number, one in enumerate(who):
            (row,) = tx.find("subject", vault=world.vault, id=one)
            for compartment, place in slot_places(row["slots"]).items():
                if compartment != AUDIT and (number < 2 or compartment == 2):
                    doomed.add((compartment, *place))
    begun = job.begin(world.desk, "an end", "destroy", {"since": 0, "elsewhere": []})
    shred_all(world.desk, ending(world.vault, begun), doomed)
    before = look(world, who)
    assert [state for state, *_ in before] == ["destroyed", "destroyed", "live"]
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    assert look(world, who) == before
    yield world, who
    world.close()


def look(world: World, who: list[bytes]) -> list[tuple[str, bytes, int, int]]:
    """(state, facts, records, confirmations) of each."""
    with world.desk.store.read() as tx:
        rows = [tx.find("subject", vault=world.vault, id=one)[0] for one in who]
        return [
            (str(row["state"]), row["facts"], *(tx.count(table, vault=world.vault, subject=one) for table in ("record", "confirmed")))
            for one, row in zip(who, rows, strict=True)
        ]  # fmt: skip


def test_a5_whoever_went_with_a_deal_stays_gone(restored: tuple[World, list[bytes]]):
    """State, facts, records and confirmations are as they were; one customer is left; what was noted about the others still opens."""
    world, who = restored
    (vault,) = vault_list(world.desk)["vaults"]
    assert vault["customers"] == 1
    with world.desk.store.read() as tx:
        assert [
            set(slot_places(tx.find("subject", vault=world.vault, id=one)[0]["slots"])) & {AUDIT} for one in who
        ] == [{AUDIT}] * 3
    assert vault_check(world.desk, NAME)["ok"]
