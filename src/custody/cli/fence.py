"""A fence around one half of a rehearsal: this process may open files below its own folders and nowhere in the other's.

The fence is an audit hook, so every open, rename, removal and database connection of the interpreter passes through
it and it cannot be taken down again. Where the kernel has Landlock, a test proves the same from outside.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_WATCHED: Final = frozenset(
    ("open", "os.rename", "os.remove", "os.listdir", "os.scandir", "os.mkdir", "sqlite3.connect")
)


def raise_fence(forbidden: Sequence[Path]) -> None:
    """Refuse from now on every path inside the `forbidden` folders."""
    roots = tuple(os.path.realpath(folder) + os.sep for folder in forbidden)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _WATCHED or not arguments:
            return
        target = arguments[0]
        if isinstance(target, bytes):
            target = os.fsdecode(target)
        if isinstance(target, str | os.PathLike):
            text = os.fspath(target)
            if isinstance(text, str) and (os.path.realpath(text.removeprefix("file:")) + os.sep).startswith(roots):
                raise PermissionError("This half of the rehearsal may not look into the other's home.")

    sys.addaudithook(watch)
