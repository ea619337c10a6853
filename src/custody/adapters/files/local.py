"""Files on a local disk. Unfinished work carries the suffix `.part`: the next writer of the name replaces it, `sweep` removes what nobody took up."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from custody.adapters.files.aside import PREFIX, sweep_aside
from custody.base.errors import Malformed, Missing

PART: Final = ".part"
ASIDE: Final = "tmp"
"""Where a home keeps what it needs for as long as an act takes."""
_ROOTS: Final = "NO-BACKUP"
"""What a folder of root files has in it."""
_WAITING: Final = ("intake/*",)
"""What in it waits for a person together: files to be sealed."""
_KEPT: Final = ("intake", PREFIX)
"""What in it is not swept file by file: it waits for a person, or is held by a lock."""


class LocalFiles:
    """See `ports.files.Files`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, name: str) -> Path:
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts:
            raise Malformed("files.outside", "A file name must stay inside its folder.")
        return self._root / pure

    def read(self, name: str) -> bytes:
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError as error:
            raise _missing(name) from error

    def open(self, name: str) -> BinaryIO:
        try:
            return self.path(name).open("rb")
        except FileNotFoundError as error:
            raise _missing(name) from error

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        path = self.path(name)
        if not path.is_file():
            raise _missing(name)
        yield path

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        with self._open(name, 0o600 if secret else 0o644) as target:
            target.write(data)

    @contextmanager
    def writer(self, name: str) -> Iterator[BinaryIO]:
        with self._open(name, 0o644) as target:
            yield target

    def list(self, prefix: str = "") -> Sequence[str]:
        top = self.path(prefix) if prefix else self._root
        found = (path for path in top.rglob("*") if path.is_file() and path.suffix != PART)
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def remove(self, name: str) -> None:
        path = self.path(name)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def sweep(self, age: timedelta) -> int:
        left = self._root / ASIDE
        stale = (swept(one, "", age) for one in left.glob("*") if not one.name.startswith(_KEPT))
        waiting = (_swept_whole(one, age) for folders in _WAITING for one in left.glob(folders))
        return swept(self._root, PART, age) + sweep_aside(left) + sum(stale) + sum(waiting)

    @contextmanager
    def _open(self, name: str, mode: int) -> Iterator[BinaryIO]:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + PART)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        try:
            with os.fdopen(descriptor, "wb") as target:
                yield target
                target.flush()
                os.fsync(target.fileno())
        except Exception:
            part.unlink(missing_ok=True)  # no place for backups is swept
            raise
        part.replace(path)
        sync_folder(path.parent)


def _missing(name: str) -> Missing:
    return Missing("files.missing", f"There is no {PurePosixPath(name).name} here.")


def swept(top: Path, suffix: str, age: timedelta) -> int:
    """Remove files below `top` with this ending, or `top` itself where it is a file, that nobody touched for longer than `age`, by this host's own time."""
    before, gone = time.time() - age.total_seconds(), 0
    for path in chain([top], top.rglob(f"*{suffix}")):
        if (path.parent / _ROOTS).exists():  # what is left of a root goes with it, overwritten
            continue
        with suppress(FileNotFoundError):  # its writer is alive, and has just put it in place
            if path.is_file() and path.stat().st_mtime <= before:
                path.unlink()
                gone += 1
    return gone


def _swept_whole(folder: Path, age: timedelta) -> int:
    """Remove a folder with all that is in it once nobody touched any of it for longer than `age`; how many files."""
    held = [one for one in folder.rglob("*") if one.is_file()]
    if max(one.stat().st_mtime for one in (folder, *held)) > time.time() - age.total_seconds():
        return 0
    shutil.rmtree(folder, ignore_errors=True)
    return len(held)


def sync_folder(folder: Path) -> None:
    """Make a rename or removal in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
