"""G2: records of one person and compartment share a key, so only header and location together say which one it is (spec/vault.md §4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.acts.revising import revise_record
from custody.base.errors import Broken
from custody.services.vault_check import vault_check
from custody.vault.payload import pack, unpack
from tests.vault.histories.world import NAME, World

LIES = ("segment", "position", "length")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One person with two records under one key, the first of which was corrected."""
    made = World(tmp_path)
    (who,) = add_people(
        made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(0, ["one"])), (1, 1, pack(1, ["two"]))])]
    )
    revise_record(made.desk, made.vault, who, 1, lambda row, _: pack(row["row"], ["right"]), "typo")
    yield made
    made.close()


def read(world: World) -> list[str]:
    with world.desk.store.read() as tx:
        reader = Reader(world.desk, tx, world.vault)
        try:
            return [unpack(reader.open(row))[1][0] for row in tx.find("record", order=("record",), vault=world.vault)]
        finally:
            reader.close()


def turned(world: World, to: str) -> None:
    """The first record's location leads to the second, or to what stood there before."""
    with world.desk.store.write() as tx:
        (other,) = (
            tx.find("record", vault=world.vault, record=2)
            if to == "another"
            else tx.find("revision", vault=world.vault, record=1)
        )
        tx.change("record", {name: other[name] for name in LIES}, vault=world.vault, record=1)


@pytest.mark.parametrize("to", ["another", "older"])
def test_a_location_that_leads_elsewhere_opens_nothing(world: World, to: str):
    """Key and tag are right in both cases: it is refused all the same, and a check names it."""
    assert read(world) == ["right", "two"]
    turned(world, to)
    with pytest.raises(Broken) as refused:
        read(world)
    assert refused.value.slug == "vault.misplaced"
    assert vault_check(world.desk, NAME)["ok"] is False
