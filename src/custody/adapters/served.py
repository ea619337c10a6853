"""One console a home, and one restore: whoever works holds a file's lock, which the kernel lets go of when the last of its processes dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from custody.base.errors import Unavailable

_CONSOLE: Final = "console.lock"
_RESTORE: Final = "restore.lock"
_SETTLE: Final = "settle.lock"
_WAIT_SECONDS: Final = 10
_EVERY: Final = 0.1


def served(home: Path) -> int | None:
    """Hold the home for as long as the returned descriptor is open, here or in a process forked from here.

    None when another console does, and still does after 10 s: one that is just being stopped is waited for.
    """
    return _held(home, _CONSOLE, _WAIT_SECONDS)


@contextmanager
def restoring(home: Path) -> Iterator[None]:
    """Hold the home for one restore: two would write what takes the store's name, and neither would know. Raises Unavailable `restore.busy` at once."""
    descriptor = _held(home, _RESTORE, 0)
    if descriptor is None:
        raise restore_busy()
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def settling(home: Path, left: Path) -> Iterator[bool]:
    """Whether `left`, which says that something was left half done, is still there: whoever finishes it is alone, and the second finds nothing to do."""
    if not left.exists():
        yield False
        return
    descriptor = os.open(home / _SETTLE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield left.exists()
    finally:
        os.close(descriptor)


def restore_busy() -> Unavailable:
    """What the second one is told, and whoever would take a store into force that another process still has open."""
    return Unavailable("restore.busy", "Another restore of this home is under way, or a program has its store open.", retry=True,
                       next="Wait until it is done, then run the command again: it goes on where it was.")  # fmt: skip


def _held(home: Path, name: str, seconds: float) -> int | None:
    home.mkdir(parents=True, exist_ok=True)
    descriptor, until = os.open(home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), time.monotonic() + seconds
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
