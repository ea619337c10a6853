"""Recovery sheets between being made and being shown: in the memory of this one process, for an hour, and nowhere else (A4, C9).

Enough of them are a vault's key. On the disk they would outlive every later change of the root in whatever copies the disk meanwhile, and where
roots lie in hardware or with a service they would be the one thing of the home that opens it. A process that ends loses them: new ones are printed.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from custody.base.errors import Missing

SECONDS: Final = 60 * 60


@dataclass(slots=True)
class Sheets:
    """Those of one hand-over, by name (see `ports.files.Papers`)."""

    made: float
    _kept: dict[str, bytearray] = field(default_factory=dict, repr=False)

    def read(self, name: str) -> bytes:
        if name not in self._kept:
            raise Missing("files.missing", "There is no such file.", where={"file": name})
        return bytes(self._kept[name])

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:  # noqa: ARG002 - all of them are
        self._kept[name] = bytearray(data)
        self.made = time.monotonic()

    def list(self, prefix: str = "") -> Sequence[str]:
        return sorted(name for name in self._kept if name.startswith(prefix))

    def wipe(self) -> None:
        """Overwrite them, as far as a process can."""
        for data in self._kept.values():
            data[:] = bytes(len(data))
        self._kept.clear()


@dataclass(slots=True)
class Unseen:
    """Those of every hand-over, by its deal."""

    _held: dict[str, Sheets] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, matter: str) -> Sheets:
        """Where those of this deal are put."""
        with self._lock:
            self._sweep()
            return self._held.setdefault(matter, Sheets(time.monotonic()))

    def waits(self, matter: str) -> bool:
        """Whether some are here that nobody has seen."""
        with self._lock:
            self._sweep()
            return matter in self._held and bool(self._held[matter].list())

    def taken(self, matter: str) -> list[tuple[str, str]]:
        """(name, text) of each, once: from here they are on paper alone."""
        with self._lock:
            self._sweep()
            found = self._held.pop(matter, None)
        if found is None:
            return []
        told = [(name, found.read(name).decode()) for name in found.list()]
        found.wipe()
        return told

    def _sweep(self) -> None:
        for matter in [one for one, held in self._held.items() if time.monotonic() - held.made >= SECONDS]:
            self._held.pop(matter).wipe()
