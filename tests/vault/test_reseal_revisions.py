"""A15, G7: a re-seal at the buyer destroys nothing: what stood in a record before a correction is sealed anew with it (spec/vault.md §12, §22)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.reading import Reader
from custody.acts.revising import revise_record
from custody.base import ids
from custody.ports.store import Row
from custody.services.hold import hold_add
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.vault.payload import pack, unpack
from tests.vault.arriving_deal import DEAL, NAME, Arriving, who


@pytest.fixture
def deal(tmp_path: Path) -> Iterator[Arriving]:
    """Four customers at the buyer, of whom one is held; of two records something was corrected, of one twice."""
    made = Arriving(tmp_path, 4).ship().release(1, lambda _: True)
    made.receive()
    desk, vault = made.world.desk, at_buyer(made)
    hold_add(desk, ids.subject_text(who(2)), "dispute.1", "", NAME)
    for number, word in ((2, "right"), (2, "better"), (3, "right")):
        revise_record(desk, vault, who(number), 1, lambda row, _, word=word: pack(row["row"], [word]), "typo")
    yield made
    made.world.close()


def at_buyer(deal: Arriving) -> str:
    """The buyer's vault."""
    with deal.world.desk.store.read() as tx:
        return str(tx.find("vault", name=NAME)[0]["id"])


def earlier(deal: Arriving) -> list[tuple[object, ...]]:
    """(whose, record, revision, who changed it, why, when, what it said) of each earlier revision."""
    vault = at_buyer(deal)
    with deal.world.desk.store.read() as tx, Reader(deal.world.desk, tx, vault) as reader:
        rows = tx.find("revision", order=("subject", "record", "revision"), vault=vault)
        return [(*(row[name] for name in ("subject", "record", "revision", "principal", "reason", "at")),
                 unpack(reader.open({**now(tx, vault, row), **row}))[1][0]) for row in rows]  # fmt: skip


def now(tx, vault: str, row: Row) -> Row:
    """The record that this was."""
    return tx.find("record", vault=vault, subject=row["subject"], record=row["record"])[0]


def test_what_was_there_before_a_correction_outlives_the_reseal(deal: Arriving):
    """Of who is held and of everybody else, with who, why and when; the check agrees and misses one that goes later."""
    before = earlier(deal)
    assert sorted(one[-1] for one in before) == ["right", "x" * 200, "x" * 200]
    reseal(deal.world.desk, DEAL, deal.files)
    assert earlier(deal) == before
    vault = at_buyer(deal)
    with deal.world.desk.store.read() as tx:
        assert {row["origin"] for row in tx.find("segment", vault=vault)} == {vault}
    assert vault_check(deal.world.desk, NAME)["ok"] is True
    with deal.world.desk.store.write() as tx:
        tx.drop("revision", vault=vault, subject=who(2), record=1, revision=2)
    assert vault_check(deal.world.desk, NAME)["counts"]["revision.missing"] == 1
