"""The two commands, and whatever else the pages tell a person to type."""

import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]


def tasks() -> dict[str, object]:
    """The tasks that run.py knows."""
    found = SimpleNamespace()
    text = (ROOT / "run.py").read_text(encoding="utf-8")
    exec(compile(text, "run.py", "exec"), {"__name__": "run", "__file__": str(ROOT / "run.py")}, vars(found))
    return found.TASKS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_tells_to_type_exists(page: Path):
    """Every `make TASK` and `run.py TASK` in code on a page is a task."""
    text = page.read_text(encoding="utf-8")
    code = re.findall(r"`([^`\n]+)`", text) + [
        line for block in re.findall(r"```(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    named = {word for line in code for word in re.findall(r"^(?:make|python3 run\.py) ([a-z]+)", line.strip())}
    assert named <= set(tasks())


def test_the_readme_names_the_two_commands():
    """A newcomer finds `make demo` and `make test`, and the way without make."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("make demo", "make test", "python3 run.py demo", "python3 run.py test"):
        assert command in text


def test_make_is_thin_over_run():
    """The Makefile offers exactly the tasks of run.py."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z ]+):$", text, re.MULTILINE)
    assert [set(line.split()) for line in targets] == [set(tasks())]


def test_an_unknown_task_is_refused_before_anything_is_made(tmp_path: Path):
    """run.py with a word it does not know lists the tasks, exits 2 and makes no environment."""
    copy = tmp_path / "run.py"
    copy.write_bytes((ROOT / "run.py").read_bytes())
    done = subprocess.run([sys.executable, copy, "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "demo" in done.stderr
    assert list(tmp_path.iterdir()) == [copy]


def test_the_package_carries_its_data(tmp_path: Path):
    """A built wheel holds every file of the source tree and nothing of the tests."""
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    expected = set()
    for path in sorted((ROOT / "src").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in str(path):
            inner = path.relative_to(ROOT / "src")
            (source / "src" / inner).parent.mkdir(parents=True, exist_ok=True)
            (source / "src" / inner).write_bytes(path.read_bytes())
            expected.add(inner.as_posix())
    subprocess.run([*words, "--wheel-dir", tmp_path / "out", source], check=True, capture_output=True)
    (wheel,) = (tmp_path / "out").glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


def test_tests_reach_this_host_only():
    """A connection to any other host is refused before a packet leaves."""
    with pytest.raises(SocketConnectBlockedError), pytest.warns(UserWarning, match="allowed:"):
        socket.create_connection(("192.0.2.1", 9), timeout=1)
