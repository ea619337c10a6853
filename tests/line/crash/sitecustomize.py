"""Kills this process at its n-th fsync, rename or commit, or counts them; only for the process that is named.

Python imports this file at start-up when its folder is on the path. CRASH_HALF names the half (the folder its command
line forbids is the other's; `each` counts both; `this` is every process), CRASH_AT the n, CRASH_COUNT a file for the count.
"""

import atexit
import os
import signal
import sys
from pathlib import Path

OTHER = {"seller": "buyer", "buyer": "seller"}
half, at, count = (
    os.environ.get("CRASH_HALF", ""),
    int(os.environ.get("CRASH_AT", "0")),
    os.environ.get("CRASH_COUNT", ""),
)
words = sys.orig_argv
mine = next((one for one, other in OTHER.items() if "batch" in words and words[-1].endswith(other)), "")
if half == "this" or (mine and half in {mine, "each"}):
    met = [0]

    def point() -> None:
        met[0] += 1
        if met[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(name: str) -> None:
        real = getattr(os, name)

        def call(*given: object, **named: object) -> object:
            point()
            return real(*given, **named)

        setattr(os, name, call)

    for one in ("fsync", "replace", "rename"):
        wrapped(one)
    from sqlalchemy import Engine, event

    event.listen(Engine, "commit", lambda _connection: point())
    if count:
        atexit.register(
            lambda: Path(f"{count}-{mine}" if half == "each" else count).write_text(str(met[0]), encoding="utf-8")
        )
