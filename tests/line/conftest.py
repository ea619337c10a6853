"""One rehearsal of the whole line on a small company, shared by the tests that look at what it left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def custody(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> tuple[int, dict]:
    """Run one command in a process of its own; (exit code, what it printed)."""
    call = [sys.executable, "-m", "custody", *map(str, words), "--json"]
    path = {"PYTHONPATH": str(ROOT / "src"), **(env or {})}
    done = subprocess.run(call, capture_output=True, text=True, cwd=cwd, env={**os.environ, **path}, check=False)
    return done.returncode, json.loads(done.stdout or "{}")


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of a finished rehearsal of 240 customers."""
    where = tmp_path_factory.mktemp(f"line-{worker_id}") / "demo"
    code, out = custody("demo", where, "--customers", 240)
    assert code == 0, out
    return where


@pytest.fixture(scope="session")
def summary(played: Path) -> dict:
    """Its summary."""
    return json.loads((played / "summary.json").read_text(encoding="utf-8"))
