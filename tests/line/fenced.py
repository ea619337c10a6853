"""Ask one thing of a fenced process."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def ask(forbidden: Path, words: list[str]) -> dict:
    """Run one command in a `custody batch` that may not open `forbidden`."""
    call = [sys.executable, "-m", "custody", "batch", "--forbid", str(forbidden)]
    done = subprocess.run(
        call, input=json.dumps(words) + "\n", capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[0])
