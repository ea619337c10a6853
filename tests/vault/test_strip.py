"""A8: what a rule strips moves to new keys without a moment in which a lost disk takes along what law keeps (spec/retention.md §4)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import backing, stripping
from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.base import canonical
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.vault.payload import pack, unpack
from tests.vault.histories.world import NAME, World
from tests.vault.second import approve, join

MANY = 7
POLICY = """
notice_days = 1
standing_until = 2099-12-31
[[rule]]
retention = "relation"
start = "relation-end"
years = 1
then = "strip"
columns = ["m"]
"""


class Disk(BaseException):
    """The home is gone, whatever was being done."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """People with a value that a rule strips and one that it keeps, listed long enough, all in a backup."""
    made = World(tmp_path / "world", lasting=True)
    second = Signer.generate()
    with made.desk.store.write() as tx:
        tx.add("compartment", [{"vault": made.vault, "number": 1, "tier": "general", "purposes": "service", "retention": "relation", "child_of": -1, "next_page": 0}])  # fmt: skip
        for number, table, column in ((3, "t", "m"), (4, "u", "k")):
            told = canonical.encode({"columns": [column], "places": [0], "home": True})
            tx.add("schema", [{"vault": made.vault, "number": number, "tbl": table, "compartment": 1, "columns": told}])
    join(made, second)
    for start in range(0, MANY, 4):  # in segments of their own
        come = [Newcomer("customer", [(1, 3, pack(n, [f"goes{n}"])), (1, 4, pack(10 + n, [f"stays{n}"]))], {"contract_status": "ended", "last_activity": "2020-05"})
                for n in range(start, min(start + 4, MANY))]  # fmt: skip
        add_people(made.desk, made.vault, come)
    approve(made, second, retention_set(made.desk, wiring.laws(), POLICY, NAME, dry_run=True))
    retention_set(made.desk, wiring.laws(), POLICY, NAME, dry_run=False)
    retention_run(made.desk, NAME, dry_run=False)
    made.clock.advance(timedelta(days=3))
    backup(made.desk, "a")
    yield made
    made.close()


def opens(world: World) -> tuple[int, int]:
    """(values that the rule strips, values that stay) that can be read."""
    found: list[str] = []
    with world.desk.store.read() as tx:
        for row in tx.find("record", vault=world.vault):
            with Reader(world.desk, tx, world.vault, only=[row["subject"]]) as reader:
                found.append(str(unpack(reader.opened(row) or pack(0, [""]))[1][0]))
    return sum(one.startswith("goes") for one in found), sum(one.startswith("stays") for one in found)


def came_back(world: World) -> None:
    """Restored; what the place has beyond the mirror on an owner's word, as it asks for."""
    try:
        world.restore("a")
    except CustodyError as error:
        if error.slug != "restore.behind":
            raise
        world.vacate()
        world.restore("a", beyond=int(str(error.where["facts"])))


@pytest.mark.parametrize("step", ["_copy_segments", "_write_keys"])
def test_a8_a_disk_that_dies_before_the_places_are_renewed_takes_nothing_along(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
):
    """What was stripped comes back with the backup of before and is stripped again; what stays by law was never without one."""
    whole = getattr(backing, step)

    def dies(*told: object, **more: object) -> object:
        whole(*told, **more)
        raise Disk

    with monkeypatch.context() as patch:
        patch.setattr(backing, step, dies)
        with pytest.raises(Disk):
            retention_run(world.desk, NAME, dry_run=False)
    world.lose()
    came_back(world)
    assert opens(world)[1] == MANY
    told = retention_run(world.desk, NAME, dry_run=False)
    world.clock.advance(timedelta(days=3))
    told = retention_run(world.desk, NAME, dry_run=False)
    assert told["ok"], told
    assert opens(world) == (0, MANY)


def test_a8_nothing_is_stripped_while_a_place_is_away(world: World):
    """It waits, counted and not ok; once the place is back it goes on."""
    world.weather.out.add("a")
    told = retention_run(world.desk, NAME, dry_run=False)
    assert (told["stripped"], told["waits_for_places"], told["ok"]) == (0, MANY, False)
    assert opens(world) == (MANY, MANY)
    world.weather.out.clear()
    told = retention_run(world.desk, NAME, dry_run=False)
    assert (told["stripped"], told["waits_for_places"], told["ok"]) == (2 * MANY, 0, True)
    assert opens(world) == (0, MANY)


def test_a8_stretch_by_stretch_each_lies_in_the_places(world: World, monkeypatch: pytest.MonkeyPatch):
    """Cut off between two, the first is whole and the next run does the rest."""
    monkeypatch.setattr(stripping, "STRETCH", 3)
    whole, left = stripping.renewed_places, [True]

    def once(*told: object, **more: object) -> bool:
        done = whole(*told, **more)  # type: ignore[arg-type]
        if left and left.pop():
            raise Disk
        return bool(done)

    with monkeypatch.context() as patch:
        patch.setattr(stripping, "renewed_places", once)
        with pytest.raises(Disk):
            retention_run(world.desk, NAME, dry_run=False)
    world.lose()
    world.restore("a")
    assert opens(world) == (MANY - 3, MANY)


def test_a8_one_record_that_nobody_can_read_stops_nobody_elses_stripping(world: World):
    """A file is lost: its people stay as they are, counted; everybody else's columns go, and each run says so again."""
    with world.desk.store.read() as tx:
        first, *_ = tx.find("segment", order=("id",), vault=world.vault)
        lost = {bytes(row["subject"]) for row in tx.find("record", vault=world.vault, segment=first["id"])}
    world.desk.files.remove(str(first["file"]))
    for stripped in (2 * (MANY - len(lost)), 0):
        told = retention_run(world.desk, NAME, dry_run=False)
        assert (told["stripped"], told["unread"], told["ok"]) == (stripped, len(lost), False)
    assert opens(world) == (0, MANY - len(lost))
