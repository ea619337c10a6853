"""A9: one record that nobody can read costs nobody else their silence, and is counted (spec/retention.md §7)."""

import pytest

from custody.acts.list_anew import begin_anew
from custody.base import ids
from custody.services.lookup import lookup
from custody.services.suppress import suppress_add, suppress_check, suppress_lift
from tests.vault.histories.world import World
from tests.vault.test_suppression import LI, WANG, sealed, silent, world

__all__ = ["world"]


def rot(world: World, who: str) -> int:
    """The last byte of every record of this person in `shop`."""
    with world.desk.store.read() as tx:
        rows = tx.find("record", subject=ids.subject_bytes(who))
        lie = [
            (world.home / str(tx.find("segment", id=row["segment"])[0]["file"]), row["position"] + row["length"])
            for row in rows
        ]
    for path, end in lie:
        data = bytearray(path.read_bytes())
        data[end - 1] ^= 1
        path.write_bytes(data)
    return len(lie)


@pytest.fixture
def hers(world: World) -> str:
    """Two asked not to be contacted; the records of one of them rot."""
    sealed(world, "shop")
    suppress_add(world.desk, [WANG, "li.mei@example.cn"], None, "contact", "asked.1", None)
    (one,) = lookup(world.desk, "li.mei@example.cn", "email", "shop")["found"]
    assert rot(world, one["subject"])
    return one["subject"]


def test_a9_a_list_begun_anew_keeps_whoever_can_be_read(world: World, hers: str):
    """The other's values are on the new list; the answer and the entry say what was not read, and both stay marked."""
    with world.desk.store.read() as tx:
        (key,) = tx.find("suppression_key", party=world.desk.space)
    world.provider.lose(str(key["ref"]))
    told = begin_anew(world.desk)
    assert told["relisted"] > 0
    assert told["unread"] > 0
    assert "vaults_unread" not in told
    assert suppress_check(world.desk, WANG)["listed"]
    assert hers in {ids.subject_text(who) for who in silent(world)}
    assert len(silent(world)) == 2


def test_a9_one_damaged_record_stops_nobody_who_is_put_on_the_list_or_taken_off(world: World, hers: str):
    """Whoever cannot be read is marked by name and where the index finds them, and is not let go: what is listed may be theirs."""
    told = suppress_lift(world.desk, WANG, "asked.2")
    assert (told["unmarked"], "unread" in told) == (1, False)
    told = suppress_lift(world.desk, "li.mei@example.cn", "asked.2")
    assert (told["lifted"], told["unmarked"], told["unread"] > 0) == (1, 0, True)
    assert [ids.subject_text(who) for who in silent(world)] == [hers]
    told = suppress_add(world.desk, [LI], None, "contact", "asked.3", None)
    assert (told["added"], told["unread"] > 0) == (1, True)
    assert suppress_add(world.desk, [], hers, "contact", "asked.3", "shop")["unread"] > 0
