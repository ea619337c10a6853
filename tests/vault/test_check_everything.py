"""A5: for every table and file of a home, one thing flipped, taken away or added is named by `vault check`, or is listed as not held (docs/threat-model.md)."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.acts.revising import revise_record
from custody.adapters.stores.schema import METADATA
from custody.base import ids
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World
from tests.vault.sealing import company, mapped, sealed
from tests.vault.test_vault_check import _put, flipped

SEED = 20260316
SECOND = "second"
HELD = {
    "compartment": ("number", "tier", "purposes", "retention", "child_of"),
    "entry_about": ("topic", "whom", "position", "kind"),
    "erasure": ("compartment", "page", "slot", "key_id", "generation", "final_at"),
    "hold": ("subject", "reason", "until"),
    "ledger_entry": ("position", "entry", "hash"),
    "ledger_head": ("size", "frontier", "last_at"),
    "opening": ("position", "salt", "detail"),
    "page": ("compartment", "page", "version", "used", "sealed", "wrap", "wrap_g", "members"),
    "page_leaf": ("compartment", "page", "leaf"),
    "quarantine": ("number", "tbl", "file", "line", "row", "reason", "detail"),
    "record": ("subject", "record", "compartment", "schema", "revision", "row", "segment", "position", "length"),
    "revision": ("subject", "record", "revision", "segment", "position", "length", "principal", "reason", "at"),
    "schema": ("number", "tbl", "compartment", "columns"),
    "segment": ("id", "origin", "file", "bytes", "records", "sha256"),
    "statement": ("kind", "n", "sha256", "envelope", "position"),
    "subject": ("id", "slots"),
    "tally": ("tbl", "role", "kind", "met", "sealed", "quarantined", "source", "sha256", "columns"),
    "vault": ("region", "generation", "keyring", "datamap"),
}
"""{table: the columns of which any changed bit is found}."""
OF = {"compartment": SECOND, "quarantine": SECOND, "schema": SECOND, "tally": SECOND, "vault": SECOND}
"""The vault whose check is asked, where it is not the first: these are committed to by the entry of a sealing."""
ALONE = frozenset(("ledger_head", "vault"))
"""Of which a row more is another party's, or another vault; a vault without its row is not there to be asked, and a leaf is made again from its page."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two vaults: one with erasures final and not, corrections and holds; one sealed from files, with lines set aside."""
    made = World(tmp_path_factory.mktemp("everything"))
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])), (2, 2, pack(n, [n]))]) for n in range(6)]
    who = add_people(made.desk, made.vault, people)
    for place in (0, 1):
        erase(made.desk, [ids.subject_text(who[place])], NAME)
        if not place:
            rekey(made.desk, NAME)
    for word in ("right", "better"):
        revise_record(made.desk, made.vault, who[2], 1, lambda row, _, word=word: pack(row["row"], [word]), "typo")
    for place in (3, 4):
        hold_add(made.desk, ids.subject_text(who[place]), "dispute.1", "2027-01-01", NAME)
    hold_release(made.desk, ids.subject_text(who[4]), "dispute.1", NAME)
    shared = [Newcomer("joint", [(1, 1, pack(7, ["both"]))], members=[who[2], who[place]]) for place in (3, 4)]
    add_people(made.desk, made.vault, [*shared, Newcomer("quarantine", [(1, 1, pack(8, ["aside"]))])])
    files = company(tmp_path_factory.mktemp("files") / "company", 6)
    sealed(made, files, mapped(made, files))
    catch_up(made.desk)
    yield made
    made.close()


def told(world: World, table: str) -> dict:
    """What the check of the vault that this table is of says."""
    return dict(vault_check(world.desk, OF.get(table, NAME)))


def rows(world: World, table: str) -> list[dict]:
    """Its rows, of the vault that is asked."""
    with world.desk.store.read() as tx:
        name = tx.find("vault", name=OF.get(table, NAME))[0]["id"]
        found = [dict(row) for row in tx.find(table)]
    mine = [row for row in found if row.get("id" if table == "vault" else "vault", name) == name]
    return [row for row in mine if table != "subject" or row["state"] == "live"]


def test_an_untouched_home_agrees(world: World):
    """Both vaults, and whatever was entered is held against something; the first was begun by an entry of before there was a commitment, which speaks of no shared row."""
    first, second = vault_check(world.desk, NAME), vault_check(world.desk, SECOND)
    assert (first["ok"], first["faults"], first["not_held"]) == (True, [], ["aside", "joint"])
    assert (second["ok"], second["faults"], second["not_held"]) == (True, [], [])


@pytest.mark.parametrize("table", HELD)
def test_a_changed_bit_of_any_column_is_found(world: World, table: str):
    """In a seeded row, of each column that is held against something."""
    dice = random.Random(f"{SEED}-{table}")
    keys = [column.name for column in METADATA.tables[table].primary_key]
    for column in HELD[table]:
        there = [{name: one[name] for name in keys} for one in rows(world, table)]
        row = dice.choice([one for one in rows(world, table) if one[column] not in ("", b"")] or rows(world, table))
        changed = row
        while changed == row or (column in keys and {name: changed[name] for name in keys} in there):
            changed = {**row, column: flipped(row[column] if row[column] not in ("", b"") else "x", dice)}
        where, after = ({name: one[name] for name in keys} for one in (row, changed))
        _put(world, table, where, changed)
        try:
            found = told(world, table)
        finally:
            _put(world, table, after, row)
        assert found["ok"] is False, (column, row[column], changed[column])
        assert found["faults"]
    assert told(world, table)["ok"] is True


@pytest.mark.parametrize("table", sorted(set(HELD) - {"vault", "page_leaf"}))
def test_a_row_taken_away_is_found(world: World, table: str):
    """Whichever it is."""
    keys = [column.name for column in METADATA.tables[table].primary_key]
    row = random.Random(f"{SEED}-{table}-gone").choice(rows(world, table))
    with world.desk.store.write() as tx:
        tx.drop(table, **{name: row[name] for name in keys})
    found = told(world, table)
    with world.desk.store.write() as tx:
        tx.add(table, [row])
    assert found["counts"], row
    assert found["ok"] is False


@pytest.mark.parametrize("table", sorted(set(HELD) - ALONE))
def test_a_row_too_many_is_found(world: World, table: str):
    """A copy of one under another key."""
    dice = random.Random(f"{SEED}-{table}-more")
    keys = [column.name for column in METADATA.tables[table].primary_key if column.name not in ("vault", "space")]
    row = dice.choice(rows(world, table))
    number = max(one[keys[-1]] for one in rows(world, table))
    more = {**row, keys[-1]: number + 1 if isinstance(number, int) else _other(row[keys[-1]])}
    with world.desk.store.write() as tx:
        tx.add(table, [more])
    found = told(world, table)
    with world.desk.store.write() as tx:
        tx.drop(table, **{column.name: more[column.name] for column in METADATA.tables[table].primary_key})
    assert found["ok"] is False, more
    assert told(world, table)["ok"] is True


@pytest.mark.parametrize("vault", [NAME, SECOND])
def test_whose_a_shared_row_is_and_what_was_set_aside_is_held(world: World, vault: str):
    """Members that are swapped or taken away, a kind that is another, and a layout of a vault that was filled person by person: each is told."""
    with world.desk.store.read() as tx:
        name = tx.find("vault", name=vault)[0]["id"]
        every = tx.find("subject", order=("id",), vault=name)
        schemas = tx.find("schema", order=("number",), vault=name)
    joint, columns = [row for row in every if row["kind"] == "joint"], [row["columns"] for row in schemas]
    aside = next(row for row in every if row["kind"] == "quarantine")
    person = next(row for row in every if row["kind"] == "customer" and row["state"] == "live")
    swapped = [
        ("subject", {**aside, "kind": "customer"}),
        ("schema", {**schemas[0], "columns": next(told for told in columns if told != schemas[0]["columns"])}),
    ]
    if vault == SECOND:  # committed to as a whole, so nobody else can be made one
        swapped += [("subject", {**person, "kind": kind}) for kind in ("joint", "quarantine")]
    else:
        one, other = joint
        swapped += [("subject", {**one, **changed}) for changed in
                    ({"members": other["members"]}, {"members": b""}, {"kind": "customer"})]  # fmt: skip
    for table, row in swapped:
        keys = {column.name: row[column.name] for column in METADATA.tables[table].primary_key}
        with world.desk.store.write() as tx:
            before = tx.find(table, **keys)[0]
            tx.change(table, {column: row[column] for column in row if column not in keys}, **keys)
        found = vault_check(world.desk, vault)
        with world.desk.store.write() as tx:
            tx.change(table, {column: before[column] for column in row if column not in keys}, **keys)
        assert (found["ok"], "layout" in found["counts"]) == (False, True), row
    assert vault_check(world.desk, vault)["ok"] is True


def _other(value: str | bytes) -> object:
    return value + "x" if isinstance(value, str) else bytes(reversed(value))


def test_a_changed_byte_of_the_mirror_is_found(world: World):
    """Anywhere but in its last frame, which is taken for one that a crash tore, cut off and written again."""
    (path,) = (world.root / "mirror").glob("*.journal")
    data, dice = path.read_bytes(), random.Random(SEED)
    last = int.from_bytes(data[-4:]) + 24
    for place in (*(dice.randrange(len(data) - last) for _ in range(8)), len(data) - dice.randrange(last) - 1):
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        found = told(world, "mirror")
        if place < len(data) - last:
            assert "mirror" in found["counts"], place
            path.write_bytes(data)
        else:
            assert found["ok"] is True
    assert told(world, "mirror")["ok"] is True


def test_what_is_held_against_nothing_is_listed():
    """Every table is held, or stands in the list of those that are not, with its reason."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "threat-model.md").read_text(encoding="utf-8")
    listed = text.partition("<!-- not held -->")[2].partition("<!-- end -->")[0]
    assert {name for name in METADATA.tables if f"`{name}`" not in listed} == set(HELD)
