"""Who may touch a file that a killed writer may leave torn: one writer or several readers, and word of a writer who died.

Beside the file lies `NAME.lock`, which stays. A writer holds it alone and writes a byte into it before the first change; the
byte goes after the last. Whoever comes next and finds one knows that no writer lives (the kernel let go of the lock), so that
the file counts for nothing any more (ADR 0024 does the same for the store).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from custody.adapters.files.locked import locked


@contextmanager
def held(path: Path, *, write: bool) -> Iterator[None]:
    """Hold `path`, removed before when a writer died over it. Raises TimeoutError when somebody else holds it for 30 s."""
    lock = path.with_name(f"{path.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        locked(descriptor, write=write)
        if os.fstat(descriptor).st_size:
            path.unlink(missing_ok=True)  # safe for readers side by side: whoever is second finds nothing
        if not write:
            yield
            return
        _say(descriptor, begun=True)
        yield
        _say(descriptor, begun=False)  # not in a `finally`: what broke off is torn
    finally:
        os.close(descriptor)


def _say(descriptor: int, *, begun: bool) -> None:
    """Before a change the word is on the disk; after it, the change is: a power cut between the two costs a rebuild."""
    os.ftruncate(descriptor, 0)
    if begun:
        os.pwrite(descriptor, b"!", 0)
        os.fsync(descriptor)
