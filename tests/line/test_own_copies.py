"""C9, A6: before the keys go, every copy in the seller's own hands is gone or stays for a reason; the second person agrees to exactly that (spec/copies.md §2b)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.base.errors import Malformed
from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from tests.line.conftest import act
from tests.vault.histories.world import World

DEAL = "D-2026-0001"


@pytest.fixture
def before(played: Path, tmp_path: Path) -> Path:
    """The seller as it was before the destruction, with a paper on the list."""
    where = Path(shutil.copytree(played, tmp_path / "demo"))
    shutil.rmtree(where / "seller")
    (where / "seller-backup").rename(where / "seller")
    (where / "handover" / "destroyed.dsse.json").unlink()
    assert act(where, "seller", "limo", "copy", "declare", "客户登记簿", "--kind", "paper", "--keeper", "仓库")[0] == 0
    return where


def destroy(where: Path, *words: str) -> tuple[int, dict]:
    return act(where, "seller", "zhouning", "destroy", DEAL, "--at", where / "handover", *words)


def account(where: Path, name: str, *words: str) -> None:
    code, out = act(where, "seller", "zhouning", "copy", "account", name, "--state", *words)
    assert code == 0, out


def approve(where: Path) -> None:
    code, dry = destroy(where, "--dry-run")
    assert code == 0, dry
    assert act(where, "seller", "suhe", "approve", *dry["would"]["approve"])[0] == 0


def test_c9_nothing_is_destroyed_or_approved_over_a_copy_in_ones_own_hands(before: Path):
    """The rehearsal lists it and offers nothing to approve, the act refuses; a source is not asked; once the paper is gone the deal ends, and says by whom."""
    code, dry = destroy(before, "--dry-run")
    assert (code, dry["would"]["copies"], "approve" in dry["would"]) == (0, ["客户登记簿"], False)
    code, out = destroy(before)
    assert (code, out["error"]["slug"]) == (1, "destroy.copies")
    assert "客户登记簿" in out["error"]["message"]
    account(before, "客户登记簿", "destroyed")
    approve(before)
    code, out = destroy(before)
    assert code == 0, out
    said = {one["name"]: one for one in out["certificate"]["attested"]}
    assert said["客户登记簿"]["state"] == "destroyed"
    assert said["客户登记簿"]["by"].startswith("prn_")
    assert {one["kind"] for one in said.values() if one["state"] == "open"} == {"source"}


def test_c9_what_stays_is_approved_with_its_reason_and_certified_with_it(before: Path):
    """An approval given while the paper was to be gone does not carry one that stays; approved anew, the certificate says why, and verifies."""
    account(before, "客户登记簿", "destroyed")
    approve(before)
    account(before, "客户登记簿", "stays", "--why", "claim")
    code, out = destroy(before)
    assert (code, out["error"]["slug"]) == (1, "act.unapproved")
    approve(before)
    code, out = destroy(before)
    assert code == 0, out
    said = {one["name"]: one for one in out["certificate"]["attested"]}["客户登记簿"]
    assert (said["state"], said["why"]) == ("stays", "claim")
    cards = [word for half in ("seller", "buyer") for word in ("--trust", before / "handover" / "cards" / f"{half}.json")]  # fmt: skip
    code, verified = act(before, "seller", "suhe", "verify", before / "handover" / "destroyed.dsse.json", *cards)
    assert (code, verified["ok"]) == (0, True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault with a paper on its list."""
    made = World(tmp_path / "world")
    copy_declare(made.desk, None, "ledger book", "paper")
    yield made
    made.close()


@pytest.mark.parametrize(("state", "why"), [("stays", ""), ("stays", "because"), ("destroyed", "claim")])
def test_c9_what_stays_and_nothing_else_has_a_reason(world: World, state: str, why: str):
    """None, one that nobody defined, or one for what is gone: nothing is written."""
    with pytest.raises(Malformed) as refused:
        copy_account(world.desk, None, "ledger book", state, why=why)
    assert refused.value.slug == "copy.why"
    with world.desk.store.read() as tx:
        (row,) = [one for one in tx.find("copy") if one["name"] == "ledger book"]
    assert row["account"] == b""
