"""A4: shares that were given before the holders changed, or that are none, keep nobody from opening a vault (spec/vault.md §23)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import escrow
from custody.acts.adding import Newcomer, add_people
from custody.acts.vaults import open_keyring
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.services.recovery_open import recovery_open
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

KEYS = {name: HolderKey.generate() for name in "abcd"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault with somebody in it, an escrow store, and three holders, of whom two open."""
    (tmp_path / "world" / "escrow").mkdir(parents=True)
    made = World(tmp_path / "world")
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(0, ["word"]))])])
    hold(made, "abc")
    yield made
    made.close()


def hold(world: World, names: str) -> None:
    """These are the holders from now on, of the same generation."""
    with world.desk.store.write() as tx:
        for table in ("holder", "threshold"):
            tx.drop(table, party=world.party)
        tx.add(
            "holder", [{"party": world.party, "handle": name, "public": KEYS[name].public, "at": ""} for name in names]
        )
        tx.add("threshold", [{"party": world.party, "k": 2}])
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
    assert escrow.deposit(world.desk, world.vault, ring.key, ring.generation) == 1


def give(world: World, name: str) -> None:
    """One holder gives their share to b."""
    _, share = escrow.own_share(world.desk.outside.escrow, world.vault, 1, KEYS[name])
    with world.desk.store.read() as tx:
        (row,) = tx.find("holder", handle="b")
    escrow.give(world.desk, world.vault, share, row)


def opened(world: World) -> Mapping[str, Json]:
    """What b, who collects, opens."""
    desk = replace(world.desk, principal=replace(world.desk.principal, handle="b"))
    return recovery_open(desk, KEYS["b"], NAME, dry_run=True)


def given(world: World) -> list[Path]:
    """What lies in the home for b."""
    return sorted((world.home / "recovery").rglob("*.share"))


def test_a_new_deposit_removes_what_was_given_before(world: World):
    """The same generation, other holders: the share of before is of no use and is gone; the new ones open."""
    give(world, "a")
    assert opened(world)["shares"] == [1, 2]
    hold(world, "bcd")
    assert given(world) == []
    with pytest.raises(Missing) as refused:
        opened(world)
    assert refused.value.slug == "shares.few"
    give(world, "d")
    assert (opened(world)["shares"], opened(world)["passed_over"]) == ([1, 3], [])


def test_what_does_not_fit_is_passed_over_and_named(world: World):
    """A share of a former set put back, in the place of the collector's own too, and bytes that are no share."""
    give(world, "a")
    give(world, "c")
    former = {path: path.read_bytes() for path in given(world)}
    hold(world, "bcd")
    for path, data in former.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (given(world)[0].parent / "x.share").write_bytes(b"no share")
    (given(world)[0].parent / "300.share").write_bytes(b"no share")
    with pytest.raises(Missing):
        opened(world)
    give(world, "c")
    found = opened(world)
    passed_over = [re.sub("-[0-9a-f]{8}", "", name) for name in found["passed_over"]]
    assert (found["opens"], found["shares"], passed_over) == (
        True,
        [1, 2],
        ["1.share", "3.share", "300.share", "x.share"],
    )
