"""One console a home: whoever serves it holds a file's lock, which the kernel lets go of when the last of its processes dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

_LOCK: Final = "console.lock"
_WAIT_SECONDS: Final = 10
_EVERY: Final = 0.1


def served(home: Path) -> int | None:
    """Hold the home for as long as the returned descriptor is open, here or in a process forked from here.

    None when another console does, and still does after 10 s: one that is just being stopped is waited for.
    """
    home.mkdir(parents=True, exist_ok=True)
    descriptor, until = (
        os.open(home / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600),
        time.monotonic() + _WAIT_SECONDS,
    )
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                return None
            time.sleep(_EVERY)
        else:
            return descriptor
