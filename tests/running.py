"""Commands of ours that serve: started on a port of their own, waited for, stopped by their own process id."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

PATIENCE = 180  # seconds: a busy host is not a fault
_HELD: list[socket.socket] = []
"""Ports given out in this run: bound and never listened on, so that nobody else is given one of them."""


def port() -> int:
    """A port that nobody listens on, and that no other process of this host is given before its server is there."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    number = int(held.getsockname()[1])
    if sys.platform == "linux":  # elsewhere a server could not bind beside it
        _HELD.append(held)
    else:
        held.close()
    return number


@contextmanager
def running(*words: object, env: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """`custody WORDS --bind …` until it answers; (its address, the first line it said)."""
    bind = f"127.0.0.1:{port()}"
    call = [sys.executable, "-m", "custody", *map(str, words), "--bind", bind]
    said = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(call, env={**os.environ, **(env or {})}, start_new_session=True, **said) as process:
        assert process.stderr is not None
        # What it says afterwards stands with the test that failed; a full pipe would stop it.
        listener = threading.Thread(target=_listen, args=(process.stderr,), daemon=True)
        try:
            first = process.stderr.readline()
            listener.start()
            answers(process, f"http://{bind}/ready")
            yield f"http://{bind}", first
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)
            listener.join(PATIENCE)


def answers(process: subprocess.Popen[str], address: str) -> None:
    """Wait until somebody does at this address."""
    late = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < late:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nobody answers at {address}")


def _listen(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stderr.write(line)
