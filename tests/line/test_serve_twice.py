"""C11: one home has one console; a second is refused clearly, a killed one shuts nobody out, and `custody due` works beside it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.line.conftest import act
from tests.running import PATIENCE, answers, port
from tests.web.serving import serve

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes that are killed by their group")


def serving(home: Path, number: int) -> subprocess.Popen[str]:
    """`custody serve` in a process group of its own."""
    words = [sys.executable, "-m", "custody", "serve", "--json", "--home", str(home), "--bind", f"127.0.0.1:{number}"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)


def test_c11_a_second_console_is_refused_and_a_killed_one_shuts_nobody_out(tmp_path: Path):
    """The first goes on serving and the key of its first page stays; killed, the next one starts at once."""
    home, first = tmp_path / "home", port()
    one = serving(home, first)
    answers(one, f"http://127.0.0.1:{first}/ready")
    key = (home / "keys" / "welcome.key").read_text(encoding="ascii")
    other = serving(home, port())
    said = json.loads(other.communicate(timeout=PATIENCE)[0])
    assert (other.returncode, said["error"]["slug"]) == (3, "console.served")
    assert said["error"]["next"]
    answers(one, f"http://127.0.0.1:{first}/ready")
    assert (home / "keys" / "welcome.key").read_text(encoding="ascii") == key
    os.killpg(one.pid, signal.SIGKILL)
    one.communicate(timeout=PATIENCE)
    with serve(home) as again:
        assert again.base


def test_c11_due_runs_beside_a_console(desk: Path):
    """What is scheduled is done while the console of that home serves; both end well."""
    home = desk / "seller"
    with serve(home) as console:
        code, out = act(desk, "seller", "suhe", "due")
        assert code in {0, 1}, out
        assert [row["task"] for row in out["tasks"] if row["due"] and not row["ran"]] == []
        assert not out["elsewhere"]
        code, out = act(desk, "seller", "suhe", "vault", "check")
        assert (code, out["ok"]) == (0, True), out
        assert console.base
