"""C11: while one command writes a vault, another one waits, is then refused clearly, and neither loses anything."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from custody.adapters.stores.alone import WAIT_SECONDS
from custody.base import ids
from tests.commands import environment
from tests.line.conftest import act, done
from tests.line.crashes import crashing, evidence

OWNER, LAST = "suhe", 4
"""Who acts; and at how many points before its end a command still holds its vault, and needs but a moment more."""
pytestmark = pytest.mark.skipif(not hasattr(os, "WUNTRACED"), reason="a process that can be stopped")


def begin(where: Path, *words: object, **crash: str) -> subprocess.Popen[str]:
    """A command of the owner in a process of its own."""
    home = where / "seller"
    secret = home / "keys" / "principals" / f"{OWNER}.pass"
    call = [
        sys.executable,
        "-m",
        "custody",
        *words,
        "--json",
        "--home",
        home,
        "--as",
        OWNER,
        "--passphrase-file",
        secret,
    ]
    return subprocess.Popen(
        [str(word) for word in call], env=environment(**crashing(**crash)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> tuple[int, dict]:
    """(exit code, what it printed)."""
    said, _ = process.communicate()
    return process.returncode, json.loads(said or "{}")


@contextmanager
def stopped(where: Path, at: int, *words: object) -> Iterator[subprocess.Popen[str]]:
    """The command, standing still at this of its points."""
    process = begin(where, *words, CRASH_HALF="this", CRASH_HOW="stop", CRASH_AT=str(at))
    assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.communicate()


@contextmanager
def between(where: Path, points: int, *words: object) -> Iterator[subprocess.Popen[str]]:
    """The command, standing still in its midst between two of its transactions: in one, it holds the store as well."""
    for at in range(points // 2, points):
        with stopped(where, at, *words) as process:
            if _free(where / "seller" / "core.db"):
                yield process
                return
    raise AssertionError("It has no moment between two transactions.")


def _free(store: Path) -> bool:
    """Whether nobody is writing into it."""
    with closing(sqlite3.connect(store, timeout=0)) as base:
        try:
            base.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def customer(store: Path) -> str:
    """One of those who are there, whoever it is."""
    with closing(sqlite3.connect(store)) as base:
        (row,) = base.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live' LIMIT 1")
    return ids.subject_text(row[0])


@pytest.fixture
def points(opened: Path, tmp_path: Path) -> int:
    """How many points a change of the root has."""
    where = Path(shutil.copytree(opened, tmp_path / "counted"))
    assert end(begin(where, "rekey", CRASH_HALF="this", CRASH_COUNT=str(tmp_path / "count")))[0] == 0
    return int((tmp_path / "count").read_text(encoding="utf-8"))


def test_c11_a_second_command_waits_then_is_refused_and_nothing_is_lost(desk: Path, points: int):
    """The first stands still in the middle of its work: the second waits ten seconds, is told `vault.busy`, changes nothing; then both are done whole."""
    somebody = customer(desk / "seller" / "core.db")
    records = done(desk, OWNER, "vault", "check")["checked"]["records"]
    with between(desk, points, "rekey") as first:
        before, began = evidence(desk / "seller"), time.monotonic()
        code, out = end(begin(desk, "erase", somebody))
        assert time.monotonic() - began >= WAIT_SECONDS
        assert (code, out["error"]["slug"], out["error"]["retry"]) == (3, "vault.busy", True)
        assert out["error"]["next"]
        assert evidence(desk / "seller") == before
        first.send_signal(signal.SIGCONT)
        code, changed = end(first)
        assert code == 0, changed
    assert done(desk, OWNER, "vault", "check")["checked"]["records"] == records
    gone = done(desk, OWNER, "erase", somebody)["records"]
    assert gone > 0
    checked = done(desk, OWNER, "vault", "check")
    assert (checked["ok"], checked["checked"]["records"]) == (True, records - gone)


def test_c11_a_second_command_comes_in_after_the_first(desk: Path, points: int):
    """Started while the first is all but done, and let in when that is: both did all they were asked."""
    with stopped(desk, points - LAST, "rekey") as first:
        second = begin(desk, "rekey")
        time.sleep(1)
        assert second.poll() is None
        first.send_signal(signal.SIGCONT)
        assert (end(first)[0], end(second)[0]) == (0, 0)
    code, out = act(desk, "seller", OWNER, "vault", "check")
    assert (code, out["ok"], out["generation"]) == (0, True, 3), out
