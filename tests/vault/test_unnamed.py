"""A5, G44: a record whose row is gone is named by `vault check`, and its bytes outlive every compaction (spec/vault.md §24)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts import compacting, unnamed
from custody.acts.adding import Newcomer, add_people
from custody.acts.revising import revise_record
from custody.acts.vaults import SLOT
from custody.base import ids
from custody.base.errors import Broken
from custody.ports.store import Row
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.arriving_deal import NAME as RECEIVED
from tests.vault.arriving_deal import Arriving, who
from tests.vault.histories.world import NAME, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault in which each of four customers has three records under one key."""
    made = World(tmp_path / "world")
    add_people(made.desk, made.vault, [
        Newcomer("customer", [(1, 1, pack(10 * n + row, [f"word-{n}-{row}"])) for row in range(3)]) for n in range(4)
    ])  # fmt: skip
    yield made
    made.close()


def lost(world: World, **where: object) -> list[Row]:
    """Rows of records that somebody takes out of the store."""
    with world.desk.store.write() as tx:
        rows = tx.find("record", order=("subject", "record"), **where)
        tx.drop("record", **where)
    return rows


def people(world: World) -> list[bytes]:
    """Who is in the vault, by the order of their ids."""
    with world.desk.store.read() as tx:
        return [row["id"] for row in tx.find("subject", order=("id",), vault=world.vault, state="live")]


def test_one_row_of_many_under_a_key_is_missed(world: World):
    """The key is used by its neighbours, so that only the segment can tell: place, customer and record are named."""
    (row,) = lost(world, vault=world.vault, subject=people(world)[1], record=1)
    told = vault_check(world.desk, NAME)
    where = {
        "segment": row["segment"],
        "byte": row["position"],
        "subject": ids.subject_text(row["subject"]),
        "record": 1,
    }
    assert (told["ok"], told["faults"]) == (False, [{"class": "record.unnamed", "where": where}])


@pytest.mark.parametrize("many", [1, 100])
def test_all_rows_of_a_customer_are_missed(world: World, monkeypatch: pytest.MonkeyPatch, many: int):
    """Each of them, also when few are held at a time, and the key that opens nothing any more."""
    monkeypatch.setattr(unnamed, "_MANY", many)
    lost(world, vault=world.vault, subject=people(world)[0])
    told = vault_check(world.desk, NAME)
    assert (told["ok"], told["counts"]) == (False, {"key.no-record": 1, "record.unnamed": 3})


def test_a_compaction_leaves_the_segment_and_says_so(world: World):
    """It drops what was erased elsewhere and not these bytes; put back, the row opens as before."""
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(99, ["later"]))])])
    rows = lost(world, vault=world.vault, subject=people(world)[2])
    told = compact(world.desk, NAME, least=0)
    assert (told["ok"], told["segments"], told["segments_unnamed"]) == (False, 0, [rows[0]["segment"]])
    with world.desk.store.write() as tx:
        tx.add("record", rows)
    assert vault_check(world.desk, NAME)["ok"] is True
    assert compact(world.desk, NAME, least=0)["ok"] is True


def test_a_compaction_leaves_a_segment_of_which_every_row_is_gone(world: World):
    """Nothing of it is named, and all of it has its key."""
    rows = lost(world, vault=world.vault)
    assert compact(world.desk, NAME, least=0)["segments_unnamed"] == [rows[0]["segment"]]
    with world.desk.store.write() as tx:
        tx.add("record", rows)
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a_compaction_believes_the_pages_alone(world: World):
    """Neither a row that says a key was erased nor an older page put back makes a record dead whose key the head knows."""
    first = people(world)
    with world.desk.store.read() as tx:
        before = [dict(row) for row in tx.find("page", vault=world.vault)]
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(99, ["later"]))])])
    (new,) = set(people(world)) - set(first)
    (row,) = lost(world, vault=world.vault, subject=new)
    key = (world.home / _file(world, row["segment"])).read_bytes()[row["position"] + 32 : row["position"] + 48]
    with world.desk.store.write() as tx:
        tx.add("erasure", [{"vault": world.vault, "seq": 1, "compartment": 1, "page": 0, "slot": 4, "key_id": key, "generation": 1,
                            "final_at": ""}])  # fmt: skip
    assert compact(world.desk, NAME, least=0)["segments_unnamed"] == [row["segment"]]
    with world.desk.store.write() as tx:
        tx.drop("page", vault=world.vault)
        tx.add("page", before)
    with pytest.raises(Broken) as refused:
        compact(world.desk, NAME, least=0)
    assert refused.value.slug == "vault.rolled-back"
    assert (world.home / _file(world, row["segment"])).exists()


def _file(world: World, segment: str) -> str:
    with world.desk.store.read() as tx:
        return str(tx.find("segment", id=segment)[0]["file"])


def test_what_is_dead_is_no_fault(world: World, monkeypatch: pytest.MonkeyPatch):
    """Erased, and corrected with the former value gone: neither is named, and both go with a compaction."""
    monkeypatch.setattr(compacting, "_MANY", 1)
    erased, corrected, *_ = people(world)
    erase(world.desk, [ids.subject_text(erased)], NAME)
    revise_record(world.desk, world.vault, corrected, 1, lambda row, _: pack(row["row"], ["right"]), "typo")
    told = vault_check(world.desk, NAME)
    assert (told["ok"], told["counts"]) == (True, {})
    done = compact(world.desk, NAME, least=0)
    assert (done["ok"], done["records_dropped"], done["segments_unnamed"]) == (True, 3, [])
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a_key_without_record_is_harmless_only_after_a_restore(world: World):
    """Whose records came after the facts of a backup keep a key there; in a vault that never was restored nobody has one."""
    backup(world.desk, "a")
    with world.desk.store.read() as tx:
        facts = {row["id"] for row in tx.find("subject")}
    keep = world.root / "facts"
    (world.root / "a" / "facts").rename(keep)
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(99, ["later"]))])])
    backup(world.desk, "a")
    for new in (world.root / "a" / "facts").iterdir():
        new.unlink()
    for old in keep.iterdir():
        old.rename(world.root / "a" / "facts" / old.name)
    world.lose()
    world.restore("a")
    told = vault_check(world.desk, NAME)
    assert len(people(world)) == len(facts)
    assert (told["ok"], told["counts"].get("key.no-record")) == (True, 1)


def test_people_of_a_received_segment_who_were_not_handed_over_are_no_fault(tmp_path: Path):
    """Their keys never came; the row of somebody who was handed over is missed all the same."""
    deal = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 4)
    deal.receive()
    world = deal.world
    with world.desk.store.read() as tx:
        vault = tx.find("vault", name=RECEIVED)[0]["id"]
    assert vault_check(world.desk, RECEIVED)["ok"] is True
    lost(world, vault=vault, subject=who(2), record=1)
    told = vault_check(world.desk, RECEIVED)
    assert (told["ok"], told["counts"]["record.unnamed"]) == (False, 1)
    assert compact(world.desk, RECEIVED, least=0)["segments"] == 0  # what came stays as it came until the re-seal
    world.close()


def test_a_customer_who_is_made_to_look_erased_is_missed(world: World):
    """Their state says erased, their rows are gone, their keys are in the pages: each key is nobody's."""
    whose = people(world)[1]
    lost(world, vault=world.vault, subject=whose)
    with world.desk.store.write() as tx:
        slots = tx.find("subject", id=whose)[0]["slots"]
        tx.change("subject", {"state": "erased", "slots": b"", "facts": b"{}"}, vault=world.vault, id=whose)
    told = vault_check(world.desk, NAME)
    assert (told["ok"], told["counts"]) == (
        False,
        {"key.no-record": 1, "key.of-nobody": len(slots) // SLOT.size, "record.unnamed": 3},
    )


def test_a_customer_whose_row_is_gone_is_missed(world: World):
    """With all records: the pages still have the keys."""
    whose = people(world)[1]
    lost(world, vault=world.vault, subject=whose)
    with world.desk.store.write() as tx:
        tx.drop("subject", vault=world.vault, id=whose)
    told = vault_check(world.desk, NAME)
    assert (told["ok"], "key.of-nobody" in told["counts"]) == (False, True)
