"""A running portal for tests: `custody portal` on the seller's home and a free port, stopped by its own process id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.portal.conftest import PORTAL


@contextmanager
def portal(where: Path) -> Iterator[str]:
    """Start it, wait until it answers, give its address, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    home = where / "seller"
    words = [sys.executable, "-m", "custody", "portal", "--home", str(home), "--bind", bind, "--as", PORTAL]
    words += ["--passphrase-file", str(home / "keys" / "principals" / f"{PORTAL}.pass")]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, start_new_session=True, **quiet) as process:
        try:
            _ready(f"http://{bind}/ready")
            yield f"http://{bind}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _ready(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the portal did not start")
