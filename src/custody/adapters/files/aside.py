"""Folders for what must lie in clear on this host while a process reads it (spec/sources.md §6).

A process keeps all of its own in one, held by a lock that its death frees: so whoever comes next knows what nobody reads any more, and
takes it away at once, whatever its age. What is still held stays.
"""

import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

PREFIX: Final = "custody-aside-"


@dataclass(slots=True)
class _Own:
    """The folder of this process in another one, and how many of its own are in use."""

    folder: Path
    lock: int
    users: int = 0


_OWN: Final = dict[tuple[int, Path], _Own]()
"""By process too: a fork shares no folder with its parent."""
_ONE: Final = threading.RLock()  # a collector may run what removes one while another is being made


def aside_folder(top: Path) -> tuple[Path, Callable[[], None]]:
    """(a new folder below `top` that its owner alone can read, what removes it). What others left there when they were killed is gone."""
    with _ONE:
        key = os.getpid(), top
        own = _OWN.get(key) or _begun(top)
        _OWN[key] = own
        own.users += 1
        folder = Path(tempfile.mkdtemp(dir=own.folder))
    return folder, partial(_let_go, key, folder)


def sweep_aside(top: Path) -> int:
    """Remove the folders in `top` whose process is gone; how many."""
    gone = 0
    for folder in top.glob(f"{PREFIX}*"):
        lock = _hold(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
            gone += 1
    return gone


def _begun(top: Path) -> _Own:
    top.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep_aside(top)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=top))
        lock = _hold(folder)
        if lock is not None:  # else somebody swept it before it was held
            return _Own(folder, lock)


def _let_go(key: tuple[int, Path], folder: Path) -> None:
    with _ONE:
        shutil.rmtree(folder, ignore_errors=True)
        own = _OWN[key]
        own.users -= 1
        if not own.users:
            shutil.rmtree(own.folder, ignore_errors=True)
            os.close(own.lock)
            del _OWN[key]


def _hold(folder: Path) -> int | None:
    """Its lock; None while another one has it, when it is gone or somebody else's, and where it is no folder."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        told = os.fstat(lock)
        if told.st_uid == os.getuid() and folder.stat().st_ino == told.st_ino:
            return lock
    except OSError:
        pass
    os.close(lock)
    return None
