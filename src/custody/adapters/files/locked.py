"""Wait for a file's lock, which every process of the host honours and the kernel lets go of when its holder dies."""

import fcntl
import time
from typing import Final

_WAIT_SECONDS: Final = 30
_EVERY: Final = 0.02


def locked(descriptor: int, *, write: bool) -> None:
    """Lock an open file until it is closed: for one writer, or for readers side by side. Raises TimeoutError after 30 s."""
    until, how = time.monotonic() + _WAIT_SECONDS, fcntl.LOCK_EX if write else fcntl.LOCK_SH
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError("somebody else holds the file") from None
            time.sleep(_EVERY)
        else:
            return
