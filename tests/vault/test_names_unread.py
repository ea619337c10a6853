"""A1, E8: one record that is lost or rotted stops no look-up by name, whatever bucket it lies in, and is counted in the answer (spec/vault.md §13)."""

from pathlib import Path

import pytest

from custody.services.lookup import lookup
from tests.vault.histories.world import NAME, World
from tests.vault.test_buckets import called, come, found, world

__all__ = ["world"]


def spoil(path: Path, end: int, how: str) -> None:
    """A file that is gone, that rotted in the record that ends there, or that the disk does not read."""
    if how == "rotted":
        data = bytearray(path.read_bytes())
        data[end - 1] ^= 1
        path.write_bytes(data)
        return
    path.unlink()
    if how == "bad sector":
        path.mkdir()  # to open it is an error of the system, as to read a sector that is bad


@pytest.mark.parametrize("how", ["lost", "rotted", "bad sector"])
def test_a1_one_lost_record_stops_no_look_up_by_name(world: World, how: str):
    """All share a bucket, so it is opened for any name: the others are found, and the answer says how many were not read."""
    others, (hers,) = come(world, range(5)), come(world, range(205, 206))
    with world.desk.store.read() as tx:
        record = tx.find("record", vault=world.vault, subject=hers)[0]
        (lies,) = tx.find("segment", vault=world.vault, id=record["segment"])
    assert found(world, called(5)) == {hers}
    assert "unread" not in lookup(world.desk, called(2), "name", NAME)
    spoil(world.home / str(lies["file"]), int(record["position"]) + int(record["length"]), how)
    assert found(world, called(2)) == {others[2]}
    for name, count in ((called(2), 1), (called(5), 0), (called(7), 0)):
        told = lookup(world.desk, name, "name", NAME)
        assert (told["count"], told["unread"]) == (count, 1)
    assert "unread" not in lookup(world.desk, "QH00003", None, NAME)
