"""Files of one home or hand-over folder, by relative path; a crash leaves the old or the new content, never half."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol


class Papers(Protocol):
    """Whole texts by name, wherever they lie."""

    def read(self, name: str) -> bytes:
        """The whole content. Raises Missing `files.missing`."""
        ...

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        """Replace `name` as a whole."""
        ...

    def list(self, prefix: str = "") -> Sequence[str]:
        """Names below `prefix`, sorted."""
        ...


class Files(Protocol):
    """A folder. Every write is durable when the call returns: content synced, renamed into place, folder synced."""

    def path(self, name: str) -> Path:
        """Where `name` lies on this host (for readers that need a real path). Raises Malformed if it points outside."""
        ...

    def read(self, name: str) -> bytes:
        """The whole content. Raises Missing `files.missing`."""
        ...

    def open(self, name: str) -> BinaryIO:
        """For reading, from anywhere in it. Raises Missing `files.missing`."""
        ...

    def local(self, name: str) -> AbstractContextManager[Path]:
        """A path on this host that holds the content while the block lasts. Raises Missing `files.missing`."""
        ...

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        """Replace `name` as a whole; `secret` keeps it readable by its owner alone."""
        ...

    def writer(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file that appears under `name` only when the block ends without an exception.

        Where names are published once, one that is there already raises Unavailable `files.exists`: remove it first.
        """
        ...

    def list(self, prefix: str = "") -> Sequence[str]:
        """Names below `prefix`, sorted; unfinished files are not among them."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file or a folder with all in it; nothing to remove is no fault."""
        ...

    def sweep(self, age: timedelta) -> int:
        """Remove what writers that are no more left unfinished, untouched for longer than `age`; returns how much it was."""
        ...
