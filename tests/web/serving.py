"""A running console for tests: `custody serve` on a home and a free port, stopped by its own process id."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Served:
    """A running console."""

    home: Path
    base: str
    first: str


@contextmanager
def serve(home: Path, **settings: str) -> Iterator[Served]:
    """Start it, wait until it answers, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    words = [sys.executable, "-m", "custody", "serve", "--home", str(home), "--bind", bind, "--lang", "en"]
    with subprocess.Popen(
        words,
        env={**os.environ, **settings},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        found = re.search(r"http://[^/]+(/\S*)", process.stderr.readline())
        assert found is not None
        # What the console says afterwards stands with the test that failed; a full pipe would stop it.
        threading.Thread(
            target=lambda lines: [sys.stderr.write(line) for line in lines], args=(process.stderr,), daemon=True
        ).start()
        try:
            _ready(f"http://{bind}/ready")
            yield Served(home, f"http://{bind}", found[1])
        finally:
            os.killpg(process.pid, 15)


def _ready(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the console did not start")
