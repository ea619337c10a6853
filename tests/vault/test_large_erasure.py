"""A8, C7: an erasure, a recall or a list of any size is entered in parts that can be read (spec/vault.md §9)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from custody.acts import erasing, suppressing
from custody.acts.adding import Newcomer, add_people
from custody.acts.evidence import publish
from custody.acts.mirroring import catch_up
from custody.base import canonical, ids
from custody.base.signing import Signer
from custody.package.accounted import Erasures
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.receive import receive
from custody.services.suppress import suppress_add, suppress_check
from custody.services.vault_check import vault_check
from custody.services.verify.logs import shredded
from custody.vault.payload import pack
from tests.vault.arriving_deal import DEAL, Arriving, who
from tests.vault.arriving_deal import NAME as RECEIVED
from tests.vault.histories.world import NAME, World
from tests.vault.second import approve, join

MANY, KEYS, SMALL, PART = 90, 3, 5_000, 50
"""People; keys that each has, of two parts and what is noted about them; bytes of JSON that are read, which all of these do not fit into; slots that do."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Many people, backed up; whatever is read as JSON is small from then on."""
    made = World(tmp_path / "world", lasting=True)
    records = [(1, 1, pack(0, ["x"])), (2, 2, pack(0, ["y"]))]
    add_people(made.desk, made.vault, [Newcomer("customer", records) for _ in range(MANY)])
    catch_up(made.desk)
    backup(made.desk, "a")
    monkeypatch.setattr(canonical, "MAX_BYTES", SMALL)
    for module in (erasing, suppressing):
        monkeypatch.setattr(module, "PART", PART)
    yield made
    made.close()


def everybody(world: World) -> list[str]:
    """By id."""
    with world.desk.store.read() as tx:
        return [ids.subject_text(row["id"]) for row in tx.find("subject", vault=world.vault)]


def entries(world: World, kind: str) -> list[Mapping[str, Any]]:
    """What those of a kind say."""
    with world.desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",), space=world.party)
    return [told["says"] for row in rows if (told := canonical.decode(row["entry"]))["kind"] == kind]


def test_a8_a_large_erasure_is_entered_in_parts_with_one_sum(world: World):
    """Each part says which it is; what the sum says is what a reader of the ledger counts."""
    done = erase(world.desk, everybody(world), NAME)
    assert (done["slots"], done["subjects"]) == (KEYS * MANY, MANY)
    parts, (total,) = entries(world, "erased"), entries(world, "shredded")
    assert [(one["part"], one["act"]) for one in parts] == [(n, total["act"]) for n in range(1, 7)]
    assert (sum(one["slots"] for one in parts), sum(one["subjects"] for one in parts)) == (KEYS * MANY, MANY)
    assert max(one["slots"] for one in parts) <= PART
    with world.desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",), space=world.party)
    ((_, says, counted),) = shredded([row["entry"] for row in rows], [row["hash"] for row in rows])
    assert says == counted == Erasures(6, KEYS * MANY, total["root"])
    assert publish(world.desk.store, world.desk.files, world.desk.signer, world.party).size == len(rows)
    assert vault_check(world.desk, NAME)["ok"]


def test_a8_a_large_erasure_is_replayed(world: World):
    """From a backup of before nobody comes back."""
    erase(world.desk, everybody(world), NAME)
    catch_up(world.desk)
    world.lose()
    assert world.restore("a")["replayed_slots"] == KEYS * MANY
    with world.desk.store.read() as tx:
        assert tx.count("record", vault=world.vault) == 0
        assert {row["state"] for row in tx.find("subject", vault=world.vault)} == {"erased"}
    assert vault_check(world.desk, NAME)["ok"]


def test_a8_an_erasure_that_fits_is_whole_by_itself(world: World):
    """As before: no part and no sum."""
    erase(world.desk, everybody(world)[: PART // KEYS], NAME)
    (one,) = entries(world, "erased")
    assert (one["slots"], "act" in one, entries(world, "shredded")) == (PART // KEYS * KEYS, False, [])


def test_a9_a_large_list_is_put_on_in_parts(world: World):
    """And put back by a restore."""
    values = [f"gone{n}@example.cn" for n in range(PART + 1)]
    suppress_add(world.desk, values, None, "import", "asked.1", None)
    assert sum(one["n"] for one in entries(world, "suppressed")) == len(values)
    assert len(entries(world, "suppressed")) > 1
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    assert all(suppress_check(world.desk, value)["listed"] for value in (values[0], values[-1]))


@pytest.mark.parametrize("slots", [[(1, 3), (2, 3), (1, 0), (2, 0), (2, 1), (2, 2)]])
def test_c7_a_large_recall_is_carried_out_and_what_it_took_may_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slots: list[tuple[int, int]]
):
    """Some whole, some in part; each of its entries names the keys as they came."""
    monkeypatch.setattr(erasing, "PART", 1)
    deal, key = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 4), Signer.generate()
    deal.receive()
    join(deal.world, key)
    deal.call_back(2, slots)
    act, content = receive(deal.world.desk, DEAL, deal.files, RECEIVED, dry_run=True)["would"]["approve"]
    approve(deal.world, key, {"approve": {"act": act, "content": content}})
    assert deal.receive()["slots"] == len(slots)
    assert [(one["reason"], one["slots"]) for one in entries(deal.world, "erased")] == [("recall", 1)] * len(slots)
    assert len(entries(deal.world, "shredded")) == 2
    deal.release(3, lambda _: True)
    assert deal.receive()["erased_here"] == 0
    with deal.world.desk.store.read() as tx:
        vault = str(tx.find("vault", name=RECEIVED)[0]["id"])
        assert [tx.count("record", vault=vault, subject=who(n)) for n in range(6)] == [2] * 6
    assert vault_check(deal.world.desk, RECEIVED)["ok"]
    deal.world.close()
