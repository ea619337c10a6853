"""What the process that holds keys does about its own memory (spec/vault.md §16)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ALLOWED = """
import resource
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
"""
_COMMAND = """
import ctypes, os, resource, sys
from custody.__main__ import main
sys.argv = ["custody", "--help"]
try:
    main()
except SystemExit:
    pass
print("core", resource.getrlimit(resource.RLIMIT_CORE))
if sys.platform == "linux":
    print("dumpable", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
sys.stdout.flush()
os.abort()
"""


def _crashed(code: str, folder: Path) -> tuple[int, str]:
    """Run it where cores are allowed and a crash would leave one; (wait status, what it printed)."""
    words = [sys.executable, "-c", _ALLOWED + code]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status = os.waitpid(process.pid, 0)
        process.returncode = 0
    return status, told


def test_a_crash_leaves_no_core(tmp_path: Path):
    """A command that dies by SIGABRT dumps nothing, and may not raise its limit again."""
    status, told = _crashed(_COMMAND, tmp_path)
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert "core (0, 0)" in told


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such switch")
def test_another_process_of_the_user_may_not_look_in(tmp_path: Path):
    """The kernel says of the process that it is not dumpable, which shuts ptrace and /proc to its user; without the guard it is."""
    _, told = _crashed(_COMMAND, tmp_path)
    assert "dumpable 0" in told
    bare = _crashed(
        _COMMAND.replace("from custody.__main__ import main", "main = sys.exit").replace("os.abort()", ""), tmp_path
    )[1]
    assert "dumpable 1" in bare
