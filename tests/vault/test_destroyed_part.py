"""G44: of whoever keeps a part after a deal's end, what their records of the other part were before corrections goes with it."""

from pathlib import Path

from custody.acts import job
from custody.acts.adding import Newcomer, add_people
from custody.acts.doomed import ending, shred_all
from custody.acts.marks import Marks
from custody.acts.revising import revise_record
from custody.acts.vaults import slot_places
from custody.services.compact import compact
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World


def test_g44_earlier_revisions_go_with_the_part_that_is_destroyed(tmp_path: Path):
    """The check is clean, what stays is whole, and a compaction takes the bytes."""
    world = World(tmp_path / "world")
    inside = [(1, 1, pack(0, ["x"])), (2, 2, pack(0, ["y"]))]
    who, *_ = add_people(world.desk, world.vault, [Newcomer("customer", inside) for _ in range(3)])
    for number in (1, 2):
        revise_record(world.desk, world.vault, who, number, lambda row, _: pack(row["row"], ["corrected"]), "typo")
    with world.desk.store.read() as tx:
        slots = slot_places(tx.find("subject", vault=world.vault, id=who)[0]["slots"])
    doomed = Marks()
    doomed.add((1, *slots[1]))
    begun = job.begin(world.desk, "an end", "destroy", {"since": 0, "elsewhere": []})
    shred_all(world.desk, ending(world.vault, begun), doomed)
    assert vault_check(world.desk, NAME)["faults"] == []
    with world.desk.store.read() as tx:
        assert [row["record"] for row in tx.find("revision", vault=world.vault, subject=who)] == [2]
    compact(world.desk, NAME, least=0)
    assert vault_check(world.desk, NAME)["faults"] == []
    world.close()
