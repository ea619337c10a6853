"""A5, C7: a buyer that loses its home between receiving and re-sealing restores it, and goes on: what needs a new key has one, and the re-seal ends."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from custody.base import ids
from tests.line.conftest import act

DEAL = "D-2026-0001"


@pytest.fixture
def received(played: Path, tmp_path: Path) -> Path:
    """A copy of the rehearsal whose buyer is at the moment before its re-seal."""
    where = Path(shutil.copytree(played, tmp_path / "demo"))
    shutil.rmtree(where / "buyer")
    shutil.copytree(where / "buyer-received", where / "buyer")
    return where


def people(where: Path) -> list[str]:
    """Customers that the buyer has."""
    store = sqlite3.connect(where / "buyer" / "core.db")
    found = store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live' ORDER BY id").fetchall()
    store.close()
    return [ids.subject_text(one) for (one,) in found]


def lost(where: Path) -> None:
    """The disk of the buyer goes, its provider and mirror stay."""
    shutil.rmtree(where / "buyer" / "vaults")
    for left in (where / "buyer").glob("core.db*"):
        left.unlink()


def test_a5_a_received_vault_that_was_restored_takes_what_needs_a_new_key(received: Path):
    """Before the loss and after it: a hold, whose paper is sealed under a key of that person's own; the re-seal ends, the check is clean."""
    first, second, third, *_ = people(received)
    fanyuan, yeqing = (received, "buyer", "fanyuan"), (received, "buyer", "yeqing")
    assert act(*yeqing, "hold", "add", first, "--reason", "dispute.14")[0] == 0
    code, out = act(*fanyuan, "backup", "--to", received / "backups")
    assert code == 0, out
    assert act(*yeqing, "hold", "add", second, "--reason", "dispute.15")[0] == 0
    lost(received)
    code, out = act(*fanyuan, "restore", received / "backups")
    assert code == 0, out
    code, out = act(*yeqing, "hold", "add", third, "--reason", "dispute.16")
    assert code == 0, out
    code, out = act(*yeqing, "hold", "list")
    assert {one["subject"]: one["reason"] for one in out["holds"]} == {
        first: "dispute.14",
        second: "dispute.15",
        third: "dispute.16",
    }
    code, out = act(*fanyuan, "vault", "check")
    assert (code, out["faults"]) == (0, []), out["faults"]
    assert act(*fanyuan, "reseal", DEAL, "--at", received / "handover")[0] == 0
    code, out = act(*fanyuan, "vault", "check")
    assert (code, out["faults"]) == (0, []), out["faults"]
    assert {one["subject"] for one in act(*yeqing, "hold", "list")[1]["holds"]} == {first, second, third}
    assert act(*yeqing, "erase", second)[1]["error"]["slug"] == "vault.held"


def test_a5_a_hold_that_was_let_go_after_the_backup_stays_let_go(received: Path):
    """Set and released since the backup, under a key that went with the store; one that was set again stands without an end, and the report says so."""
    first, second, *_ = people(received)
    fanyuan, yeqing = (received, "buyer", "fanyuan"), (received, "buyer", "yeqing")
    assert act(*fanyuan, "backup", "--to", received / "backups")[0] == 0
    for what in (("add", first), ("release", first), ("add", second), ("release", second)):
        assert act(*yeqing, "hold", *what, "--reason", "dispute.14")[0] == 0
    assert act(*yeqing, "hold", "add", second, "--reason", "dispute.14", "--until", "2031-12-31")[0] == 0
    lost(received)
    code, out = act(*fanyuan, "restore", received / "backups")
    assert (code, out["holds_without_end"]) == (0, 1)
    held = act(*yeqing, "hold", "list")[1]["holds"]
    assert held == [{"subject": second, "reason": "dispute.14", "until": "", "mine": True}]
