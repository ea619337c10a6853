"""A5: whatever bit is flipped in what a vault keeps, `vault check` finds it and names its place (spec/vault.md §24)."""

import os
import random
from collections.abc import Iterator

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.adapters.stores.schema import METADATA
from custody.base import ids
from custody.services.erase import erase
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

FLIPS = int(os.environ.get("CUSTODY_FLIPS", "60"))
SEED = 20260316
# What a vault is; the facts of a person beside it are no part of it, and neither is how a vault is called.
KEPT = {
    "page": ("compartment", "page", "version", "used", "sealed", "wrap", "wrap_g", "members"),
    "page_leaf": ("leaf",),
    "record": ("subject", "record", "compartment", "schema", "revision", "row", "segment", "position", "length"),
    "segment": ("origin", "file", "bytes", "records", "sha256"),
    "subject": ("slots",),
    "vault": ("generation", "keyring"),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A vault with a few people in two segments, one of whom was erased."""
    made = World(tmp_path_factory.mktemp("check"))
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])), (2, 2, pack(n, [n]))]) for n in range(4)]
    first = add_people(made.desk, made.vault, people)
    add_people(made.desk, made.vault, people[:2])
    erase(made.desk, [ids.subject_text(first[0])], NAME)
    catch_up(made.desk)
    yield made
    made.close()


def faults(world: World) -> dict:
    """What the check says."""
    return dict(vault_check(world.desk, NAME))


def rows(world: World, table: str) -> list[dict]:
    """The rows of a table that belong to live things."""
    with world.desk.store.read() as tx:
        found = [dict(row) for row in tx.find(table)]
    return [row for row in found if table != "subject" or row["state"] == "live"]


def flipped(value: object, dice: random.Random) -> object:
    """One bit of a cell changed."""
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(20))
    data = bytearray(value.encode() if isinstance(value, str) else value)
    place = dice.randrange(len(data))
    data[place] ^= 1 << dice.randrange(7 if isinstance(value, str) else 8)
    return data.decode("utf-8", errors="replace").replace("\0", "0") if isinstance(value, str) else bytes(data)


def test_an_untouched_vault_agrees(world: World):
    """Everything is opened and nothing is named."""
    told = faults(world)
    assert told["ok"] is True
    assert told["faults"] == []
    assert told["checked"] == {"segments": 2, "pages": 3, "keys": 15, "records": 10, "entries": 4}


@pytest.mark.parametrize("table", KEPT)
def test_every_flipped_bit_of_a_row_is_found(world: World, table: str):
    """A bit in any column of any row of what a vault keeps is noticed, whichever it is."""
    dice = random.Random(f"{SEED}-{table}")
    keys = [column.name for column in METADATA.tables[table].primary_key]
    for number in range(FLIPS):
        row = dice.choice(rows(world, table))
        column = KEPT[table][number % len(KEPT[table])]
        if row[column] in ("", b""):
            continue
        changed = {**row, column: flipped(row[column], dice)}
        if changed[column] == row[column]:
            continue
        where, after = ({name: one[name] for name in keys} for one in (row, changed))
        _put(world, table, where, changed)
        try:
            told = faults(world)
        finally:
            _put(world, table, after, row)
        assert told["ok"] is False, (column, row[column], changed[column])
        assert told["faults"]
    assert faults(world)["ok"] is True


def test_every_flipped_bit_of_a_segment_is_found(world: World):
    """A bit anywhere in a segment's file is noticed, and its segment is the one that is named."""
    dice = random.Random(SEED)
    for row in rows(world, "segment"):
        path = world.home / row["file"]
        data = path.read_bytes()
        for _ in range(FLIPS):
            changed = bytearray(data)
            changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            path.write_bytes(bytes(changed))
            told = faults(world)
            assert told["ok"] is False
            assert {one["where"]["segment"] for one in told["faults"]} == {row["id"]}
        path.write_bytes(data)
    assert faults(world)["ok"] is True


def test_a_record_that_was_changed_is_named(world: World):
    """A bit in the ciphertext of one record names that record, its subject and its byte."""
    record = rows(world, "record")[3]
    segment = next(row for row in rows(world, "segment") if row["id"] == record["segment"])
    path = world.home / segment["file"]
    data = path.read_bytes()
    changed = bytearray(data)
    changed[record["position"] + 70] ^= 4
    path.write_bytes(bytes(changed))
    told = faults(world)
    path.write_bytes(data)
    where = next(one["where"] for one in told["faults"] if one["class"] == "record.altered")
    assert where == {"segment": segment["id"], "byte": record["position"], "subject": ids.subject_text(record["subject"]),
                     "record": record["record"]}  # fmt: skip


def test_what_is_missing_or_too_much_is_named(world: World):
    """A segment that is gone, a file that is no one's, a row without a subject, a key without record, a record without key."""
    segment = rows(world, "segment")[0]
    path = world.home / segment["file"]
    away = path.with_name("away")
    path.rename(away)
    assert classes(world) >= {"segment.missing"}
    away.rename(path)
    (path.parent / "x.seg").write_bytes(b"x")
    told = faults(world)
    assert (told["ok"], told["counts"]) == (True, {"file.stray": 1})
    (path.parent / "x.seg").unlink()
    record = rows(world, "record")[0]
    where = {name: record[name] for name in ("vault", "subject", "record")}
    with world.desk.store.write() as tx:
        tx.drop("record", **where)
    assert classes(world) == {"key.no-record", "record.unnamed"}
    _put(world, "record", where, {**record, "subject": b"s" * 16}, there=False)
    assert classes(world) >= {"record.orphan", "record.no-key"}
    _put(world, "record", {**where, "subject": b"s" * 16}, record)
    assert faults(world)["ok"] is True


def test_a_root_that_is_gone_is_named(world: World):
    """Without its root a vault opens nothing, and the check says which generation's root it is."""
    kept = dict(world.provider._roots)
    world.provider.lose(f"{world.vault}-1")
    told = faults(world)
    world.provider._roots.update(kept)
    assert (told["ok"], told["root"]) == (False, "gone")
    assert told["faults"][0] == {"class": "root", "where": {"generation": 1, "state": "gone"}}


def test_an_erased_key_that_was_put_back_is_named(world: World):
    """A whole older state of pages and head, put back beside newer rows, is told by the erasure that it undoes."""
    with world.desk.store.read() as tx:
        pages, vault = [dict(row) for row in tx.find("page")], dict(tx.find("vault")[0])
        subject = next(dict(row) for row in tx.find("subject", state="live"))
    erase(world.desk, [ids.subject_text(subject["id"])], NAME)
    with world.desk.store.write() as tx:
        tx.drop("page", vault=world.vault)
        tx.add("page", pages)
        tx.change("vault", {"keyring": vault["keyring"]}, id=world.vault)
    assert "key.erased" in classes(world)


def classes(world: World) -> set[str]:
    """The classes of fault that the check finds."""
    return set(faults(world)["counts"])


def _put(world: World, table: str, where: dict, row: dict, *, there: bool = True) -> None:
    with world.desk.store.write() as tx:
        if there:
            tx.drop(table, **where)
        tx.add(table, [row])
