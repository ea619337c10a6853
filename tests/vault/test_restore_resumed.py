"""A5: a restore that broke off is visible to nobody, and goes on where it was when it is from the same backup (spec/vault.md §21)."""

from contextlib import closing
from pathlib import Path

import pytest

from custody.acts import loading, refill
from custody.acts.adding import Newcomer, add_people
from custody.adapters.stores.sql import SqlStore
from custody.base import ids
from custody.base.errors import Unavailable
from custody.services.backup import backup
from custody.services.erase import erase
from custody.vault.payload import pack
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, World


@pytest.fixture
def lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A home that was backed up to two places, the second one later, and lost; a restore from the first broke off before the keys."""
    monkeypatch.setattr(loading, "_MANY", 3)
    world = World(tmp_path)
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(8)]
    subjects = add_people(world.desk, world.vault, people)
    backup(world.desk, "a")
    erase(world.desk, [ids.subject_text(subjects[0])], NAME)
    backup(world.desk, "b")
    world.lose()
    with monkeypatch.context() as cut:
        cut.setattr(refill, "load_keys", broken)
        with pytest.raises(Unavailable):
            world.restore("a")
    return world


def broken(*_: object) -> None:
    """The provider goes away."""
    raise Unavailable("keys.out", "The key provider does not answer.")


def test_a5_what_broke_off_is_not_the_store(lost: World):
    """Its rows lie beside; the store itself is still lost."""
    assert not (lost.home / "core.db").exists()
    assert (lost.home / "core.db.restoring").exists()


def test_a5_a_restore_goes_on_where_it_was(lost: World, monkeypatch: pytest.MonkeyPatch):
    """No row is put in twice, and everybody is there but the erased one."""
    monkeypatch.setattr(loading._Batch, "put", broken)
    lost.restore("a")
    assert len(Judge(lost).look(set())) == 7


def test_a5_a_restore_from_another_backup_begins_anew(lost: World):
    """What is beside is of one backup alone: from another place nothing of the first attempt stays."""
    lost.restore("b")
    assert len(Judge(lost).look(set())) == 7
    with lost.desk.store.read() as tx:
        assert tx.count("subject", vault=lost.vault, state="live") == 7


def test_a5_a_half_loaded_table_is_filled_and_not_doubled(lost: World):
    """Cut off in the middle of the rows, it takes the rest and nothing twice."""
    lost.lose()
    puts = [0]

    def some(batch: loading._Batch, table: str, row: dict, seen: int) -> None:
        puts[0] += 1
        if puts[0] == 20:
            broken()
        put(batch, table, row, seen)

    put = loading._Batch.put
    with pytest.MonkeyPatch.context() as cut:
        cut.setattr(loading._Batch, "put", some)
        with pytest.raises(Unavailable):
            lost.restore("a")
    with closing(SqlStore(lost.place.beside())) as beside, beside.read() as tx:
        taken = sum(tx.count(table) for table in ("subject", "record", "ledger_entry", "opening"))
    assert taken
    lost.restore("a")
    assert len(Judge(lost).look(set())) == 7
