"""A home whose segments lie elsewhere: `vaults/*/segments/` in a bucket, everything else on the home's own disk."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from custody.ports.files import Files

_SEGMENTS: Final = re.compile(r"vaults/[^/]+/segments(/.*)?")


class RoutedFiles:
    """See `ports.files.Files`."""

    def __init__(self, home: Files, segments: Files, may_write: Callable[[], None] = lambda: None) -> None:
        """`may_write` raises when segments may not be written where they would lie (spec/residency.md)."""
        self._home, self._segments, self._may_write = home, segments, may_write

    def path(self, name: str) -> Path:
        return self._of(name).path(name)

    def read(self, name: str) -> bytes:
        return self._of(name).read(name)

    def open(self, name: str) -> BinaryIO:
        return self._of(name).open(name)

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        with self._of(name).local(name) as path:
            yield path

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        self._to(name).write(name, data, secret=secret)

    def writer(self, name: str) -> AbstractContextManager[BinaryIO]:
        return self._to(name).writer(name)

    def list(self, prefix: str = "") -> Sequence[str]:
        if _SEGMENTS.fullmatch(prefix):
            return self._segments.list(prefix)
        own = self._home.list(prefix)
        return own if prefix and not prefix.startswith("vaults") else sorted({*own, *self._segments.list(prefix)})

    def remove(self, name: str) -> None:
        self._of(name).remove(name)

    def sweep(self, age: timedelta) -> int:
        return self._home.sweep(age) + self._segments.sweep(age)

    def _to(self, name: str) -> Files:
        files = self._of(name)
        if files is self._segments:
            self._may_write()
        return files

    def _of(self, name: str) -> Files:
        return self._segments if _SEGMENTS.fullmatch(name) else self._home
