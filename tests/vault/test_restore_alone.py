"""A8, G25: of two restores of one home the second is refused, and nothing of the last step of the first stays behind in a log (spec/vault.md §21)."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from custody.adapters.served import restoring
from custody.adapters.stores.places import FilePlace
from custody.base.errors import Unavailable

HOLDS = """
import sys
from pathlib import Path
from custody.adapters.served import restoring
with restoring(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""
OPENS = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute(sys.argv[2])
print(store.execute("SELECT count(*) FROM erased").fetchall()[0][0], flush=True)
sys.stdin.readline()
"""


@contextmanager
def process(code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has said that it is there, until the block ends or it is killed."""
    with subprocess.Popen([sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as made:  # fmt: skip
        assert made.stdout is not None
        assert made.stdout.readline().strip()
        try:
            yield made
        finally:
            made.kill()


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Path]:
    """What is being restored: its erasures are committed, and lie in its log alone, for somebody keeps it open."""
    path = tmp_path / "core.db.restoring"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("CREATE TABLE erased (who)")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute("INSERT INTO erased VALUES (1)")
        yield path


def erased(path: Path) -> int:
    with closing(sqlite3.connect(path)) as store:
        return int(store.execute("SELECT count(*) FROM erased").fetchone()[0])


def test_a8_a_second_restore_is_refused_at_once(tmp_path: Path):
    """While another process restores this home; when it has died, however, the name is free."""
    with process(HOLDS, str(tmp_path)):
        with pytest.raises(Unavailable) as refused, restoring(tmp_path):
            pass
        assert refused.value.slug == "restore.busy"
    with restoring(tmp_path):
        pass


def test_g5_whoever_has_it_open_leaves_no_erasure_behind(beside: Path):
    """The store that takes the name holds its last transaction, although somebody else has the file open and its log would have stayed."""
    with process(OPENS, str(beside), "SELECT 1"):
        FilePlace(f"sqlite:///{beside.with_name('core.db')}").take()
        assert erased(beside.with_name("core.db")) == 1


def test_g5_a_store_that_somebody_reads_takes_no_name(beside: Path, monkeypatch: pytest.MonkeyPatch):
    """Its log cannot be gathered while a reader needs it: nothing is renamed, and the next try goes through."""
    monkeypatch.setattr("custody.adapters.stores.places._PATIENCE", 0.2)
    place = FilePlace(f"sqlite:///{beside.with_name('core.db')}")
    with process(OPENS, str(beside), "BEGIN"):
        with closing(sqlite3.connect(beside, isolation_level=None)) as store:
            store.execute("INSERT INTO erased VALUES (2)")
        with pytest.raises(Unavailable) as refused:
            place.take()
        assert refused.value.slug == "restore.busy"
        assert not beside.with_name("core.db").exists()
    place.take()
    assert erased(beside.with_name("core.db")) == 2
