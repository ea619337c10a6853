"""A5, A8: erase, hold, back up, lose the disk, restore: as a person types it, on the home of a rehearsal."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from custody.base import ids
from tests.line.conftest import act


@pytest.fixture
def home(played: Path, tmp_path: Path) -> Path:
    """A copy of a finished rehearsal."""
    where = tmp_path / "demo"
    shutil.copytree(played, where)
    return where


def customers(where: Path) -> list[str]:
    """Customers that are still at the seller."""
    store = sqlite3.connect(where / "seller" / "core.db")
    found = store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live' ORDER BY id").fetchall()
    store.close()
    return [ids.subject_text(one) for (one,) in found]


def about(where: Path) -> set[tuple[object, ...]]:
    """What each entry of the seller's ledger is about."""
    store = sqlite3.connect(where / "seller" / "core.db")
    found = set(store.execute("SELECT space, topic, whom, position, kind FROM entry_about"))
    store.close()
    return found


def test_a8_a_held_customer_is_not_erased_and_an_erased_one_stays_away(home: Path):
    """Hold refuses; erase answers with a date; after loss and restore the hold stands and the erased stay erased."""
    held, first, second, third, *_ = customers(home)
    suhe, zhouning = ((home, "seller", "suhe"), (home, "seller", "zhouning"))
    assert act(*suhe, "backup", "--to", home / "backups")[0] == 0
    assert act(*zhouning, "hold", "add", held, "--reason", "dispute.14")[0] == 0
    code, out = act(*zhouning, "erase", held, first)
    assert (code, out["error"]["slug"]) == (1, "vault.held")
    assert held not in str(out)
    code, out = act(*zhouning, "erase", held, first, "--skip-held")
    assert (code, out["subjects"], out["skipped_held"]) == (0, 1, [held])
    assert (out["unreadable"], out["mirrored"], out["assurance"]) == (True, True, "file")
    assert out["final_by"] > out["ledger"][:0]
    names = home / "names.txt"
    names.write_text(f"{second}\n{third}\n", encoding="utf-8")
    code, out = act(*zhouning, "erase", "--list", names)
    assert (code, out["subjects"]) == (0, 2)

    before = about(home)
    shutil.rmtree(home / "seller" / "vaults")
    for left in (home / "seller").glob("core.db*"):
        left.unlink()
    code, out = act(*suhe, "restore", home / "backups")
    assert code == 0, out
    assert out["replayed_slots"] > 0
    assert before
    assert before <= about(home)
    (vault,) = out["vaults"].values()
    assert vault["records_without_key_count"] == vault["keys_without_record_count"] == 0
    assert not {first, second, third} & set(customers(home))
    assert held in customers(home)
    code, out = act(*zhouning, "hold", "list")
    assert out["holds"] == [{"subject": held, "reason": "dispute.14", "until": "", "mine": True}]
    assert act(*zhouning, "erase", held)[0] == 1
    code, out = act(*suhe, "rekey")
    assert (code, out["waiting_slots"]) == (0, 0)
    assert act(*zhouning, "hold", "release", held, "--reason", "dispute.14")[0] == 0
    assert act(*zhouning, "erase", held)[0] == 0


def test_a5_a_restore_over_a_store_that_is_there_is_refused(home: Path):
    """Nothing that lives is overwritten by a restore."""
    assert act(home, "seller", "suhe", "backup", "--to", home / "backups")[0] == 0
    code, out = act(home, "seller", "suhe", "restore", home / "backups")
    assert (code, out["error"]["slug"]) == (2, "restore.none")


def test_a5_a_place_that_is_gone_stops_the_rotation_and_can_be_forgotten(home: Path):
    """With a listed place away a rotation stops before it destroys, and says what to do; forgotten by two, it waits for another in its stead."""
    assert act(home, "seller", "suhe", "backup", "--to", home / "backups")[0] == 0
    shutil.rmtree(home / "backups")
    code, out = act(home, "seller", "suhe", "rekey")
    assert (code, out["error"]["slug"]) == (3, "backup.place")
    code, out = act(home, "seller", "suhe", "backup", "--forget", home / "backups")
    assert (code, out["error"]["slug"]) == (1, "act.unapproved")
    shown = act(home, "seller", "suhe", "backup", "--forget", home / "backups", "--dry-run")[1]
    assert act(home, "seller", "zhouning", "approve", *shown["would"]["approve"])[0] == 0
    assert act(home, "seller", "suhe", "backup", "--forget", home / "backups")[0] == 0
    code, out = act(home, "seller", "suhe", "rekey")
    assert (code, out["error"]["slug"]) == (3, "backup.fewer")
    assert act(home, "seller", "suhe", "backup", "--to", home / "others")[0] == 0
    assert act(home, "seller", "suhe", "rekey")[0] == 0


def test_a5_a_mirror_of_another_history_is_refused(home: Path):
    """A mirror that was exchanged, or cut to before the backup, is no ground for a restore."""
    assert act(home, "seller", "suhe", "backup", "--to", home / "backups")[0] == 0
    (journal,) = (home / "seller" / "mirror").iterdir()
    data = journal.read_bytes()
    for left in (home / "seller").glob("core.db*"):
        left.unlink()
    journal.write_bytes(data[: len(data) // 2])
    code, out = act(home, "seller", "suhe", "restore", home / "backups")
    assert code in {1, 2}
    assert out["error"]["slug"] == "restore.behind"
