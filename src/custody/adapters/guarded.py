"""The process that holds keys: no core dump, and on Linux no other process of its user looks into it (spec/vault.md §16).

Best effort: root reads it all the same, and a host whose memory goes to disk keeps what went there.
"""

import ctypes
import sys
from typing import Final

if sys.platform != "win32":
    import resource

_PR_SET_DUMPABLE: Final = 4


def guard() -> None:
    """For this process and those that it starts; asking twice is no fault."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
