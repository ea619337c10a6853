"""A fence around one half of a rehearsal: this process may open files below its own folders and nowhere in the other's.

The fence is an audit hook, so what the interpreter opens, lists, makes, moves, links, removes or connects to as a database
passes through it, and it cannot be taken down again. It guards against a mistake of ours, not against foreign code:
a library that opens a file by itself does not ask the interpreter.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_WATCHED: Final = frozenset(
    (
        "open",
        "os.rename",
        "os.remove",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.listdir",
        "os.scandir",
        "os.mkdir",
        "sqlite3.connect",
    )
)

_TWO: Final = frozenset(("os.rename", "os.link", "os.symlink"))


def raise_fence(forbidden: Sequence[Path]) -> None:
    """Refuse from now on every path inside the `forbidden` folders."""
    roots = tuple(os.path.realpath(folder) + os.sep for folder in forbidden)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _WATCHED:
            return
        if any(_path(one).startswith(roots) for one in arguments[: 2 if event in _TWO else 1]):
            raise PermissionError("This half of the rehearsal may not look into the other's home.")

    sys.addaudithook(watch)


def _path(argument: object) -> str:
    """Where an argument of an event points to; nothing for a descriptor."""
    if not isinstance(argument, str | bytes | os.PathLike):
        return ""
    return os.path.realpath(os.fsdecode(argument).removeprefix("file:")) + os.sep
