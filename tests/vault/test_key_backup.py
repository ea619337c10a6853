"""A5: a backup's keys are read one page at a time, and what is found so is what the whole would give (spec/vault.md §19, §21)."""

import io
import random
import tracemalloc
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from custody.acts import key_backup, survey_keys, survey_records
from custody.acts.adding import Newcomer, add_people
from custody.acts.key_backup import Known, key_ids, key_ids_of, read_keys, unknown_keys
from custody.acts.vaults import Keyring, new_keyring, open_keyring, pages, save_head
from custody.adapters.files.local import LocalFiles
from custody.base import ids
from custody.base.errors import Broken
from custody.services.backup import backup as back_up
from custody.services.erase import erase
from custody.services.vault_check import vault_check
from custody.vault import backup, keyring, page
from custody.vault.backup import Kind, Named
from custody.vault.page import Place, Sealed
from custody.vault.payload import pack
from custody.vault.segment import SegmentWriter, frames
from custody.vault.suite import suite_of
from tests.vault.histories.world import NAME, World

key_id = suite_of(1).key_id

KEY, RING, VAULT = b"b" * 32, b"r" * 32, b"v" * 16
NAMED = Named(Kind.KEYS, VAULT, 7)


def values(count: int) -> Iterator[list]:
    """A key backup of `count` pages as it is written, its pages made as they are asked for."""
    passing = keyring.Passing()
    for number in range(count):
        passing.see(_page(number))
    end = passing._tree.root()
    yield ["keys", 1, 1, 1, end, "ref", b"wrapped"]
    for number in range(count):
        made = _page(number)
        yield [1, number, 1, 1024, made.sealed, made.wrap, bytes(16384)]
    yield ["end", count]


def _page(number: int) -> Sealed:
    return Sealed(Place(VAULT, 1, number, 1), bytes([number % 251]) * page.SEALED_BYTES, b"w" * page.WRAP_BYTES)


def peak(count: int) -> int:
    """The most that reading such a backup held."""
    target = io.BytesIO()
    backup.write(target, KEY, NAMED, values(count))
    target.seek(0)
    tracemalloc.start()
    try:
        _, held = read_keys(backup.read(target, KEY, NAMED), ids.id_text("vlt", VAULT))
        assert sum(1 for _ in held) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a5_memory_does_not_grow_with_the_pages():
    """Eight times as many pages are read in the same memory."""
    few, many = peak(100), peak(800)
    assert many < few + (1 << 20)


@pytest.mark.parametrize("change", ["fewer", "more", "count", "after", "other"])
def test_a5_what_is_not_the_whole_is_refused_at_its_end(change: str):
    """A page left out, doubled or other than the head names, a wrong count, a value after the end: none of it is taken."""
    told = list(values(4))
    changed = {
        "fewer": [*told[:3], *told[4:5], ["end", 3]],
        "more": [*told[:5], told[4], ["end", 5]],
        "count": [*told[:5], ["end", 5]],
        "after": [*told, told[1]],
        "other": [*told[:4], [*told[4][:4], told[1][4], *told[4][5:]], told[5]],
    }[change]
    _, held = read_keys(iter(changed), ids.id_text("vlt", VAULT))
    with pytest.raises(Broken):
        list(held)


def test_a5_keys_looked_for_in_stretches_are_those_looked_for_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever the stretch, a key that is in no page and no erasure is found, and none else."""
    dice = random.Random(20260316)
    deks = [dice.randbytes(32) for _ in range(60)]
    with (tmp_path / "a.seg").open("wb") as one, (tmp_path / "b.seg").open("wb") as other:
        for target, some in ((one, deks[:35]), (other, deks[30:])):
            writer = SegmentWriter(target, VAULT, b"s" * 16)
            for dek in some:
                writer.add(bytes(3) + b"\x01" + bytes(28) + key_id(dek) + bytes(100))
            writer.close()
    held = [{key_id(dek) for dek in deks[start : start + 10]} for start in range(0, 40, 10)]
    known = Known(lambda: iter(held), lambda: iter([{key_id(dek) for dek in deks[40:58]}]))
    whole = {key_id(dek) for dek in deks[58:]}

    def named():
        return chain.from_iterable(key_ids_of(LocalFiles(tmp_path), name) for name in ("a.seg", "b.seg"))

    for many in (1, 7, 59, 60, 1000):
        monkeypatch.setattr(key_backup, "_MANY", many)
        lost = unknown_keys(named(), known)
        assert lost
        assert lost <= whole
    assert lost == whole
    full = known._replace(erased=lambda: iter([{key_id(dek) for dek in deks[40:]}]))
    assert unknown_keys(named(), full) == set()
    with (tmp_path / "a.seg").open("rb") as source:
        some = [place for place, _ in frames(source)][3:30:9]
    assert list(key_ids_of(LocalFiles(tmp_path), "a.seg", some)) == [key_id(dek) for dek in deks[3:30:9]]
    assert list(key_ids_of(LocalFiles(tmp_path), "a.seg", [])) == []


def test_a5_a_backup_names_the_segment_whose_keys_are_nowhere(tmp_path: Path):
    """Keys that vanished from the pages without an erasure stop the backup at the segment that needs them."""
    world = World(tmp_path)
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(0, ["one"]))])])
    before = _rows(world)
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["two"]))])])
    with world.desk.store.write() as tx:
        segment = tx.find("segment", order=("id",))[-1]
        for table, rows in before.items():
            tx.drop(table)
            tx.add(table, rows)
    with pytest.raises(Broken) as refused:
        back_up(world.desk, "a")
    assert (refused.value.slug, refused.value.where["keys"]) == ("backup.no-key", 1)
    assert refused.value.where["segment"] == segment["id"]
    with pytest.raises(Broken, match="keys are nowhere"):  # it lies there by now, and is looked at all the same
        back_up(world.desk, "a")
    world.close()


def test_a5_a_backup_looks_for_the_keys_of_every_vault_whose_segments_it_carries(tmp_path: Path):
    """Another party's vault in the same store has its keys written and looked for; a segment of a vault that is not there stops it."""
    world = World(tmp_path)
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(0, ["one"]))])])
    other = _another_partys(world)
    add_people(world.desk, other, [Newcomer("customer", [(1, 1, pack(1, ["two"]))])])
    made = back_up(world.desk, "a")["places"][0]
    assert set(made["vaults"]) == {world.vault, other}
    with world.desk.store.write() as tx:
        kept = tx.find("page", vault=other)
        tx.drop("page", vault=other)
    with pytest.raises(Broken):
        back_up(world.desk, "b")
    with world.desk.store.write() as tx:
        tx.add("page", kept)
        tx.drop("vault", id=other)
    with pytest.raises(Broken) as refused:
        back_up(world.desk, "b")
    assert refused.value.slug == "backup.no-key"
    world.close()


def _another_partys(world: World) -> str:
    vault = ids.new("vlt")
    with world.desk.store.write() as tx:
        key, kept = new_keyring(world.desk, vault, 1)
        row = {
            "id": vault,
            "party": ids.new("pty"),
            "name": "theirs",
            "region": "CN",
            "suite": 1,
            "state": "open",
            "generation": 1,
        }
        tx.add("vault", [{**row, "keyring": kept, "datamap": ""}])
        schema = tx.find("schema", vault=world.vault)
        tx.add("schema", [{**one, "vault": vault} for one in schema])
        save_head(tx, Keyring(vault, 1, key, keyring.Head(1, 0, b"", 1)))
    return vault


def test_a5_a_check_in_stretches_finds_what_a_check_at_once_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However small the stretches, the counts and the faults are the same, of a whole vault and of a damaged one."""
    world = World(tmp_path)
    people = [Newcomer("customer", [(1, 1, pack(n, [f"w{n}"])), (2, 2, pack(n, [n]))]) for n in range(9)]
    made = add_people(world.desk, world.vault, people)
    erase(world.desk, [ids.subject_text(one) for one in made[:3]], NAME)
    whole = vault_check(world.desk, NAME)
    with world.desk.store.write() as tx:
        tx.drop("record", vault=world.vault, subject=made[4])
        tx.drop("page", vault=world.vault, compartment=2)
    broken = vault_check(world.desk, NAME)
    for module, name in ((survey_keys, "_PAGES"), (survey_keys, "_ERASED"), (survey_records, "_BATCH")):
        monkeypatch.setattr(module, name, 1)
    assert vault_check(world.desk, NAME) == broken
    assert whole["ok"] is True
    assert {"subject.page", "record.no-key", "key.no-record", "head"} <= set(broken["counts"])
    world.close()


def test_a5_key_ids_of_the_pages_are_those_of_their_slots(tmp_path: Path):
    """Page by page the same key ids come out as from every slot on its own."""
    world = World(tmp_path)
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, ["x"]))]) for n in range(30)])
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
        held = list(pages(tx, world.vault))
    slots = [
        page.slot(page.open_page(one, ring.key, ring.generation), number) for one in held for number in range(1024)
    ]
    singly = {key_id(dek) for dek in slots if any(dek)}
    assert set().union(*(key_ids(one, ring.key, ring.generation) for one in held)) == singly
    assert len(singly) == 60
    world.close()


def _rows(world: World) -> dict[str, list]:
    with world.desk.store.read() as tx:
        return {table: tx.find(table) for table in ("page", "page_leaf", "vault")}
