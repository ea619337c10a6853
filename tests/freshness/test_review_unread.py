"""A7: one record that nobody can read stops no review; what is doubted of whoever it is of stays as it was (spec/freshness.md §1)."""

from custody.base.ids import subject_bytes
from custody.services.freshness_review import freshness_review
from tests.freshness.conftest import person
from tests.freshness.test_review import FAULTS, doubts
from tests.vault.histories.world import World


def test_a7_one_record_that_rotted_stops_no_review(world: World):
    """Before and after all faults are on the list, also those of whoever cannot be read any more, and the answer says so."""
    before = freshness_review(world.desk, "shop")
    assert "unread" not in before
    with world.desk.store.read() as tx:
        rows = tx.find("record", subject=subject_bytes(person(world, 6)))
        lie = [(tx.find("segment", id=row["segment"])[0]["file"], row["position"] + row["length"]) for row in rows]
    for file, end in lie:
        path = world.home / str(file)
        data = bytearray(path.read_bytes())
        data[end - 1] ^= 1
        path.write_bytes(data)
    after = freshness_review(world.desk, "shop")
    assert after["unread"] == len(lie) > 0
    assert (after["open"], after["by_kind"]) == (before["open"], before["by_kind"])
    assert doubts(world) == FAULTS
