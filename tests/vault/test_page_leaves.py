"""G3: an old key page put back in the store is refused when it is opened, whatever is done to the leaf kept beside it (spec/vault.md §8)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.acts.vaults import leaves, open_keyring, save_head
from custody.base import ids
from custody.base.errors import Broken
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

TABLES = ("page", "page_leaf")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two people; the rows of before one of them was erased are in `old`."""
    made = World(tmp_path / "world")
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])), (2, 2, pack(n, [n]))]) for n in range(2)]
    made.subjects = add_people(made.desk, made.vault, people)
    made.old = {table: rows(made, table) for table in TABLES}
    erase(made.desk, [ids.subject_text(made.subjects[0])], NAME)
    yield made
    made.close()


def rows(world: World, table: str) -> list[dict]:
    """Every row."""
    with world.desk.store.read() as tx:
        return [dict(row) for row in tx.find(table, order=("compartment", "page"))]


def put_back(world: World, *tables: str, compartment: int = 1) -> None:
    """As somebody does who can write into the store: rows of before, of one compartment."""
    with world.desk.store.write() as tx:
        for table in tables:
            for row in world.old[table]:
                where = {name: row[name] for name in ("vault", "compartment", "page")}
                if row["compartment"] == compartment:
                    assert tx.change(table, {name: row[name] for name in row if name not in where}, **where) == 1


def opened(world: World, subject: bytes) -> int:
    """How many records of a subject open."""
    with world.desk.store.read() as tx:
        reader = Reader(world.desk, tx, world.vault, only=[subject])
        found = [reader.open(row) for row in tx.find("record", vault=world.vault, subject=subject)]
        reader.close()
    return len(found)


@pytest.mark.parametrize("tables", [("page",), ("page", "page_leaf"), ("page_leaf",)], ids="+".join)
def test_a_page_put_back_opens_nothing(world: World, tables: tuple[str, ...]):
    """The page without its leaf, with it, or the leaf alone."""
    assert opened(world, world.subjects[1]) == 2
    put_back(world, *tables)
    with pytest.raises(Broken) as refused:
        opened(world, world.subjects[1])
    assert refused.value.slug == "vault.rolled-back"


@pytest.mark.parametrize("tables", [("page",), ("page", "page_leaf")], ids="+".join)
def test_no_writer_takes_a_page_put_back_into_its_head(world: World, tables: tuple[str, ...]):
    """An erasure of somebody who has a key there, and a rotation, stop before they change anything; the check names it."""
    put_back(world, *tables)
    before = {table: rows(world, table) for table in TABLES}
    for act in (
        lambda: erase(world.desk, [ids.subject_text(world.subjects[1])], NAME),
        lambda: rekey(world.desk, NAME),
    ):
        with pytest.raises(Broken) as refused:
            act()
        assert refused.value.slug == "vault.rolled-back"
    assert {table: rows(world, table) for table in TABLES} == before
    assert "head" in {one["class"] for one in vault_check(world.desk, NAME)["faults"]}


def test_other_leaves_than_were_checked_stop_a_writer(world: World):
    """A leaf that changes between the look and the new head is not taken over."""
    with world.desk.store.write() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
        tx.change("page_leaf", {"leaf": bytes(32)}, vault=world.vault, compartment=1)
        with pytest.raises(Broken) as refused:
            save_head(tx, ring)
    assert refused.value.slug == "vault.rolled-back"


def test_a_store_of_before_has_no_leaves_and_opens(world: World):
    """Where none is kept the page is hashed; a rotation keeps them all."""
    with world.desk.store.write() as tx:
        tx.drop("page_leaf", vault=world.vault)
    assert opened(world, world.subjects[1]) == 2
    rekey(world.desk, NAME)
    with world.desk.store.read() as tx:
        kept = {(row["compartment"], row["page"]): row["leaf"] for row in tx.find("page_leaf")}
        assert kept == leaves(tx, world.vault)
    assert opened(world, world.subjects[1]) == 2
    assert vault_check(world.desk, NAME)["ok"] is True
