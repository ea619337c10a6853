"""run.py makes the environment once, leaves it alone while nothing changed, and makes it anew when a lock did."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "small"
version = "1"

[project.scripts]
small = "small:main"

[tool.setuptools]
py-modules = ["small"]
"""


def setup(folder: Path) -> str:
    """What `run.py setup` says; the build back end is lent by this environment, since the small lock is empty."""
    lent = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    words = [sys.executable, folder / "run.py", "setup"]
    done = subprocess.run(words, env=lent, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def test_the_environment_follows_its_locks(tmp_path: Path):
    """A second run keeps it, a changed lock replaces it, and the command works although its path has a space."""
    folder = tmp_path / "a folder"
    (folder / "requirements").mkdir(parents=True)
    (folder / "run.py").write_bytes((ROOT / "run.py").read_bytes())
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "small.py").write_text("def main():\n    print('works')\n", encoding="utf-8")
    for name in ("run", "dev"):
        (folder / "requirements" / f"{name}.txt").write_text("", encoding="utf-8")
    stranger = folder / ".venv" / "left-by-an-older-environment"

    assert "setting up" in setup(folder)
    assert subprocess.check_output([folder / ".venv" / "bin" / "small"], text=True) == "works\n"
    stranger.touch()
    assert setup(folder) == ""
    assert stranger.exists()
    (folder / "requirements" / "dev.txt").write_text("# another lock\n", encoding="utf-8")
    assert "setting up" in setup(folder)
    assert not stranger.exists()
