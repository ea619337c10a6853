"""G7: a hold that is set at the last moment stops an erasure: it is looked up in the transaction that zeroes the slot (spec/vault.md §22)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.acts.erasing import erase_compartments, erase_subjects
from custody.acts.reseal import reseal
from custody.base import ids
from custody.base.errors import CustodyError
from custody.ports.store import Row, Store, Transaction
from custody.services.erase import erase
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World


class HeldLate:
    """A store in which somebody is held from the moment on in which the erasure's transaction begins; whatever was looked up before found no hold."""

    def __init__(self, inner: Store, hold: Row) -> None:
        self._inner, self._hold = inner, hold

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._inner.write() as tx:
            tx.add("hold", [self._hold])
            yield tx

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def _within(act: Callable[[Desk, Transaction, str, bytes], object]) -> Callable[[Desk, str, bytes], None]:
    def run(desk: Desk, vault: str, who: bytes) -> None:
        with desk.store.write() as tx:
            act(desk, tx, vault, who)

    return run


WAYS: dict[str, Callable[[Desk, str, bytes], object]] = {
    "erase": lambda desk, _, who: erase(desk, [ids.subject_text(who)], NAME),
    "part": lambda desk, vault, who: reseal(desk, vault, who, [1], lambda row, old: old if row["record"] == 1 else None, "partial"),
    "subjects": _within(lambda desk, tx, vault, who: erase_subjects(desk, tx, vault, [who], {"reason": "recall"})),
    "compartments": _within(lambda desk, tx, vault, who: erase_compartments(desk, tx, vault, {who: {1}}, {"reason": "recall"})),
}  # fmt: skip
"""What zeroes a slot: by a person's wish, of a part, and as a recall, a destruction and a retention run do it."""


@pytest.mark.parametrize("way", WAYS)
def test_a8_a_hold_of_the_last_moment_stops_what_would_zero_a_slot(way: str, tmp_path: Path):
    """Refused as held, and everything is as it was; without the hold the same act goes through."""
    world = World(tmp_path)
    people = [
        Newcomer(
            "customer", [(1, 1, pack(n, [f"word-{n}"])), (1, 1, pack(n + 9, ["more"])), (2, 2, pack(n, ["other"]))]
        )
        for n in range(2)
    ]
    who, other = add_people(world.desk, world.vault, people)
    hold: Row = {"vault": world.vault, "subject": who, "reason": "dispute.1", "until": ""}
    before = _rows(world)
    with pytest.raises(CustodyError) as refused:
        WAYS[way](replace(world.desk, store=HeldLate(world.desk.store, hold)), world.vault, who)
    assert refused.value.slug == "vault.held"
    assert _rows(world) == before
    WAYS[way](world.desk, world.vault, other)
    assert _rows(world)["erasure"]
    world.close()


def _rows(world: World) -> dict[str, list[Row]]:
    with world.desk.store.read() as tx:
        return {table: tx.find(table) for table in ("page", "subject", "record", "erasure", "hold", "ledger_entry")}
